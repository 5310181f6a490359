"""Runs that were killed, folders that were deleted: the next run puts everything right."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import vs_killer
from vs_command import PROJECT, engine_command, run_engine
from vs_drawing import write, write_many
from vs_vectors import require

from engine import Encoder, IngestReport, Query, SearchEngine
from engine.library.intake.ingest import BATCH

pytestmark = pytest.mark.usefixtures("quickly_tuned")
COUNT = 2 * BATCH + 4


@dataclass
class Pictures:
    """Drawn pictures, and the vector that each must have."""

    folder: Path
    expected: dict[str, np.ndarray]


@pytest.fixture(scope="module")
def drawn(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Pictures:
    folder = tmp_path_factory.mktemp("drawn")
    paths = write_many(folder, COUNT)
    vectors = encoder.encode_images(paths)
    return Pictures(folder, {path.name: row for path, row in zip(paths, vectors, strict=True)})


@pytest.fixture
def pictures(drawn: Pictures, tmp_path: Path) -> Pictures:
    """A copy that may be changed."""
    folder = Path(shutil.copytree(drawn.folder, tmp_path / "pictures"))
    return Pictures(folder, dict(drawn.expected))


@pytest.fixture
def library(tmp_path: Path) -> Path:
    return tmp_path / "library"


def rows_in(library: Path) -> int:
    """Images in the database, read beside the engine; 0 before there is one."""
    try:
        with closing(sqlite3.connect(f"file:{library / 'library.db'}?mode=ro", uri=True)) as base:
            return int(base.execute("select count(*) from images").fetchone()[0])
    except sqlite3.OperationalError:
        return 0


def killer_command(what: str, point: str, number: int, library: Path, folder: Path) -> list[str]:
    """Index in a process that sends itself a signal there."""
    arguments = [what, point, str(number), str(library), str(folder)]
    return [sys.executable, vs_killer.__file__, *arguments]


def kill_at(point: str, number: int, library: Path, folder: Path) -> None:
    """Index in a process that ends itself there."""
    command = killer_command("SIGKILL", point, number, library, folder)
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, timeout=120, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


@contextmanager
def held_after_one_batch(library: Path, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that indexes, and waits for SIGCONT after the first batch."""
    command = killer_command("SIGSTOP", "after the rows", 1, library, folder)
    with subprocess.Popen(command, cwd=PROJECT) as process:
        try:
            _, status = os.waitpid(process.pid, os.WUNTRACED)
            assert os.WIFSTOPPED(status)
            yield process
        finally:
            process.kill()


