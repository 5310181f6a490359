"""Bare tokenizers give the ids of the framework's own, for each kind of its files."""

import json

import pytest
from tokenizers import Tokenizer

from export.errors import ExportError

SENTENCES = [
    "a red dress on the grass",
    "",
    "  two   dogs\tand a cat\n",
    "UPPER Case, with: punctuation! (and more) don't",
    "crème brûlée 🍮🍮 ½ ﬁ \uff26\uff55\uff4c\uff4c\u3000\uff57",
    "...",
    "a - b -- c",
    "一张红色裙子的照片",
    "very long " * 40,
    "unknown ☃ and zero\u200bwidth",
    "under_score [mask] <tag> tail",
    "▁ low block",
]


@pytest.fixture(params=["spiece", "byte pairs", "word pieces", "unigrams"])
def folder(request, torch, tmp_path):
    """A tokenizer's files; where it can be, without tokenizer.json."""
    import vs_tokenizers

    save = {
        "spiece": vs_tokenizers.save_siglip_tokenizer,
        "byte pairs": vs_tokenizers.save_clip_tokenizer,
        "word pieces": vs_tokenizers.save_bert_tokenizer,
        "unigrams": vs_tokenizers.save_xlm_roberta_tokenizer,
    }[request.param]
    save(tmp_path, 32)
    (tmp_path / "tokenizer.json").unlink(missing_ok=True)
    return tmp_path


def test_the_ids_are_those_of_the_framework(folder):
    from export.checkpoints.checkpoint import Checkpoint
    from export.checkpoints.loading import load_tokenizer
    from export.rules import bare_tokenizer
    from export.sources.tokenizer import describe_tokenizer

    files = {path.name: path for path in folder.iterdir()}
    checkpoint = Checkpoint(folder, "tiny", "none", files)
    framework = load_tokenizer(checkpoint)
    described, _ = describe_tokenizer(checkpoint, framework)
    ours = Tokenizer.from_str(bare_tokenizer(described))
    for text in SENTENCES:
        assert ours.encode(text).ids == framework(text).input_ids, text


def test_a_tokenizer_that_only_exists_in_python_is_refused(torch, tmp_path):
    from transformers import CanineTokenizer

    from export.checkpoints.checkpoint import Checkpoint
    from export.sources.tokenizer import describe_tokenizer

    config = tmp_path / "tokenizer_config.json"
    config.write_text(json.dumps({}))
    checkpoint = Checkpoint(tmp_path, "tiny", "none", {config.name: config})
    with pytest.raises(ExportError, match="'tokenizer_class' is 'CanineTokenizer'"):
        describe_tokenizer(checkpoint, CanineTokenizer())
