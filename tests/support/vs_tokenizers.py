"""Tiny tokenizers of every kind, built on the spot and saved as transformers saves them."""

import json
from io import BytesIO
from pathlib import Path
from typing import Any

CORPUS = (
    "a red dress on the grass",
    "two dogs and a cat on a wooden table beside the window",
    "the sea at night with a white boat and blue lights",
    "crème brûlée with berries in a small bowl",
    "very long black shoes without laces on a green field",
    "一张红色裙子的照片 和 两只狗",
    "un chien et un chat sur la table",
)
WORDS = sorted({word for line in CORPUS for word in line.split()})
LETTERS = sorted({letter for line in CORPUS for letter in line if letter != " "})


def save_clip_tokenizer(folder: Path, context: int) -> Any:
    """CLIP's byte pairs; texts end with the token that also pads."""
    from transformers import CLIPTokenizerFast
    from transformers.models.clip.tokenization_clip import bytes_to_unicode

    letters = list(bytes_to_unicode().values())
    pairs = _pairs([word for word in WORDS if word.isascii()], end="</w>")
    pieces = [*letters, *(f"{letter}</w>" for letter in letters), *("".join(p) for p in pairs)]
    pieces += ["<|startoftext|>", "<|endoftext|>"]
    vocabulary = {piece: number for number, piece in enumerate(dict.fromkeys(pieces))}
    (folder / "vocab.json").write_text(json.dumps(vocabulary), encoding="utf-8")
    merges = ["#version: 0.2", *(" ".join(pair) for pair in pairs)]
    (folder / "merges.txt").write_text("\n".join(merges) + "\n", encoding="utf-8")
    return _saved(
        CLIPTokenizerFast(
            str(folder / "vocab.json"), str(folder / "merges.txt"), model_max_length=context
        ),
        folder,
    )


def save_bert_tokenizer(folder: Path, context: int) -> Any:
    """Word pieces, lower-cased; Chinese by the character."""
    from transformers import BertTokenizerFast

    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    words = [word for word in WORDS if word.isascii()]
    pieces = [*special, *LETTERS, *(f"##{letter}" for letter in LETTERS), *words]
    file = folder / "vocab.txt"
    file.write_text("\n".join(dict.fromkeys(pieces)) + "\n", encoding="utf-8")
    return _saved(BertTokenizerFast(str(file), model_max_length=context), folder)


def save_siglip_tokenizer(folder: Path, context: int) -> Any:
    """A sentencepiece model with T5's special ids; there is no fast tokenizer of this kind."""
    from transformers import SiglipTokenizer

    _train_sentencepiece(folder / "spiece.model", pad_id=0, eos_id=1, unk_id=2, bos_id=-1)
    tokenizer = SiglipTokenizer(
        str(folder / "spiece.model"), model_max_length=context, model_input_names=["input_ids"]
    )
    return _saved(tokenizer, folder)


def save_xlm_roberta_tokenizer(folder: Path, context: int) -> Any:
    """Unigrams with XLM-RoBERTa's special ids."""
    from transformers import XLMRobertaTokenizerFast

    _train_sentencepiece(folder / "sentencepiece.bpe.model", unk_id=0, bos_id=1, eos_id=2)
    file = str(folder / "sentencepiece.bpe.model")
    return _saved(XLMRobertaTokenizerFast(file, model_max_length=context), folder)


def save_gemma_tokenizer(folder: Path) -> Any:
    """Gemma's byte pairs as SigLIP 2 uses them: lower-cased, closed by the last token."""
    from tokenizers import Tokenizer, decoders, models, normalizers
    from transformers import GemmaTokenizerFast

    special = ["<pad>", "<eos>", "<bos>", "<unk>"]
    pairs = _pairs([f"▁{word}" for word in WORDS])
    bytes_ = [f"<0x{value:02X}>" for value in range(256)]
    pieces = [*special, *bytes_, *LETTERS, "▁", *("".join(pair) for pair in pairs)]
    vocabulary = {piece: number for number, piece in enumerate(dict.fromkeys(pieces))}
    model = models.BPE(vocabulary, pairs, unk_token="<unk>", byte_fallback=True, fuse_unk=True)
    tokenizer = Tokenizer(model)
    tokenizer.add_special_tokens(special)
    tokenizer.normalizer = normalizers.Replace(" ", "▁")
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()]
    )
    fast = GemmaTokenizerFast(
        tokenizer_object=tokenizer,
        add_bos_token=False,
        add_eos_token=True,
        do_lower_case=True,
        padding_side="right",
        model_input_names=["input_ids"],
    )
    return _saved(fast, folder)


def _saved(tokenizer: Any, folder: Path) -> Any:
    tokenizer.save_pretrained(folder)
    return tokenizer


def _pairs(words: list[str], end: str = "") -> list[tuple[str, str]]:
    """Merges that put each word together from the left."""
    pairs: dict[tuple[str, str], None] = {}
    for word in words:
        letters = list(word)
        letters[-1] += end
        left = letters[0]
        for letter in letters[1:]:
            pairs[(left, letter)] = None
            left += letter
    return list(pairs)


def _train_sentencepiece(file: Path, **ids: int) -> None:
    import sentencepiece

    model = BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(CORPUS * 20),
        model_writer=model,
        vocab_size=150,
        hard_vocab_limit=False,
        minloglevel=2,
        **ids,
    )
    file.write_bytes(model.getvalue())
