"""`python -m engine doctor`: what it finds, repairs and says."""

import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import vs_killer
from vs_command import PROJECT
from vs_damage import cut_rows
from vs_drawing import write, write_many
from vs_in_process import CommandLine
from vs_vectors import require

from engine import Encoder, Query, SearchEngine

pytestmark = pytest.mark.usefixtures("quickly_tuned")
COUNT = 40


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_many(tmp_path_factory.mktemp("drawn"), COUNT)[0].parent


@pytest.fixture
def folder(drawn: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(drawn, tmp_path / "pictures"))


@pytest.fixture
def library(folder: Path, encoder: Encoder, tmp_path: Path) -> Path:
    """A library of the pictures."""
    with SearchEngine.with_encoder(encoder, tmp_path / "library") as engine:
        assert engine.index([folder]).added == COUNT
    return tmp_path / "library"


def test_a_sound_library(library: Path, command_line: CommandLine) -> None:
    done = command_line("doctor", "--library", library)
    assert done.returncode == 0, done.stderr
    assert f"{COUNT} images, 0 of them exact copies; {COUNT} vectors; examined in" in done.stdout
    assert "nothing has to be repaired" in done.stdout


def test_faults_are_listed_shortly_and_repaired(
    library: Path, folder: Path, command_line: CommandLine
) -> None:
    for path in sorted(folder.iterdir())[:15]:
        path.unlink()
    write(folder / "new.png", 90)
    done = command_line("doctor", "--library", library)
    assert done.returncode == 1
    assert "15 images whose file is gone" in done.stdout
    assert f"{folder / '003.png'}: image 4" in done.stdout
    assert "and 5 more" in done.stdout
    assert f"{folder / 'new.png'}: " in done.stdout
    assert "python -m engine doctor --repair" in done.stderr
    repaired = command_line("doctor", "--repair", "--library", library)
    assert repaired.returncode == 0, repaired.stderr
    assert "repaired: brought the library up to date with its folders: 1 added, 15 removed" in (
        repaired.stdout
    )
    assert command_line("doctor", "--library", library).returncode == 0


def test_json_lists_everything(library: Path, folder: Path, command_line: CommandLine) -> None:
    for path in sorted(folder.iterdir())[:15]:
        path.unlink()
    done = command_line("doctor", "--library", library, "--json")
    assert done.returncode == 1
    found = json.loads(done.stdout)
    assert (found["sound"], found["images"]) == (False, COUNT)
    assert len(found["findings"]["missing"]) == 15
    assert found["findings"]["missing"][0] == {
        "subject": str(folder / "000.png"),
        "detail": "image 1",
    }


def test_a_cut_store_stops_a_search_with_advice_that_helps(
    library: Path, folder: Path, encoder: Encoder, command_line: CommandLine
) -> None:
    cut_rows(library, 3, encoder.dim, spare=77)
    search = command_line("search", "anything", "--library", library)
    assert search.returncode == 1
    assert "doctor --repair" in search.stderr
    assert command_line("doctor", "--library", library).returncode == 1
    repaired = command_line("doctor", "--repair", "--library", library)
    assert (repaired.returncode, repaired.stderr.count("Traceback")) == (0, 0)
    assert f"repaired: made {COUNT - 3} vectors anew" in repaired.stdout
    with SearchEngine.with_encoder(encoder, library) as engine:
        for path in sorted(folder.iterdir())[::13]:
            (best,) = engine.search(Query.image(path), limit=1).results
            assert best.path == str(path)
            assert best.similarity > 0.99


@pytest.mark.parametrize("content", [b"", b"not a database, but some other file\n" * 400])
def test_a_database_that_is_none_gives_a_message(
    content: bytes, library: Path, command_line: CommandLine
) -> None:
    for name in ("library.db-wal", "library.db-shm"):
        (library / name).unlink(missing_ok=True)
    (library / "library.db").write_bytes(content)
    done = command_line("doctor", "--library", library)
    assert "Traceback" not in done.stderr
    if content:
        assert done.returncode == 1
        assert "library.db" in done.stderr
        assert "restore it from a backup" in done.stderr
    else:  # an empty file is an empty database
        assert done.returncode == 0
        assert "0 images" in done.stdout


