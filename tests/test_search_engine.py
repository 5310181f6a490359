import shutil
import threading
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from vs_tiny import tiny_model

from engine import LibraryError, Query, SearchEngine, library_folder, model_folder, model_folders
from engine.encoder import Encoder


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    for number, colour in enumerate(["red", "green", "blue", "orange", "white"]):
        Image.new("RGB", (80, 60 + number), colour).save(folder / f"{colour}.jpg")
    return folder


def test_the_api_of_the_design(photos: Path, tmp_path: Path, project: Path) -> None:
    engine = SearchEngine.open(tmp_path / "library", model=project / "models/default")
    engine.index([str(photos)])
    query = Query.text("red").and_image(photos / "red.jpg", weight=0.5).without("blue")
    page = engine.search(query, limit=20)
    assert page.verdict in {"strong", "weak", "none"}
    assert page.took_ms > 0
    assert page.results[0].path == str(photos / "red.jpg")
    assert {hit.path for hit in page.results} == {str(p) for p in photos.iterdir()}
    engine.close()


def test_an_empty_library_answers_with_an_empty_page(encoder: Encoder, tmp_path: Path) -> None:
    with SearchEngine.with_encoder(encoder, tmp_path) as engine:
        page = engine.search("anything")
        assert (page.results, page.verdict, page.total) == ((), "none", 0)
        assert engine.search(Query.image(Image.new("RGB", (9, 9)))).results == ()


def test_marks_are_there_again_tomorrow(encoder: Encoder, photos: Path, tmp_path: Path) -> None:
    query = Query.text("a colour")
    with SearchEngine.with_encoder(encoder, tmp_path / "library") as engine:
        engine.index([photos])
        first, second, *_ = engine.search(query).results
        engine.mark(query, first.id, -1)
        engine.mark(query, second.id, 1)
    with SearchEngine.with_encoder(encoder, tmp_path / "library") as engine:
        assert engine.marks(query) == {first.id: -1, second.id: 1}
        page = engine.search("A  colour")
        assert page.hidden == 1
        assert first.id not in {hit.id for hit in page.results}
        assert [hit.id for hit in page.results if hit.mark == 1] == [second.id]
        assert engine.search("another question").hidden == 0
        assert engine.search(query, use_marks=False).results[0].id == first.id
        engine.mark(query, second.id, 0)
        assert engine.marks(query) == {first.id: -1}
        engine.clear_marks(query)
        assert engine.search(query).results[0].id == first.id


def test_marks_of_removed_images_go_with_them(
    encoder: Encoder, photos: Path, tmp_path: Path
) -> None:
    with SearchEngine.with_encoder(encoder, tmp_path / "library") as engine:
        engine.index([photos])
        query = Query.text("red")
        hit = engine.search(query).results[0]
        engine.mark(query, hit.id, -1)
        Path(hit.path).unlink()
        engine.index()
        assert engine.marks(query) == {}


def test_a_mark_must_be_a_thumb(sample_engine: SearchEngine) -> None:
    with pytest.raises(ValueError, match="mark 5"):
        sample_engine.mark(Query.text("red"), 1, 5)


def test_a_mark_for_an_unknown_image_says_so(encoder: Encoder, tmp_path: Path) -> None:
    with (
        SearchEngine.with_encoder(encoder, tmp_path) as engine,
        pytest.raises(LibraryError, match="image 77 is not in the library"),
    ):
        engine.mark(Query.text("red"), 77, 1)


def test_index_without_folders_refreshes_those_known(
    encoder: Encoder, photos: Path, tmp_path: Path
) -> None:
    with SearchEngine.with_encoder(encoder, tmp_path / "library") as engine:
        engine.index([photos])
        Image.new("RGB", (50, 50), "purple").save(photos / "purple.png")
        report = engine.index()
        assert (report.added, report.unchanged) == (1, 5)


def test_a_deleted_thumbnail_is_made_again(encoder: Encoder, photos: Path, tmp_path: Path) -> None:
    with SearchEngine.with_encoder(encoder, tmp_path / "library") as engine:
        engine.index([photos])
        hit = engine.search("red").results[0]
        path = engine.thumbnail(hit.digest, hit.path)
        assert path is not None
        path.unlink()
        assert engine.thumbnail(hit.digest, hit.path) == path
        with Image.open(path) as picture:
            assert picture.format == "JPEG"
        path.unlink()
        Path(hit.path).unlink()
        assert engine.thumbnail(hit.digest, hit.path) is None


def test_info_tells_what_is_there(sample_engine: SearchEngine, sample_folder: Path) -> None:
    info = sample_engine.info()
    assert (info.images, info.folders, info.skipped) == (300, (str(sample_folder),), ())
    assert info.index_backend == "flat"
    assert info.provider.endswith("ExecutionProvider")
    assert sample_engine.disk_bytes() > 300 * info.dim * 2