@contextmanager
def indexing(library: Path, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """`python -m engine index` in the background."""
    command = engine_command("index", folder, "--library", library)
    with subprocess.Popen(
        command, cwd=PROJECT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_for_rows(library: Path, count: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 120
    while rows_in(library) < count and process.poll() is None:
        assert time.monotonic() < deadline, "no progress"
        time.sleep(0.002)


def finish(library: Path, pictures: Pictures, encoder: Encoder) -> IngestReport:
    """Run again, and check that everything is as if nothing had happened."""
    with SearchEngine.with_encoder(encoder, library) as engine:
        report = engine.index([pictures.folder])
        page = engine.search("anything", limit=1000)
        ids = {Path(hit.path).name: hit.id for hit in page.results}
        assert len(page.results) == len(ids) == len(pictures.expected) == page.total
        for name in pictures.expected:
            (itself,) = engine.search(Query.like(ids[name]), limit=1).results
            assert itself.id == ids[name]
        found_by_file(engine, pictures)
        stored = stored_vectors(library, encoder.dim)
        for name, expected in pictures.expected.items():
            assert stored[name] @ expected > 0.999, name
        again = engine.index([pictures.folder])
        assert again.unchanged == len(pictures.expected)
        assert (again.added, again.updated, again.moved, again.removed) == (0, 0, 0, 0)
        assert engine.doctor().findings == {}
    return report


def found_by_file(engine: SearchEngine, pictures: Pictures) -> None:
    for name in sorted(pictures.expected)[:: len(pictures.expected) // 6]:
        path = pictures.folder / name
        best = engine.search(Query.image(path), limit=1).results[0]
        assert best.path == str(path)
        assert best.similarity > 0.99


def stored_vectors(library: Path, dim: int) -> dict[str, np.ndarray]:
    """File name to vector, read from the files of the library as they are described."""
    rows = np.fromfile(library / "vectors" / "vectors.f16", dtype="<f2")
    rows = rows[: len(rows) // dim * dim].reshape(-1, dim).astype(np.float32)
    with closing(sqlite3.connect(library / "library.db")) as base:
        pairs = base.execute("select path, vector_row from images").fetchall()
    return {Path(path).name: rows[row] for path, row in pairs}


@pytest.mark.parametrize(
    ("point", "number", "kept"),
    [
        ("before a thumbnail", 40, None),
        ("after a thumbnail", COUNT, None),
        ("before the vectors", 1, 0),
        ("after the vectors", 3, 2 * BATCH),
        ("before the rows", 2, BATCH),
        ("within the rows", 2, BATCH),
        ("after the rows", 1, BATCH),
    ],
)
def test_a_run_killed_at_a_critical_point_is_taken_up(
    point: str,
    number: int,
    kept: int | None,
    pictures: Pictures,
    library: Path,
    encoder: Encoder,
) -> None:
    kill_at(point, number, library, pictures.folder)
    there = rows_in(library)
    assert there % BATCH == 0
    assert kept is None or there == kept
    report = finish(library, pictures, encoder)
    assert (report.added, report.unchanged) == (COUNT - there, there)
    rows = (library / "vectors" / "vectors.f16").stat().st_size // (2 * encoder.dim)
    assert rows <= COUNT + BATCH, "at most one batch was encoded twice"


@pytest.mark.parametrize("count", [1, BATCH + 1])
def test_a_command_killed_after_some_progress_is_taken_up(
    count: int, pictures: Pictures, library: Path, encoder: Encoder
) -> None:
    with indexing(library, pictures.folder) as process:
        wait_for_rows(library, count, process)
        process.kill()
    there = rows_in(library)
    assert there >= count
    report = finish(library, pictures, encoder)
    assert (report.added, report.unchanged) == (COUNT - there, there)


@pytest.mark.parametrize("seconds", [0.4, 0.9, 1.4])
def test_a_command_killed_at_any_moment_is_taken_up(
    seconds: float, pictures: Pictures, library: Path, encoder: Encoder
) -> None:
    with indexing(library, pictures.folder) as process:
        time.sleep(seconds)
        process.kill()
    there = rows_in(library)
    report = finish(library, pictures, encoder)
    assert (report.added, report.unchanged) == (COUNT - there, there)


def test_a_run_killed_over_and_over_gets_to_the_end(
    pictures: Pictures, library: Path, encoder: Encoder
) -> None:
    for expected in (BATCH, 2 * BATCH, COUNT):
        kill_at("after the rows", 1, library, pictures.folder)
        assert rows_in(library) == expected
    assert finish(library, pictures, encoder).unchanged == COUNT


def test_the_command_itself_takes_up_a_killed_run(pictures: Pictures, library: Path) -> None:
    kill_at("after the vectors", 2, library, pictures.folder)
    done = run_engine("index", pictures.folder, "--library", library, "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert (report["added"], report["unchanged"]) == (COUNT - BATCH, BATCH)
    path = pictures.folder / "050.png"
    found = run_engine("search", "--image", path, "--library", library, "--json", "-k", "1")
    assert json.loads(found.stdout)["results"][0]["path"] == str(path)


def test_ids_survive_a_move_that_was_killed(
    pictures: Pictures, library: Path, encoder: Encoder
) -> None:
    finish(library, pictures, encoder)
    before = ids_by_name(library)
    pictures.folder = pictures.folder.rename(pictures.folder.with_name("moved"))
    top = pictures.folder.parent
    kill_at("after the rows", 1, library, top)
    assert ids_by_name(library) == before
    with SearchEngine.with_encoder(encoder, library) as engine:
        report = engine.index([top])
        assert (report.moved, report.unchanged) == (COUNT - BATCH, BATCH)
        found_by_file(engine, pictures)
    assert ids_by_name(library) == before


def ids_by_name(library: Path) -> dict[str, int]:
    with closing(sqlite3.connect(library / "library.db")) as base:
        return {Path(path).name: row for path, row in base.execute("select path, id from images")}


def test_a_change_that_was_killed_is_made_up_for(
    pictures: Pictures, library: Path, encoder: Encoder
) -> None:
    finish(library, pictures, encoder)
    before = ids_by_name(library)
    for number in range(40):
        path = write(pictures.folder / f"{number:03}.png", 500 + number, (64, 64))
        pictures.expected[path.name] = encoder.encode_images([path])[0]
    kill_at("after the vectors", 2, library, pictures.folder)
    report = finish(library, pictures, encoder)
    assert (report.updated, report.unchanged) == (40 - BATCH, COUNT - 40 + BATCH)
    assert ids_by_name(library) == before


def test_part_of_a_vector_left_behind_is_survived(
    pictures: Pictures, library: Path, encoder: Encoder
) -> None:
    kill_at("after the rows", 1, library, pictures.folder)
    with (library / "vectors" / "vectors.f16").open("ab") as stream:
        stream.write(b"\x7f" * 333)
    assert finish(library, pictures, encoder).added == COUNT - BATCH


def test_thumbnails_that_were_deleted_are_made_again(
    pictures: Pictures, library: Path, encoder: Encoder
) -> None:
    finish(library, pictures, encoder)
    shutil.rmtree(library / "thumbnails")
    assert finish(library, pictures, encoder).unchanged == COUNT
    with SearchEngine.with_encoder(encoder, library) as engine:
        for hit in engine.search("anything", limit=5).results:
            path = engine.thumbnail(hit.digest, hit.path)
            assert path is not None
            assert path.stat().st_size > 0


@pytest.mark.parametrize("point", ["before the index", "after the index"])
def test_an_index_that_was_not_saved_is_built_again(
    point: str, pictures: Pictures, library: Path, encoder: Encoder
) -> None:
    require("hnsw")
    kill_at(point, 1, library, pictures.folder)
    assert rows_in(library) == COUNT
    with SearchEngine.with_encoder(encoder, library, "hnsw") as engine:
        found_by_file(engine, pictures)
        write(pictures.folder / "new.png", 900)
        assert engine.index([pictures.folder]).added == 1
    with SearchEngine.with_encoder(encoder, library, "hnsw") as engine:
        found_by_file(engine, pictures)
        best = engine.search(Query.image(pictures.folder / "new.png"), limit=1).results[0]
        assert Path(best.path).name == "new.png"


def test_an_index_that_was_deleted_is_built_again(
    pictures: Pictures, library: Path, encoder: Encoder
) -> None:
    require("hnsw")
    for _ in range(2):
        with SearchEngine.with_encoder(encoder, library, "hnsw") as engine:
            engine.index([pictures.folder])
            assert engine.info().index_backend == "hnsw"
            found_by_file(engine, pictures)
        assert list((library / "index").iterdir())
        shutil.rmtree(library / "index")


def test_of_two_at_once_the_second_says_so_and_the_first_completes(
    pictures: Pictures, library: Path, encoder: Encoder
) -> None:
    with held_after_one_batch(library, pictures.folder) as first:
        second = run_engine("index", pictures.folder, "--library", library)
        assert second.returncode == 1
        assert f"{library}: another process is indexing into this library" in second.stderr
        assert rows_in(library) == BATCH
        first.send_signal(signal.SIGCONT)
        assert first.wait(timeout=120) == 0
    assert finish(library, pictures, encoder).unchanged == COUNT


def test_searching_goes_on_while_another_process_indexes(
    pictures: Pictures, library: Path, encoder: Encoder
) -> None:
    with (
        held_after_one_batch(library, pictures.folder) as first,
        SearchEngine.with_encoder(encoder, library) as engine,
    ):
        assert engine.search("anything", limit=1000).total == BATCH
        first.send_signal(signal.SIGCONT)
        assert first.wait(timeout=120) == 0
        assert engine.search("anything", limit=1000).total == COUNT