def test_a_damaged_page_of_the_database_gives_a_message(
    library: Path, command_line: CommandLine
) -> None:
    file = library / "library.db"
    content = bytearray(file.read_bytes())
    for page in range(2, len(content) // 4096):
        content[page * 4096 : (page + 1) * 4096] = b"\xa5" * 4096
    file.write_bytes(content)
    for arguments in (["doctor"], ["doctor", "--repair"]):
        done = command_line(*arguments, "--library", library)
        assert done.returncode == 1
        assert "Traceback" not in done.stderr
        assert "backup" in done.stdout + done.stderr


def test_without_a_library_it_makes_none(tmp_path: Path, command_line: CommandLine) -> None:
    done = command_line("doctor", "--library", tmp_path / "typo")
    assert (done.returncode, done.stdout) == (1, "")
    assert not (tmp_path / "typo").exists()


def test_dropping_images_goes_with_a_repair_only(library: Path, command_line: CommandLine) -> None:
    assert command_line("doctor", "--remove-missing", "--library", library).returncode == 2


@pytest.mark.parametrize("damage", ["cut", "gone", "behind"])
def test_a_search_index_that_is_of_no_use_is_built_anew(
    damage: str, library: Path, folder: Path, encoder: Encoder
) -> None:
    require("hnsw")
    with SearchEngine.with_encoder(encoder, library, "hnsw") as engine:
        engine.index([folder])
        assert engine.doctor().findings == {}
    saved = [path for path in library.glob("index/*/build-*/*") if path.is_file()]
    assert saved
    if damage == "cut":
        for path in saved:
            path.write_bytes(path.read_bytes()[:100])
    elif damage == "gone":
        shutil.rmtree(library / "index")
    else:
        write_many(folder / "more", 10, first_seed=90)
        with SearchEngine.with_encoder(encoder, library) as engine:
            engine.index([folder])
    with SearchEngine.with_encoder(encoder, library, "hnsw") as engine:
        assert engine.doctor().findings.keys() == {"index"}
        repaired = engine.doctor(repair=True)
        assert repaired.findings == {}
        assert "made the search index good again" in repaired.repairs
        assert engine.doctor(repair=True).repairs == ()
        page = engine.search(Query.image(folder / "000.png"), limit=1)
        assert page.results[0].path == str(folder / "000.png")


QUICK = {"after the vectors", "after the index"}
"""The other points are tried by the tests of killed runs, too."""


@pytest.mark.parametrize(
    "point",
    [
        pytest.param(point, marks=[] if point in QUICK else [pytest.mark.slow])
        for point in sorted(vs_killer.POINTS)
    ],
)
def test_after_a_run_that_was_killed_the_next_one_leaves_nothing_to_find(
    point: str, library: Path, folder: Path, encoder: Encoder
) -> None:
    """Pictures are added, changed, moved and deleted in the run that is killed."""
    if "index" in point:
        require("hnsw")
    paths = sorted(folder.iterdir())
    for number, path in enumerate(paths[:8]):
        write(path, 200 + number)
    for path in paths[8:12]:
        path.unlink()
    for path in paths[12:16]:
        path.rename(path.with_stem(f"moved {path.stem}"))
    write_many(folder / "more", 40, first_seed=300)
    number = 1 if "index" in point else 2
    command = [sys.executable, vs_killer.__file__, "SIGKILL", point, str(number)]
    done = subprocess.run([*command, library, folder], cwd=PROJECT, check=False, timeout=120)
    assert done.returncode == -signal.SIGKILL
    backend = "hnsw" if "index" in point else "auto"
    with SearchEngine.with_encoder(encoder, library, backend) as engine:
        engine.doctor()  # of whatever there is; must not fail
        engine.index([folder])
        found = engine.doctor()
        assert found.findings == {}
        assert (found.images, found.duplicates) == (COUNT - 4 + 40, 0)


def test_vectors_are_made_anew_while_another_engine_searches(
    library: Path, folder: Path, encoder: Encoder
) -> None:
    file = library / "vectors" / "vectors.f16"
    content = bytearray(file.read_bytes())
    content[: 2 * encoder.dim] = np.full(encoder.dim, 0.3, dtype="<f2").tobytes()
    file.write_bytes(content)
    with (
        SearchEngine.with_encoder(encoder, library) as searching,
        SearchEngine.with_encoder(encoder, library) as repairing,
    ):
        assert searching.search(Query.image(folder / "000.png"), limit=1).total == COUNT
        assert repairing.doctor(repair=True).is_sound
        (best,) = searching.search(Query.image(folder / "000.png"), limit=1).results
        assert best.path == str(folder / "000.png")
        assert best.similarity > 0.99
