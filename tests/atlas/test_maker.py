"""The map of a library: made once, kept, found again, and brought up to date."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from vs_grouped import add, grouped, remove
from vs_vectors import unit

from engine import Atlas, Progress, SearchEngine
from engine.atlas.maker import AtlasMaker
from engine.encoder import Encoder
from engine.library import Library

DIM = 512
MakeEngine = Callable[[npt.NDArray[np.float32]], SearchEngine]


def same(one: Atlas, other: Atlas) -> bool:
    return one.stamp == other.stamp


def again(engine: SearchEngine) -> SearchEngine:
    """As another process would open it."""
    return SearchEngine.with_encoder(engine.encoder, engine.info().library)


def test_the_sample_has_a_map_with_names(sample_engine: SearchEngine) -> None:
    atlas = sample_engine.make_atlas()
    assert atlas.ids.tolist() == sorted(image.id for image in sample_engine.images())
    assert sum(cluster.size for cluster in atlas.clusters) == len(atlas.ids) == atlas.total
    names = [cluster.name for cluster in atlas.clusters]
    assert all(names)
    assert len(set(names)) == len(names) > 5
    assert not atlas.is_sample


def test_it_is_kept_for_other_processes(engine_of: MakeEngine) -> None:
    engine = engine_of(grouped(5, 20, DIM))
    assert engine.atlas() is None
    made = engine.make_atlas()
    assert engine.atlas() is made
    with again(engine) as other:
        found = other.atlas()
        assert found is not None
        assert same(found, made)
        assert other.atlas() is found


@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_the_smallest_libraries_have_one(engine_of: MakeEngine, count: int) -> None:
    engine = engine_of(unit(count, dim=DIM))
    atlas = engine.make_atlas()
    assert len(atlas.ids) == count
    assert len(atlas.clusters) == min(count, 1)
    assert engine.atlas() is atlas
    with again(engine) as other:
        found = other.atlas()
        assert found is not None
        assert same(found, atlas)


@pytest.mark.parametrize("damage", ["empty", "junk", "cut", "shape", "place", "order", "cluster"])
def test_a_damaged_file_is_made_again(engine_of: MakeEngine, damage: str) -> None:
    engine = engine_of(grouped(3, 10, DIM))
    made = engine.make_atlas()
    file = engine._library.index_folder / "atlas.npz"
    content = file.read_bytes()
    if damage in ("empty", "junk", "cut"):
        file.write_bytes({"empty": b"", "junk": b"PK junk", "cut": content[:-200]}[damage])
    else:
        with np.load(file) as kept:
            parts = dict(kept)
        if damage == "shape":
            parts["places"] = parts["places"][:5]
        elif damage == "place":
            parts["places"] = parts["places"] * np.nan
        elif damage == "order":
            parts["ids"] = parts["ids"][::-1]
        else:
            parts["own"] = parts["own"] + 100
        np.savez(file, **parts)
    with again(engine) as other:
        assert other.atlas() is None
        assert same(other.make_atlas(), made)
        assert other.atlas() is not None


def test_a_map_of_another_library_is_not_taken(engine_of: MakeEngine) -> None:
    one, other = engine_of(grouped(3, 10, DIM)), engine_of(grouped(3, 10, DIM))
    one.make_atlas()
    name = "atlas.npz"
    other._library.index_folder.mkdir(parents=True, exist_ok=True)
    (other._library.index_folder / name).write_bytes(
        (one._library.index_folder / name).read_bytes()
    )
    assert other.atlas() is None


def test_a_disk_that_cannot_be_written_costs_only_time(
    engine_of: MakeEngine, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = engine_of(grouped(3, 10, DIM))
    blocked = engine._library.folder / "file"
    blocked.write_text("no folder")
    monkeypatch.setattr(type(engine._library), "index_folder", blocked / "index")
    made = engine.make_atlas()
    assert "cannot be kept" in caplog.text
    assert engine.atlas() is made


def test_another_process_adds_a_few(engine_of: MakeEngine, encoder: Encoder) -> None:
    vectors = grouped(4, 30, DIM)
    engine = engine_of(vectors)
    made = engine.make_atlas()
    library = Library(engine.info().library, encoder.manifest)
    add(library, vectors[[0, 119]], first=1_000)
    atlas = engine.atlas()
    assert atlas is not None
    assert atlas.ids[:120].tolist() == made.ids.tolist()
    for new, twin in ((120, 0), (121, 119)):
        assert atlas.own[new] == made.own[twin]
        away = np.linalg.norm(made.places - made.places[twin], axis=1)
        assert np.linalg.norm(atlas.places[new] - made.places[twin]) <= np.sort(away)[10]
    add(library, unit(20, dim=DIM), first=2_000)
    assert engine.atlas() is None
    assert len(engine.make_atlas().ids) == 142
    library.close()


def test_another_process_removes_a_few(engine_of: MakeEngine, encoder: Encoder) -> None:
    engine = engine_of(grouped(4, 30, DIM))
    made = engine.make_atlas()
    library = Library(engine.info().library, encoder.manifest)
    remove(library, made.ids[:6].tolist())
    atlas = engine.atlas()
    assert atlas is not None
    assert atlas.ids.tolist() == made.ids[6:].tolist()
    assert sum(cluster.size for cluster in atlas.clusters) == 114
    remove(library, made.ids[6:20].tolist())
    assert engine.atlas() is None
    remove(library, made.ids[20:].tolist())
    assert engine.atlas() is None
    library.close()


def test_an_image_with_another_content_gets_another_place(
    engine_of: MakeEngine, encoder: Encoder
) -> None:
    vectors = grouped(4, 30, DIM)
    engine = engine_of(vectors)
    made = engine.make_atlas()
    library = Library(engine.info().library, encoder.manifest)
    first = int(made.ids[0])
    with library.writing():
        (row,) = library.vectors.append(vectors[[119]]).tolist()
        record = library.catalogue.records_of([first])[first]
        library.catalogue.apply(changed=[changed(record, row)])
    library.close()
    atlas = engine.atlas()
    assert atlas is not None
    assert atlas.own[0] == made.own[119] != made.own[0]


def changed(record: object, row: int) -> dict[str, object]:
    names = ("id", "path", "digest", "size", "mtime_ns", "width", "height")
    return {**{name: getattr(record, name) for name in names}, "vector_row": row}


def test_a_map_that_another_process_made_is_found(engine_of: MakeEngine) -> None:
    engine = engine_of(grouped(4, 30, DIM))
    engine.make_atlas()
    with again(engine) as other:
        library = Library(engine.info().library, engine.encoder.manifest)
        add(library, unit(60, dim=DIM), first=500)
        library.close()
        assert engine.atlas() is None
        made = other.make_atlas()
    found = engine.atlas()
    assert found is not None
    assert same(found, made)


def test_of_a_large_library_a_sample_is_shown(engine_of: MakeEngine) -> None:
    engine = engine_of(grouped(4, 50, DIM))
    maker = AtlasMaker(engine.encoder, engine._library, engine._view)
    atlas = maker.make(most=80)
    assert (len(atlas.ids), atlas.total, atlas.is_sample) == (80, 200, True)
    remove(engine._library, atlas.ids[:2].tolist())
    followed = maker.current()
    assert followed is not None
    assert (len(followed.ids), followed.total) == (78, 198)
    add(engine._library, unit(30, dim=DIM), first=900)
    assert maker.current() is None


def test_whoever_looks_on_can_end_it(engine_of: MakeEngine) -> None:
    engine = engine_of(grouped(4, 30, DIM))
    made = engine.make_atlas()

    def end(progress: Progress) -> None:
        if progress.stage == "Laying the map out":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        engine.make_atlas(end)
    assert engine.atlas() is made


def test_what_lies_within_a_line() -> None:
    places = np.array([[0.1, 0.1], [0.5, 0.5], [0.9, 0.1]], dtype=np.float32)
    ids, own = np.array([3, 5, 9]), np.zeros(3, dtype=np.int64)
    atlas = Atlas.of(ids, places, own, ["all"], 3, 1, 1)
    square = np.array([[0, 0], [0.6, 0], [0.6, 0.6], [0, 0.6]], dtype=np.float32)
    assert atlas.inside(square).tolist() == [3, 5]
    assert atlas.inside(square[:2]).tolist() == []
    bow = np.array([[0, 0], [1, 0], [0, 0.2], [1, 0.2]], dtype=np.float32)
    assert atlas.inside(bow).tolist() == []


def test_the_typical_ones_of_some(engine_of: MakeEngine) -> None:
    engine = engine_of(grouped(4, 30, DIM))
    ids = [image.id for image in engine.images()]
    outlier = ids[-1]
    found = engine.typical([*ids[:30], outlier, 99_999], 8)
    assert len(set(found)) == 8
    assert set(found) <= set(ids[:30])
    assert engine.typical([99_999]) == []
    assert engine.typical([]) == []
    assert list(engine.records([ids[0], 99_999])) == [ids[0]]
