import shutil
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vs_drawing import write, write_many
from vs_powers import files_no_larger_than
from vs_tiny import tiny_model

from engine.encoder import Encoder, decode, load
from engine.library import (
    Library,
    LibraryError,
    ModelChangedError,
    NextLibrary,
    Progress,
    compact,
    ingest,
)
from engine.library.health import compaction
from engine.library.store.stamp import NEXT, PREVIOUS, ModelStamp, other_stamps
from engine.library.store.thumbnails import SIDE
from engine.library.takeover.reindex import BATCH, ReindexReport, reindex
from engine.library.takeover.succession import forget_previous

COUNT = 2 * BATCH + 5


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    return load(tiny_model(tmp_path_factory.mktemp("models") / "first", name="first"))


@pytest.fixture(scope="module")
def second(project: Path) -> Encoder:
    """Of another width."""
    return load(project / "models" / "default")


@pytest.fixture(scope="module")
def third(tmp_path_factory: pytest.TempPathFactory) -> Encoder:
    folder = tmp_path_factory.mktemp("models") / "third"
    return load(tiny_model(folder, name="third", pixels={"mean": [0, 0, 0]}))


@pytest.fixture(scope="module")
def indexed(first: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with `library` and `pictures`; read only, copy it."""
    folder = tmp_path_factory.mktemp("indexed")
    write_many(folder / "pictures", COUNT)
    shutil.copy(folder / "pictures" / "003.png", folder / "pictures" / "copy of 003.png")
    library = Library(folder / "library", first.manifest)
    ingest(library, first, [folder / "pictures"])
    library.close()
    return folder


@pytest.fixture
def home(indexed: Path, tmp_path: Path) -> Path:
    """A copy of `library`, over the same pictures."""
    shutil.copytree(indexed / "library", tmp_path / "library")
    return tmp_path


@pytest.fixture
def library(home: Path) -> Iterator[Library]:
    opened = Library(home / "library")
    yield opened
    opened.close()


def vectors(folder: Path, encoder: Encoder) -> dict[str, np.ndarray]:
    """Stored vectors by path, under a model that must be the one in use."""
    library = Library(folder, encoder.manifest)
    records = library.catalogue.records()
    read = library.vectors.read(np.array([record.vector_row for record in records]))
    library.close()
    return {record.path: row for record, row in zip(records, read, strict=True)}


def expected(paths: list[Path], encoder: Encoder) -> np.ndarray:
    """As indexing makes them: decoded large enough for the thumbnail, too."""
    side = max(encoder.decode_side, SIDE)
    return encoder.encode_pixels(
        [encoder.pixels(decode(path, at_least=side).image) for path in paths]
    )


def assert_under(folder: Path, encoder: Encoder) -> None:
    """All vectors are those of this model."""
    stored = vectors(folder, encoder)
    right = expected([Path(path) for path in stored], encoder)
    assert np.stack(list(stored.values())) == pytest.approx(right, abs=2e-3)


class StopError(Exception):
    pass


def stopped_after(batches: int):
    calls = iter(range(1, 1000))

    def progress(_: Progress) -> None:
        if next(calls) == batches:
            raise StopError

    return progress


def test_a_library_is_taken_over_with_all_its_images(
    library: Library, home: Path, indexed: Path, first: Encoder, second: Encoder
) -> None:
    before, generation = library.catalogue.records(), library.catalogue.generation()
    versions = library.changes.changes().versions.tolist()
    seen: list[Progress] = []
    report = reindex(library, second, seen.append)
    assert report == ReindexReport("default", "first", True, COUNT, seconds=report.seconds)
    assert [(step.done, step.total) for step in seen] == [
        (BATCH, COUNT),
        (2 * BATCH, COUNT),
        (COUNT, COUNT),
    ]
    assert library.catalogue.records() == before
    assert library.changes.changes().versions.tolist() == versions
    assert library.catalogue.generation() == generation + 1
    assert_under(home / "library", second)
    stamps = other_stamps(library.catalogue.facts())
    assert stamps == {PREVIOUS: ModelStamp.of(first.manifest)}


def test_the_model_in_use_is_left_as_it_is(library: Library, first: Encoder) -> None:
    generation = library.catalogue.generation()
    report = reindex(library, first)
    assert (report.changed, report.model, report.encoded) == (False, "first", 0)
    assert library.catalogue.generation() == generation


def test_a_reader_sees_the_old_model_until_the_end(
    library: Library, home: Path, indexed: Path, first: Encoder, second: Encoder
) -> None:
    reader = Library(home / "library", first.manifest)
    head = reader.changes.head()

    def look(_: Progress) -> None:
        assert reader.changes.head() == head
        assert_under(home / "library", first)

    reindex(library, second, look)
    assert reader.changes.head() != head
    with pytest.raises(ModelChangedError, match="open it again"):
        reader.require_model(reader.changes.head().model)
    with pytest.raises(ModelChangedError), reader.writing():
        pass


def test_nobody_may_index_meanwhile(
    library: Library, home: Path, indexed: Path, first: Encoder, second: Encoder
) -> None:
    writer, refused = Library(home / "library", first.manifest), []

    def try_to_index(_: Progress) -> None:
        with pytest.raises(LibraryError, match="or taking it over to another model") as caught:
            ingest(writer, first, [indexed / "pictures"])
        refused.append(caught.value)

    reindex(library, second, try_to_index)
    assert len(refused) == 3


@pytest.mark.parametrize("batches", [1, 2, 3])
def test_a_run_that_was_stopped_is_gone_on_with(
    batches: int, library: Library, home: Path, indexed: Path, second: Encoder
) -> None:
    with pytest.raises(StopError):
        reindex(library, second, stopped_after(batches))
    assert library.stamp.model_name == "first"
    with (library.vectors_folder / "vectors-2.f16").open("ab") as stream:
        stream.write(b"\x3c" * 1500)  # as a killed run leaves part of a batch
    report = reindex(library, second)
    done = min(batches * BATCH, COUNT)
    assert (report.kept, report.encoded) == (done, COUNT - done)
    assert_under(home / "library", second)


def test_images_that_came_while_it_was_stopped_are_not_forgotten(
    library: Library, home: Path, tmp_path: Path, first: Encoder, second: Encoder, indexed: Path
) -> None:
    with pytest.raises(StopError):
        reindex(library, second, stopped_after(3))
    pictures = Path(shutil.copytree(indexed / "pictures", tmp_path / "pictures"))
    write(pictures / "new.png", 900)
    ingest(Library(home / "library", first.manifest), first, [pictures])
    assert reindex(library, second).encoded == 1
    assert_under(home / "library", second)


def test_another_model_in_between_gives_up_what_was_begun(
    library: Library, home: Path, indexed: Path, second: Encoder, third: Encoder
) -> None:
    with pytest.raises(StopError):
        reindex(library, second, stopped_after(2))
    report = reindex(library, third)
    assert (report.kept, report.encoded) == (0, COUNT)
    assert_under(home / "library", third)
    assert {file.name for file in library.vectors_folder.glob("*.f16")} == {
        "vectors.f16",
        "vectors-2.f16",
    }
    assert NEXT not in other_stamps(library.catalogue.facts())


def test_there_and_back_again_changes_nothing(
    library: Library, home: Path, first: Encoder, second: Encoder
) -> None:
    before = vectors(home / "library", first)
    records = library.catalogue.records()
    reindex(library, second)
    report = reindex(library_again(library), first)
    assert (report.encoded, report.kept) == (0, COUNT)
    after = vectors(home / "library", first)
    assert {path: row.tobytes() for path, row in after.items()} == {
        path: row.tobytes() for path, row in before.items()
    }
    assert library.catalogue.records() == records


def library_again(library: Library) -> Library:
    return Library(library.folder)


def test_the_way_back_makes_up_for_images_that_came_since(
    library: Library, home: Path, tmp_path: Path, indexed: Path, first: Encoder, second: Encoder
) -> None:
    reindex(library, second)
    pictures = Path(shutil.copytree(indexed / "pictures", tmp_path / "pictures"))
    write_many(pictures / "more", BATCH + 3, first_seed=500)
    write(pictures / "004.png", 999)  # another content under a known name
    ingest(Library(home / "library", second.manifest), second, [pictures])
    with pytest.raises(StopError):
        reindex(library_again(library), first, stopped_after(1))
    report = reindex(library_again(library), first)
    assert report.encoded == 4
    assert_under(home / "library", first)


def test_rows_of_removed_images_are_never_given_again(
    library: Library, home: Path, tmp_path: Path, indexed: Path, first: Encoder, second: Encoder
) -> None:
    """Else a row of the previous store would be of another content."""
    reindex(library, second)
    pictures = Path(shutil.copytree(indexed / "pictures", tmp_path / "pictures"))
    after = Library(home / "library", second.manifest)
    ids = after.changes.changes().ids
    after.catalogue.apply(removed=ids[-20:].tolist())
    write_many(pictures / "more", 10, first_seed=700)
    ingest(after, second, [pictures / "more"])
    reindex(library_again(library), first)
    library = Library(home / "library", first.manifest)
    records = [r for r in library.catalogue.records() if "more" in r.path]
    stored = library.vectors.read(np.array([record.vector_row for record in records]))
    right = expected([Path(record.path) for record in records], first)
    assert len(records) == 10
    assert stored == pytest.approx(right, abs=2e-3)


def test_a_third_model_takes_the_place_of_the_way_back(
    library: Library, home: Path, indexed: Path, second: Encoder, third: Encoder
) -> None:
    reindex(library, second)
    (library.index_folder_of(other_stamps(library.catalogue.facts())[PREVIOUS].model)).mkdir(
        parents=True
    )
    reindex(library_again(library), third)
    assert_under(home / "library", third)
    previous = other_stamps(library.catalogue.facts())[PREVIOUS]
    assert previous.model == second.manifest.fingerprint
    assert len(list(library.vectors_folder.glob("*.f16"))) == 2
    left = {folder.name for folder in (library.folder / "index").glob("?" * 12)}
    assert left <= {library.index_folder_of(e.manifest.fingerprint).name for e in (second, third)}


def test_the_way_back_is_forgotten(library: Library, second: Encoder) -> None:
    assert forget_previous(library) == 0
    size = library.vectors.nbytes
    reindex(library, second)
    again = library_again(library)
    assert forget_previous(again) == size
    assert other_stamps(again.catalogue.facts()) == {}
    assert [file.name for file in again.vectors_folder.glob("*.f16")] == ["vectors-2.f16"]


def test_a_way_back_that_was_begun_is_forgotten_too(
    library: Library, home: Path, tmp_path: Path, first: Encoder, second: Encoder
) -> None:
    reindex(library, second)
    write(tmp_path / "new.png", 800)
    ingest(Library(home / "library", second.manifest), second, [tmp_path / "new.png"])
    with pytest.raises(StopError):
        reindex(library_again(library), first, stopped_after(1))
    again = library_again(library)
    forget_previous(again)
    assert other_stamps(again.catalogue.facts()) == {}
    assert reindex(again, first).kept == 0


# -- originals that are not there -----------------------------------------------------------------


@pytest.fixture
def own(home: Path, first: Encoder) -> tuple[Library, Path]:
    """A library with three pictures, and their folder."""
    pictures = home / "own"
    for number in range(3):
        write(pictures / f"{number}.png", 300 + number, (640, 480))
    folder = home / "small"
    opened = Library(folder, first.manifest)
    ingest(opened, first, [pictures])
    return opened, pictures


@pytest.mark.parametrize("change", ["gone", "changed", "damaged", "a folder"])
def test_a_thumbnail_takes_the_place_of_an_original(
    change: str, own: tuple[Library, Path], second: Encoder
) -> None:
    library, pictures = own
    (right,) = expected([pictures / "1.png"], second)
    spoil(pictures / "1.png", change)
    report = reindex(library, second)
    assert (report.encoded, report.from_thumbnails, report.missing) == (3, 1, ())
    assert vectors(library.folder, second)[str(pictures / "1.png")] @ right > 0.9


def spoil(path: Path, change: str) -> None:
    path.unlink()
    if change == "changed":
        write(path, 1)
    elif change == "damaged":
        path.write_bytes(b"\xff\xd8\xff")
    elif change == "a folder":
        path.mkdir()


def test_without_either_an_image_is_named_and_has_no_vector(
    own: tuple[Library, Path], second: Encoder
) -> None:
    library, pictures = own
    digest = next(r.digest for r in library.catalogue.records() if r.path.endswith("2.png"))
    library.thumbnails.remove(digest)
    (pictures / "2.png").unlink()
    report = reindex(library, second)
    (missing,) = report.missing
    assert missing.path == str(pictures / "2.png")
    assert missing.reason == "no such file; there is no thumbnail of it either"
    stored = vectors(library.folder, second)
    assert not stored[str(pictures / "2.png")].any()
    assert stored[str(pictures / "1.png")].any()


def test_a_copy_is_as_good_as_the_original(own: tuple[Library, Path], second: Encoder) -> None:
    library, pictures = own
    encoder = load(library_model(library))
    shutil.copy(pictures / "0.png", pictures / "copy.png")
    ingest(library, encoder, [pictures])
    (pictures / "0.png").unlink()
    report = reindex(library, second)
    assert (report.encoded, report.from_thumbnails) == (3, 0)


def library_model(library: Library) -> Path:
    return Path(library.stamp.model_folder)


# -- trouble ---------------------------------------------------------------------------------------


def test_a_full_disk_leaves_the_library_as_it_is(
    library: Library, home: Path, indexed: Path, first: Encoder, second: Encoder
) -> None:
    limit = (BATCH + 3) * 2 * second.dim
    with files_no_larger_than(limit), pytest.raises(LibraryError, match="run again to go on"):
        reindex(library, second)
    assert_under(home / "library", first)
    assert reindex(library, second).changed
    assert_under(home / "library", second)


def test_too_little_room_is_found_before_anything_is_encoded(
    library: Library, second: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage(1, 1, 10**6))
    with pytest.raises(LibraryError, match="the disk has 1 MB left"):
        reindex(library, second)
    assert library.stamp.model_name == "first"


def test_a_folder_without_a_library_is_named(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="no library here"):
        Library(tmp_path)


def test_the_library_of_the_next_model_can_be_read_before_the_change(
    library: Library, second: Encoder
) -> None:
    looked = []

    def look() -> None:
        ahead = NextLibrary(library.folder, second.manifest)
        changes = ahead.changes.changes()
        ahead.follow(changes.head.vectors)
        ahead.require_model(changes.head.model)
        assert ahead.vectors.read(changes.rows).shape == (COUNT + 1, second.dim)
        assert not ahead.vectors.missing(changes.rows).any()
        looked.append(ahead.index_stamp)

    reindex(library, second, before_switch=look)
    assert looked == [Library(library.folder, second.manifest).index_stamp]


@settings(max_examples=25)
@given(
    steps=st.lists(
        st.sampled_from(["first", "third", "add", "remove", "stop", "compact", "forget"]),
        max_size=8,
    )
)
def test_whatever_happened_vectors_are_those_of_the_model_in_use(
    steps: list[str],
    first: Encoder,
    third: Encoder,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    home, models = tmp_path_factory.mktemp("home"), {"first": first, "third": third}
    pictures, number, now = home / "pictures", 0, "first"
    write_many(pictures, 4)
    ingest(Library(home / "library", first.manifest), first, [pictures])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compaction, "LEAST", 1)
        for step in steps:
            library = Library(home / "library")
            if step in models:
                reindex(library, models[step])
                now = step
            elif step == "stop":
                other = third if now == "first" else first
                with pytest.raises(StopError):
                    reindex(library, other, before_switch=_stop)
            elif step == "compact":
                compact(library)
            elif step == "forget":
                forget_previous(library)
            else:
                number += 1
                if step == "remove":
                    next(iter(sorted(pictures.iterdir(), reverse=number % 2 == 0))).unlink()
                write(pictures / f"{number} new.png", 100 + number)
                ingest(Library(home / "library", models[now].manifest), models[now], [pictures])
            library.close()
            assert_under(home / "library", models[now])


def _stop() -> None:
    raise StopError
