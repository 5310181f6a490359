"""What the shipped model understands, measured through the engine."""

from pathlib import Path

from engine.encoder import Encoder
from engine.evaluation import Setting, evaluate


def test_it_fits_into_the_project(project: Path) -> None:
    files = [path for path in (project / "models/default").iterdir() if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 40 * 2**20
    assert {"model.json", "vision.onnx", "text.onnx", "tokenizer.json", "MODEL_CARD.md"} <= {
        path.name for path in files
    }


def test_it_finds_sample_pictures_by_their_captions(encoder: Encoder, sample_folder: Path) -> None:
    found = evaluate(sample_folder, {"default": encoder}, Setting(known_captions=0))
    means = found.runs[0].scores.means
    assert means["hit@1"] > 0.8
    assert means["hit@10"] > 0.97
    assert found.differences["keywords"]["hit@1"].high < 0
