"""CLIP ViT-B/32 as it is: the real configuration and tokenizer, with random weights."""

import shutil
from pathlib import Path

import pytest

from engine import Query, SearchEngine
from engine.sample import write_sample_library

TOKENIZER = Path(__file__).resolve().parents[3] / "shared" / "clip_tokenizer"
FILES = ("preprocessor_config.json", "tokenizer.json", "tokenizer_config.json")


@pytest.mark.slow
@pytest.mark.skipif(not TOKENIZER.is_dir(), reason="needs ../shared/clip_tokenizer")
def test_clip_vit_b_32_is_exported_and_searched_with(torch, tmp_path):
    from transformers import CLIPConfig, CLIPModel

    from export.convert import Options, convert

    source = tmp_path / "clip-vit-base-patch32"
    torch.manual_seed(0)
    CLIPModel(CLIPConfig()).save_pretrained(source)
    for name in FILES:
        shutil.copy(TOKENIZER / name, source / name)
    # Whether vectors of random weights are within the bounds says nothing: it is insisted on.
    choice = convert(str(source), tmp_path / "clip", Options("int8-dynamic", force=True, drawn=20))
    assert choice.loss.vision.mean > 0.99
    assert choice.loss.text.mean > 0.99
    write_sample_library(tmp_path / "pictures", 40)
    with SearchEngine.open(tmp_path / "library", tmp_path / "clip") as engine:
        manifest = engine.encoder.manifest
        assert (manifest.dim, manifest.tokens.context_length) == (512, 77)
        assert (manifest.pixels.resize, manifest.pixels.crop_rounding) == ("crop", "down")
        assert engine.encoder.patch_grid == (7, 7)
        for kind in ("tensors", "processors"):
            assert max(manifest.measured["parity"][kind].values()) <= 1e-4
        assert engine.index([tmp_path / "pictures"]).added == 40
        example = engine.latest(1)[0].path
        assert engine.search(Query.image(example)).results[0].path == example
        assert len(engine.search("two dogs playing in the snow", limit=10).results) == 10
    megabytes = sum(file.stat().st_size for file in (tmp_path / "clip").iterdir()) / 1e6
    assert megabytes < 170  # 605 in float32
