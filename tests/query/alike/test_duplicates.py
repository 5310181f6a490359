import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from PIL import Image, ImageEnhance
from vs_drawing import draw

from engine import DuplicateReport, LibraryError, Progress, SearchEngine
from engine.encoder import Encoder
from engine.query.alike import duplicates as finding

SIZE = (320, 240)
Groups = dict[str, dict[str, str]]


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Twelve pictures that have nothing to do with each other."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number in range(12):
        draw(number, SIZE).save(folder / f"{number}.png")
    return folder


@pytest.fixture
def engine(encoder: Encoder, tmp_path: Path) -> Iterator[SearchEngine]:
    with SearchEngine.with_encoder(encoder, tmp_path / "library") as opened:
        yield opened


def smaller(folder: Path, number: int, name: str | None = None, by: float = 0.75) -> Path:
    """A small, darker copy of a picture."""
    size = (round(SIZE[0] * by), round(SIZE[1] * by))
    path = folder / (name or f"{number}-small.jpg")
    ImageEnhance.Brightness(draw(number, SIZE).resize(size)).enhance(0.9).save(path, quality=85)
    return path


def larger(folder: Path, number: int) -> None:
    size = (SIZE[0] * 2, SIZE[1] * 2)
    draw(number, SIZE).resize(size, Image.Resampling.BICUBIC).save(folder / f"{number}-large.png")


def names(report: DuplicateReport) -> Groups:
    """Best images' names to those of their copies, with kinds."""
    return {
        Path(group.best.path).name: {Path(c.image.path).name: c.kind for c in group.copies}
        for group in report.groups
    }


def test_unlike_pictures_are_in_no_group(engine: SearchEngine, pictures: Path) -> None:
    engine.index([pictures])
    report = engine.duplicates()
    assert (report.groups, report.images, report.copied_bytes) == ((), 12, 0)
    assert report.is_calibrated


def test_sample_pictures_are_in_no_group(
    sample_engine: SearchEngine, encoder: Encoder, tmp_path: Path
) -> None:
    copy = shutil.copytree(sample_engine.info().library, tmp_path / "copy")
    with SearchEngine.with_encoder(encoder, copy) as engine:
        assert engine.duplicates().groups == ()


def test_exact_and_near_copies_are_grouped(engine: SearchEngine, pictures: Path) -> None:
    shutil.copy(pictures / "3.png", pictures / "copy of 3.png")
    shutil.copy(smaller(pictures, 3), pictures / "copy of 3-small.jpg")
    shutil.copy(pictures / "5.png", pictures / "copy of 5.png")
    smaller(pictures, 7)
    engine.index([pictures])
    report = engine.duplicates()
    near = {"3-small.jpg": "near", "copy of 3-small.jpg": "near"}
    assert names(report) == {
        "3.png": {"copy of 3.png": "exact", **near},
        "5.png": {"copy of 5.png": "exact"},
        "7.png": {"7-small.jpg": "near"},
    }
    copied = ("copy of 3.png", "copy of 5.png", *near, "7-small.jpg")
    assert report.copied_bytes == sum((pictures / name).stat().st_size for name in copied)
    assert report.copies == 5
    similarities = [c.similarity for group in report.groups for c in group.copies]
    assert all(report.threshold - 0.01 <= s <= 1 for s in similarities if report.threshold)


def test_groups_fold_results(engine: SearchEngine, pictures: Path) -> None:
    smaller(pictures, 7)
    engine.index([pictures])
    (group,) = engine.duplicates().groups
    every = [record.id for record in engine.latest(100)]
    assert engine.groups_of(every) == {
        group.best.id: group.id,
        group.copies[0].image.id: group.id,
    }


def test_originals_are_left_alone(engine: SearchEngine, pictures: Path) -> None:
    smaller(pictures, 2)
    shutil.copy(pictures / "3.png", pictures / "copy of 3.png")

    def contents() -> dict[str, str]:
        files = sorted(pictures.iterdir())
        return {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in files}

    before = contents()
    engine.index([pictures])
    assert engine.duplicates().copies == 2
    assert contents() == before


