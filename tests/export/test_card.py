import pytest

from export.card import write_card

ROW = {
    "kept_float": 0,
    "megabytes": 10.0,
    "ms_one": 2.0,
    "ms_batch": 1.0,
    "peak_megabytes": 90.0,
    "cosine_mean": 0.9991,
    "cosine_worst": 0.99,
    "overlap": 0.95,
    "hit@10": 0.61,
    "within_bounds": True,
    "chosen": False,
}


@pytest.fixture
def manifest():
    return {
        "name": "tiny",
        "source": "org/tiny",
        "revision": "abc",
        "license": {"code": "MIT", "weights": "see source"},
        "dim": 8,
        "vision": {"file": "vision.onnx", "precision": "int8-dynamic"},
        "text": {"file": "text.onnx", "precision": "fp32"},
        "pixels": {"width": 8, "height": 9, "resize": "squash", "interpolation": "bicubic"},
        "tokens": {
            "context_length": 64,
            "padding": "max_length",
            "lowercase": True,
            "prompt": "a photo of {}",
        },
        "measured": {
            "machine": "a CPU, 4 cores",
            "device": "cpu",
            "versions": {"onnx": "1.0"},
            "command": "python -m export tiny --out models/tiny",
            "date": "2026-01-02",
            "calibration": {"name": "20 drawn pictures", "pictures": 20, "texts": 1500},
            "bounds": {"points": 1.0, "overlap": 0.9},
            "parity": {"tensors": {"vision": 1e-6, "text": 2e-6}, "processors": None},
            "precisions": [
                {"tower": "vision", "precision": "fp32", **ROW, "within_bounds": False},
                {"tower": "vision", "precision": "int8-dynamic", **ROW, "chosen": True}
                | {"kept_float": 2},
                {"tower": "text", "precision": "fp32", **ROW},
            ],
            "loss": {
                "text_overlap": 0.91,
                "image_overlap": 0.92,
                "fp32": {"hit@10": 0.62},
                "chosen": {"hit@10": 0.61},
                "broken": [],
            },
        },
    }


@pytest.fixture
def card(tmp_path, manifest):
    """The card of a folder with two towers of 2 and 1 MB."""
    (tmp_path / "vision.onnx").write_bytes(b"1" * 2_000_000)
    (tmp_path / "text.onnx").write_bytes(b"1" * 1_000_000)

    def write(readme=""):
        write_card(tmp_path, manifest, readme)
        return (tmp_path / "MODEL_CARD.md").read_text(encoding="utf-8")

    return write


def test_the_figures_of_the_manifest_are_in_the_card(card):
    text = card()
    assert text.startswith("# tiny\n")
    for said in (
        "| licence of the weights | see source |",
        "| pictures | 8 x 9, squashed to it, bicubic |",
        "| texts | always padded to 64 tokens, lower-cased, as `a photo of {}` |",
        "| `vision.onnx` | int8-dynamic, 2.0 MB |",
        "| taken | int8-dynamic, 2 layers in float | 10.0 | 2.00 | 1.00 | 90 | 0.99910 | 0.99000 |",
        "20 pictures and 1,500 texts of: 20 drawn pictures",
        "| hit@10 | 0.6200 | 0.6100 | -1.00 |",
        "| equal tensors | 1.0e-06 | 2.0e-06 |",
        "python -m export tiny --out models/tiny",
    ):
        assert said in text
    assert "insisted on" not in text


def test_windows_are_explained_with_the_figures_of_the_taken_precision(card, manifest):
    assert "window" not in card()
    manifest["windows"] = {"rows": 3, "columns": 4}
    for row, worst in zip(manifest["measured"]["precisions"][:2], (1.0, 0.98), strict=True):
        row |= {"window_cosine_mean": 0.9981, "window_cosine_worst": worst}
    text = card()
    assert "## Windows of a picture\n" in text
    assert "vectors of 3 x 4 windows" in text
    assert "cosine of 0.99810 on average, and of 0.98000 at worst" in text


def test_bounds_that_were_broken_are_said(card, manifest):
    manifest["measured"]["loss"]["broken"] = ["hit@10 falls by 3.00 points, 1 are allowed"]
    assert "**Beyond the bounds, and insisted on**: hit@10 falls by 3.00 points" in card()


def test_a_source_without_framework_or_owners_has_fewer_tables(card, manifest):
    measured = manifest["measured"]
    measured["parity"] = {"tensors": {}, "processors": None}
    measured["loss"] |= {"fp32": {}, "chosen": {}}
    for row in measured["precisions"]:
        del row["hit@10"]
    text = card()
    assert "no framework to compare with" in text
    assert "hit@10 |" not in text


def test_the_source_card_comes_last_with_lower_headings(card):
    text = card("# A model\n\n```sh\n# a comment\n```\n\n## Uses\n")
    assert text.index("## The source's own card") < text.index("### A model")
    assert "\n# a comment\n" in text
    assert "\n#### Uses\n" in text