@pytest.mark.parametrize(
    ("changes", "options"),
    [
        ({"text_inputs": ("input_ids",)}, {}),
        ({"text_inputs": ("input_ids", "token_type_ids", "attention_mask")}, {}),
        ({"batch": 2, "patches": True}, {}),
        ({"external": True}, {"pixels": {"resize": "crop", "edge": 10, "crop_rounding": "down"}}),
    ],
    ids=str,
)
def test_models_of_every_kind_index_and_search(
    changes: dict[str, Any], options: dict[str, Any], photos: Path, tmp_path: Path
) -> None:
    model = tiny_model(tmp_path / "model", **changes, **options)
    with SearchEngine.open(tmp_path / "library", model, device="cpu") as engine:
        assert engine.index([photos]).added == 5
        (hit,) = engine.search(Query.image(photos / "red.jpg"), limit=1).results
        assert hit.similarity == pytest.approx(1, abs=1e-3)
        assert len(engine.search("a red dog").results) == 5


def test_the_latest_images_come_first(encoder: Encoder, photos: Path, tmp_path: Path) -> None:
    with SearchEngine.with_encoder(encoder, tmp_path / "library") as engine:
        assert engine.latest() == []
        engine.index([photos])
        Image.new("RGB", (50, 50), "purple").save(photos / "a purple one.png")
        engine.index()
        latest = engine.latest(3)
    assert len(latest) == 3
    assert latest[0].path.endswith("a purple one.png")
    assert [record.id for record in latest] == sorted((r.id for r in latest), reverse=True)


def test_many_threads_search_while_one_indexes(
    encoder: Encoder, photos: Path, tmp_path: Path
) -> None:
    failures: list[BaseException] = []
    stop = threading.Event()
    with SearchEngine.with_encoder(encoder, tmp_path / "library", backend="hnsw") as engine:

        def search() -> None:
            try:
                while not stop.is_set():
                    page = engine.search(Query.text("red").without("blue"))
                    assert len({hit.id for hit in page.results}) == len(page.results)
            except BaseException as error:
                failures.append(error)

        threads = [threading.Thread(target=search) for _ in range(3)]
        for thread in threads:
            thread.start()
        for number in range(3):
            shutil.copytree(photos, photos.parent / "more" / str(number))
            engine.index([photos, photos.parent / "more"])
        stop.set()
        for thread in threads:
            thread.join()
        assert engine.search("red").total == 20
    assert failures == []


def test_where_library_and_model_are_taken_from(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, project: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("VISUAL_SEARCH_LIBRARY", raising=False)
    monkeypatch.delenv("VISUAL_SEARCH_MODEL", raising=False)
    assert library_folder() == tmp_path / "library"
    assert model_folder() == project / "models/default"
    assert model_folder("mine") == tmp_path / "mine"
    monkeypatch.setenv("VISUAL_SEARCH_LIBRARY", "/some/where")
    monkeypatch.setenv("VISUAL_SEARCH_MODEL", "/a/model")
    assert library_folder() == Path("/some/where")
    assert model_folder() == Path("/a/model")
    assert library_folder("given") == tmp_path / "given"


def test_a_thumbnail_is_not_made_from_another_picture(
    encoder: Encoder, photos: Path, tmp_path: Path
) -> None:
    with SearchEngine.with_encoder(encoder, tmp_path / "library") as engine:
        engine.index([photos])
        hit = engine.search("red").results[0]
        shown = engine.thumbnail(hit.digest, hit.path)
        assert shown is not None
        shown.unlink()
        Image.new("RGB", (50, 50), "black").save(hit.path)
        assert engine.thumbnail(hit.digest, hit.path) is None


def test_an_index_of_another_library_is_not_used(
    encoder: Encoder, photos: Path, tmp_path: Path
) -> None:
    """Somebody deletes the database and the vectors, but not the index."""
    library = tmp_path / "library"
    with SearchEngine.with_encoder(encoder, library, backend="hnsw") as engine:
        engine.index([photos])
    for path in [*library.glob("library.db*"), *(library / "vectors").iterdir()]:
        path.unlink()
    (photos / "blue.jpg").unlink()  # the ids of the rest move up
    with SearchEngine.with_encoder(encoder, library, backend="hnsw") as engine:
        engine.index([photos])
        for path in photos.iterdir():
            (hit,) = engine.search(Query.image(path), limit=1).results
            assert (hit.path, hit.similarity > 0.99) == (str(path), True)


def test_models_are_looked_for_beside_the_one_in_use(tmp_path: Path, project: Path) -> None:
    mine = tiny_model(tmp_path / "models" / "mine")
    (tmp_path / "models" / "notes").mkdir()
    found = model_folders(mine)
    assert mine in found
    assert project / "models" / "default" in found
    assert tmp_path / "models" / "notes" not in found
    assert tmp_path / "gone" in model_folders(tmp_path / "gone"), "the one in use, in any case"