def test_more_copies_than_neighbours_are_one_group(engine: SearchEngine, pictures: Path) -> None:
    for number in range(20):
        smaller(pictures, 4, f"copy-{number}.jpg", by=0.6 + number / 60)
    engine.index([pictures])
    (group,) = engine.duplicates().groups
    assert (Path(group.best.path).name, len(group.copies)) == ("4.png", 20)


def test_an_hnsw_index_finds_the_same(encoder: Encoder, pictures: Path, tmp_path: Path) -> None:
    for number in (1, 2, 3):
        smaller(pictures, number)
    with SearchEngine.with_encoder(encoder, tmp_path / "graph", backend="hnsw") as engine:
        engine.index([pictures])
        assert set(names(engine.duplicates())) == {"1.png", "2.png", "3.png"}


# -- changes since the last run ------------------------------------------------------------------


def looked_at(engine: SearchEngine) -> tuple[DuplicateReport, int]:
    """A report, and how many images were looked at for it."""
    told: list[Progress] = []
    report = engine.duplicates(progress=told.append)
    looking = [progress for progress in told if progress.stage == "looking for copies"]
    return report, max((progress.total for progress in looking), default=0)


def test_a_second_run_looks_only_at_what_is_new(engine: SearchEngine, pictures: Path) -> None:
    smaller(pictures, 1)
    engine.index([pictures])
    first, everything = looked_at(engine)
    again, nothing = looked_at(engine)
    assert (everything, nothing) == (13, 0)
    assert again == first
    smaller(pictures, 2)
    engine.index([pictures])
    report, few = looked_at(engine)
    assert names(report) == {**names(first), "2.png": {"2-small.jpg": "near"}}
    assert few == 2  # the new one, and the one it is like


def test_a_larger_picture_becomes_the_best(engine: SearchEngine, pictures: Path) -> None:
    smaller(pictures, 1)
    engine.index([pictures])
    engine.duplicates()
    larger(pictures, 1)
    engine.index([pictures])
    assert names(engine.duplicates()) == {"1-large.png": {"1-small.jpg": "near", "1.png": "near"}}


def test_a_group_outlives_its_best_image(engine: SearchEngine, pictures: Path) -> None:
    larger(pictures, 1)
    smaller(pictures, 1)
    engine.index([pictures])
    assert set(names(engine.duplicates())) == {"1-large.png"}
    (pictures / "1-large.png").unlink()
    engine.index([pictures])
    assert names(engine.duplicates(exact_only=True)) == {}
    assert names(engine.duplicates()) == {"1.png": {"1-small.jpg": "near"}}
    (pictures / "1.png").unlink()
    engine.index([pictures])
    assert names(engine.duplicates()) == {}


def test_exact_copies_stand_in_for_their_original(engine: SearchEngine, pictures: Path) -> None:
    shutil.copy(pictures / "1.png", pictures / "copy.png")
    smaller(pictures, 1)
    engine.index([pictures])
    engine.duplicates()
    engine.groups_of([1])
    (pictures / "1.png").unlink()
    engine.index([pictures])
    assert names(engine.duplicates()) == {"copy.png": {"1-small.jpg": "near"}}


def test_an_image_that_changes_leaves_its_group(engine: SearchEngine, pictures: Path) -> None:
    small = smaller(pictures, 1)
    engine.index([pictures])
    assert names(engine.duplicates()) != {}
    draw(99, (200, 150)).save(small)
    engine.index([pictures])
    assert engine.groups_of([record.id for record in engine.latest(1)]) == {}
    assert names(engine.duplicates()) == {}


