"""Files of a library that were cut, scrambled, swapped or lost: a repair, or one clear line."""

import json
import random
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from vs_drawing import write, write_many
from vs_in_process import CommandLine
from vs_vectors import require

from engine import Encoder, SearchEngine

pytestmark = pytest.mark.usefixtures("quickly_tuned")
COUNT = 40
BACKEND = "hnsw"

Damage = Callable[[Path], None]
Run = subprocess.CompletedProcess[str]


@pytest.fixture(scope="module")
def prepared(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with pictures and their library, after a first run and some changes."""
    require(BACKEND)
    place = tmp_path_factory.mktemp("prepared")
    write_many(place / "pictures", COUNT)
    with SearchEngine.with_encoder(encoder, place / "library", BACKEND) as opened:
        opened.index([place / "pictures"])
        write(place / "pictures" / "003.png", 900)
        (place / "pictures" / "004.png").unlink()
        opened.index([place / "pictures"])
    return place


@pytest.fixture
def library(prepared: Path, tmp_path: Path) -> Path:
    """A copy to be damaged; its pictures are those of `prepared`."""
    return Path(shutil.copytree(prepared / "library", tmp_path / "library"))


def is_right(outcome: Run, picture: Path, count: int = COUNT - 1) -> bool:
    """Whether a search for an indexed picture has found it first, and everything else, too."""
    results = json.loads(outcome.stdout)["results"] if outcome.returncode == 0 else []
    return bool(
        results
        and results[0]["path"] == str(picture)
        and results[0]["similarity"] > 0.99
        and len({hit["path"] for hit in results}) == len(results) == count
    )


def is_told(outcome: Run, library: Path) -> bool:
    """Whether it has ended with one clear line."""
    errors = [line for line in outcome.stderr.splitlines() if line.startswith("error:")]
    return outcome.returncode == 1 and len(errors) == 1 and str(library) in errors[0]


def is_warned(outcome: Run, library: Path) -> bool:
    """Whether it went on, but said what is lost and what to do."""
    warned = any(
        str(library) in line and ("doctor --repair" in line or "index your folders again" in line)
        for line in outcome.stderr.splitlines()
    )
    return outcome.returncode == 0 and warned and "NaN" not in outcome.stdout


# -- damages -----------------------------------------------------------------------------------


def cut(path: Path) -> None:
    """To its half."""
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def scramble(path: Path) -> None:
    """Every byte another one."""
    path.write_bytes(random.Random(1).randbytes(max(path.stat().st_size, 100)))


def scratch(path: Path) -> None:
    """Some bytes in its middle."""
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 64] = b"\xff" * len(content[middle : middle + 64])
    path.write_bytes(content)


def lose(path: Path) -> None:
    path.unlink()


DAMAGES: tuple[Damage, ...] = (cut, empty, scramble, scratch, lose)
FILES = (
    "vectors/vectors.f16",
    "vectors/vectors.json",
    "index/*/current.json",
    "index/*/tuning.json",
    "index/*/build-*/held.npz",
    "index/*/build-*/hnsw.json",
    "index/*/build-*/hnsw.*.bin",
    "library.db",
    "thumbnails/*/*.jpg",
    "asked.jsonl",
    "unfinished",
)


def damaged(library: Path, pattern: str, damage: Damage) -> Path:
    """The file that was damaged."""
    path = min(library.glob(pattern), default=library / pattern)
    if not path.exists():
        path.write_text('{"text": "a red house"}\n')
    damage(path)
    return path


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("file", FILES)
def test_a_damage_is_repaired_or_told_of_in_a_line(
    file: str, damage: Damage, library: Path, prepared: Path, command_line: CommandLine
) -> None:
    picture = prepared / "pictures" / "020.png"
    damaged(library, file, damage)
    ask = ("search", "--image", picture, "-k", "100", "--json")
    here = ("--library", library, "--backend", BACKEND)

    before = command_line(*ask, *here)
    assert is_told(before, library) or is_warned(before, library) or is_right(before, picture), (
        before
    )
    repair = command_line("doctor", "--repair", *here)
    after = command_line(*ask, *here)
    if repair.returncode:
        assert is_told(repair, library), repair
        assert is_told(after, library) or is_right(after, picture), after
        return
    done = command_line("index", prepared / "pictures", "--json", *here)
    report = json.loads(done.stdout)
    assert (done.returncode, report["added"] + report["unchanged"]) == (0, COUNT - 1), report
    if file != "library.db":
        assert report["added"] == 0, report
    elif damage is not scratch:  # nothing was left of it; a scratch may have hit nothing
        assert report["added"] == COUNT - 1, report
    if report["added"] == 0:
        assert is_right(after, picture), after
    assert is_right(command_line(*ask, *here), picture)
    assert command_line("doctor", *here).returncode == 0


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_a_damaged_log_of_the_database_has_lost_is_indexed_again(
    damage: Damage, library: Path, prepared: Path, command_line: CommandLine, encoder: Encoder
) -> None:
    """A machine that lost its power: the log of the latest transactions is not whole."""
    folder = Path(shutil.copytree(prepared / "pictures", library.parent / "pictures"))
    after_crash = library.parent / "after the crash"
    here = ("--library", after_crash, "--backend", BACKEND)
    with SearchEngine.with_encoder(encoder, library, BACKEND) as opened:
        opened.index([folder])
        write_many(folder / "more", 5, first_seed=700)
        opened.index([folder])
        shutil.copytree(library, after_crash)
    (after_crash / "library.db-shm").unlink()
    damage(after_crash / "library.db-wal")

    total = 2 * (COUNT - 1) + 5
    assert command_line("search", "anything", *here).returncode == 0
    assert command_line("index", folder, prepared / "pictures", *here).returncode == 0
    ask = ("search", "--image", folder / "more" / "002.png", "-k", "200", "--json")
    assert is_right(command_line(*ask, *here), folder / "more" / "002.png", total)
    assert command_line("doctor", *here).returncode == 0
