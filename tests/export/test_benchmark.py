"""`python -m benchmarks encode`, on a tiny model."""

import json

import numpy as np
from vs_checkpoints import make_checkpoint


def test_the_engine_is_compared_with_the_usual_way(torch, tmp_path, monkeypatch):
    from benchmarks import encoding
    from export.convert import Options, convert

    monkeypatch.setattr(encoding, "_SECONDS", 0.0)
    source = make_checkpoint("clip", tmp_path / "clip")
    convert(str(source), tmp_path / "fp32", Options("fp32", drawn=20))
    (tmp_path / "files").mkdir()
    report = encoding.measure(source, {"fp32": tmp_path / "fp32"}, tmp_path / "files", threads=2)
    assert len(report.rows) == 8
    for row in report.rows:
        assert set(row.ms) == {"torch", "fp32"}
        assert row.faster("fp32") == row.ms["torch"] / row.ms["fp32"]
    assert min(report.peak_megabytes.values()) > 30
    assert report.peak_megabytes["fp32"] < report.peak_megabytes["torch"]
    assert report.share_of_peak["torch"] > 0
    assert json.loads(report.as_json())["machine"] == report.machine
    markdown = report.as_markdown()
    assert all(f"| {row.work} |" in markdown for row in report.rows)


def test_both_ways_give_the_same_vectors(torch, tmp_path):
    from benchmarks.encoding import _files
    from benchmarks.usual import UsualClip
    from engine.encoder import load
    from export.convert import Options, convert

    source = make_checkpoint("clip", tmp_path / "clip")
    convert(str(source), tmp_path / "fp32", Options("fp32", drawn=20))
    usual, encoder = UsualClip(source, threads=2), load(tmp_path / "fp32", "cpu")
    texts = ["a red bicycle under trees", "a dog"]
    assert np.abs(usual.texts(texts) - encoder.encode_texts(texts)).max() < 1e-4
    assert np.abs(usual.texts(texts, "longest") - encoder.encode_texts(texts)).max() < 1e-4
    files = _files(tmp_path, 2, (100, 80))
    assert np.abs(usual.files(files) - encoder.encode_images(files)).max() < 1e-4


def test_the_random_checkpoint_has_the_shape_of_vit_b_32(torch, tmp_path):
    from transformers import AutoTokenizer, CLIPConfig

    from benchmarks.checkpoint import WORDS, write_random_clip
    from benchmarks.encoding import QUERY

    write_random_clip(tmp_path)
    config = CLIPConfig.from_pretrained(tmp_path)
    assert (config.vision_config.patch_size, config.projection_dim) == (32, 512)
    assert QUERY.split() == list(WORDS)
    ids = AutoTokenizer.from_pretrained(tmp_path)(QUERY)["input_ids"]
    assert len(ids) == 7
    assert len(set(ids)) == 7
