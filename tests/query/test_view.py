from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine import Query, SearchEngine
from engine.encoder import Encoder
from engine.index import IndexMirror
from engine.library import Library, compact
from engine.library.health import compaction
from engine.query import LibraryView


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


def test_a_store_that_is_replaced_while_changes_are_taken_in_is_found(
    encoder: Encoder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Compacted twice: the store that the reader has just read of is gone when it opens it."""
    monkeypatch.setattr(compaction, "LEAST", 1)
    draw(tmp_path / "photos", "red", "green", "blue", "yellow")
    with SearchEngine.with_encoder(encoder, tmp_path / "library") as engine:
        engine.index([tmp_path / "photos"])
        library = Library(tmp_path / "library", encoder.manifest)
        view = LibraryView(library, IndexMirror(tmp_path / "index", encoder.dim))
        view.refresh()
        other, follow, names = Library(library.folder), library.follow, list[str]()
        remove_and_compact(other, 2)

        def follow_late(name: str) -> None:
            names.append(name)
            if len(names) == 1:
                remove_and_compact(other, 1)
            follow(name)

        monkeypatch.setattr(library, "follow", follow_late)
        view.refresh()
        assert names == ["vectors-2", "vectors-3"]
        ids, vectors = view.vectors(view.ids())
        assert ids.tolist() == [3, 4]
        assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-2)
        assert not list((library.folder / "vectors").glob("vectors-2.*"))


def remove_and_compact(library: Library, image_id: int) -> None:
    library.catalogue.apply(removed=[image_id])
    done = compact(library)
    assert done is not None
    assert done.note == ""