def test_step_by_step_and_at_once_give_the_same(
    encoder: Encoder, engine: SearchEngine, pictures: Path, tmp_path: Path
) -> None:
    for number in (1, 2, 3, 4):
        smaller(pictures, number)
        engine.index([pictures])
        engine.duplicates(0.5)
    larger(pictures, 2)
    (pictures / "3.png").unlink()
    smaller(pictures, 3, "again.jpg", by=0.8)
    engine.index([pictures])
    step_by_step = names(engine.duplicates(0.5))
    with SearchEngine.with_encoder(encoder, tmp_path / "other") as other:
        other.index([pictures])
        assert names(other.duplicates(0.5)) == step_by_step
    assert step_by_step["again.jpg"] == {"3-small.jpg": "near"}


# -- options -------------------------------------------------------------------------------------


def test_exact_copies_alone_leave_the_near_ones_stored(
    engine: SearchEngine, pictures: Path
) -> None:
    shutil.copy(pictures / "3.png", pictures / "copy of 3.png")
    near = smaller(pictures, 7)
    engine.index([pictures])
    first = engine.duplicates(exact_only=True)
    assert names(first) == {"3.png": {"copy of 3.png": "exact"}}
    assert first.threshold is None
    engine.duplicates()
    assert names(engine.duplicates(exact_only=True)) == names(first)
    (image,) = [record for record in engine.latest(100) if record.path == str(near)]
    assert engine.groups_of([image.id]) != {}


def test_the_threshold_can_be_chosen(engine: SearchEngine, pictures: Path) -> None:
    smaller(pictures, 7)
    engine.index([pictures])
    strict = engine.duplicates(threshold=1.0)
    assert (names(strict), strict.is_calibrated) == ({}, False)
    usual = engine.duplicates()
    assert usual.is_calibrated
    assert names(usual) == {"7.png": {"7-small.jpg": "near"}}


@pytest.mark.parametrize("threshold", [0, -0.1, 1.1, float("nan")])
def test_a_threshold_that_is_no_cosine_is_refused(engine: SearchEngine, threshold: float) -> None:
    with pytest.raises(ValueError, match="a cosine above 0"):
        engine.duplicates(threshold)


# -- what may go wrong ---------------------------------------------------------------------------


def test_an_empty_library_has_no_groups(engine: SearchEngine) -> None:
    assert engine.duplicates().groups == engine.duplicates(exact_only=True).groups == ()


def test_lost_thumbnails_are_made_again(engine: SearchEngine, pictures: Path) -> None:
    smaller(pictures, 7)
    library = engine.info().library
    engine.index([pictures])
    shutil.rmtree(library / "thumbnails")
    assert names(engine.duplicates()) == {"7.png": {"7-small.jpg": "near"}}


def test_what_cannot_be_looked_at_is_not_confirmed(engine: SearchEngine, pictures: Path) -> None:
    smaller(pictures, 6)
    smaller(pictures, 7)
    engine.index([pictures])
    shutil.rmtree(engine.info().library / "thumbnails")
    (pictures / "7.png").unlink()
    assert names(engine.duplicates()) == {"6.png": {"6-small.jpg": "near"}}
    shutil.rmtree(pictures)
    shutil.rmtree(engine.info().library / "thumbnails")
    assert names(engine.duplicates(threshold=0.5)) == {}


def test_damaged_thumbnails_do_not_stop_it(engine: SearchEngine, pictures: Path) -> None:
    smaller(pictures, 7)
    engine.index([pictures])
    for file in (engine.info().library / "thumbnails").rglob("*.jpg"):
        file.write_bytes(file.read_bytes()[:40])
    assert engine.duplicates().images == 13


def test_it_waits_for_a_run_of_indexing(
    engine: SearchEngine, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.index([pictures])
    monkeypatch.setattr(finding, "_PATIENCE", 1.0)
    with (
        FileLock(engine.info().library / "writer.lock"),
        pytest.raises(LibraryError, match="another process is indexing"),
    ):
        engine.duplicates()
    assert engine.duplicates().images == 12
