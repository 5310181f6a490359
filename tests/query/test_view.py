from pathlib import Path

import numpy as np
from PIL import Image

from engine import Query, SearchEngine
from engine.encoder import Encoder


def draw(folder: Path, *colours: str) -> None:
    folder.mkdir(exist_ok=True)
    for colour in colours:
        Image.new("RGB", (64, 48), colour).save(folder / f"{colour}.png")


def test_changes_of_another_engine_are_seen(encoder: Encoder, tmp_path: Path) -> None:
    photos, library = tmp_path / "photos", tmp_path / "library"
    draw(photos, "red", "green")
    with (
        SearchEngine.with_encoder(encoder, library) as writer,
        SearchEngine.with_encoder(encoder, library) as reader,
    ):
        assert reader.search("red").total == 0
        writer.index([photos])
        assert reader.search("red").total == 2
        (photos / "red.png").unlink()
        draw(photos, "blue", "yellow")
        writer.index([photos])
        found = {Path(hit.path).name for hit in reader.search("red").results}
        assert found == {"green.png", "blue.png", "yellow.png"}


def test_a_changed_image_is_found_by_its_new_look(encoder: Encoder, tmp_path: Path) -> None:
    photos = tmp_path / "photos"
    draw(photos, "red", "green", "blue")
    with SearchEngine.with_encoder(encoder, tmp_path / "library", backend="hnsw") as engine:
        engine.index([photos])
        before = engine.search(Query.image(photos / "red.png"), limit=1).results[0].id
        noise = np.random.default_rng(0).integers(0, 255, (60, 60, 3), dtype=np.uint8)
        Image.fromarray(noise).save(photos / "red.png")
        assert engine.index([photos]).updated == 1
        (hit,) = engine.search(Query.image(photos / "red.png"), limit=1).results
        assert (hit.id, hit.similarity > 0.99) == (before, True)
