"""What the shipped model understands, measured through the engine."""

from pathlib import Path

import pytest

from engine.encoder import Encoder
from engine.evaluation import hit_rates, read_captions


def rates(encoder: Encoder, folder: Path, split: str | None, per_image: int) -> dict[int, float]:
    data = read_captions(folder, split, per_image)
    images, texts = encoder.encode_images(data.files), encoder.encode_texts(data.captions)
    return hit_rates(texts @ images.T, data.own)


def test_it_fits_into_the_project(project: Path) -> None:
    files = [path for path in (project / "models/default").iterdir() if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 40 * 2**20
    assert {"model.json", "vision.onnx", "text.onnx", "tokenizer.json", "MODEL_CARD.md"} <= {
        path.name for path in files
    }


def test_it_finds_sample_pictures_by_their_captions(encoder: Encoder, sample_folder: Path) -> None:
    found = rates(encoder, sample_folder, None, 1)
    assert found[1] > 0.6
    assert found[10] > 0.95


def test_it_finds_photos_by_one_caption_each(encoder: Encoder, shared_data: Path) -> None:
    assert rates(encoder, shared_data / "flickr8k", "dev", 1)[10] >= 0.52


@pytest.mark.slow
def test_it_finds_photos_by_all_their_captions(encoder: Encoder, shared_data: Path) -> None:
    assert rates(encoder, shared_data / "flickr8k", "dev", 5)[10] >= 0.52
