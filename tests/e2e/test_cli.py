"""The real command, as a user runs it."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from engine.sample import write_sample_library

Run = subprocess.CompletedProcess[str]


@pytest.fixture
def engine(project: Path, tmp_path: Path):
    """Runs `python -m engine ...` with a library of its own."""
    environment = {
        **os.environ,
        "VISUAL_SEARCH_LIBRARY": str(tmp_path / "library"),
        "COLUMNS": "200",
        "NO_COLOR": "1",
    }

    environment.pop("VISUAL_SEARCH_DEVICE", None)

    def run(*arguments: str | Path, **variables: str) -> Run:
        return subprocess.run(
            [sys.executable, "-m", "engine", *map(str, arguments)],
            cwd=project,
            env=environment | variables,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


def test_index_says_what_it_did_and_why_it_skipped(engine, photos: Path) -> None:
    first = engine("index", photos)
    assert first.returncode == 0, first.stderr
    assert "3 added, 0 updated, 0 moved, 0 removed, 0 unchanged, 1 skipped" in first.stdout
    assert "broken.jpg: not a picture: the content is text" in first.stderr
    (photos / "red.jpg").rename(photos / "crimson.jpg")
    (photos / "blue.jpg").unlink()
    again = engine("index")  # no folder: all that are known
    assert "0 added, 0 updated, 1 moved, 1 removed, 1 unchanged, 1 skipped" in again.stdout


def test_search_prints_paths_to_stdout_and_the_rest_to_stderr(engine, photos: Path) -> None:
    engine("index", photos)
    run = engine("search", "--like", "1")
    assert str(photos / "blue.jpg") in run.stdout.splitlines()[1]
    assert "3 images searched in" in run.stderr
    assert "searched" not in run.stdout


def test_a_mistyped_device_of_the_environment_is_quoted(engine, photos: Path) -> None:
    run = engine("index", photos, VISUAL_SEARCH_DEVICE="gpu")
    assert (run.returncode, run.stdout) == (1, "")
    assert "'gpu' in VISUAL_SEARCH_DEVICE is unknown; expected auto, cpu or cuda" in run.stderr


def test_odd_names_are_printed_on_one_line(engine, photos: Path) -> None:
    odd = os.fsencode(photos) + b"/line\nbreak \xf0\x9f\x98\x80 \xff [red].jpg"
    os.rename(os.fsencode(photos / "red.jpg"), odd)  # noqa: PTH104 - bytes
    engine("index", photos)
    run = engine("search", "red")
    assert "line\\nbreak 😀 \\udcff [red].jpg" in run.stdout
    paths = [hit["path"] for hit in json.loads(engine("search", "red", "--json").stdout)["results"]]
    assert odd in [os.fsencode(path) for path in paths]


def test_sample_then_index(engine, tmp_path: Path) -> None:
    assert engine("sample", tmp_path / "pictures", "--count", "12").returncode == 0
    assert "12 added" in engine("index", tmp_path / "pictures").stdout
    run = engine("sample", tmp_path / "library" / "library.db")
    assert run.returncode == 1
    assert "library.db" in run.stderr


def test_stopping_by_keyboard_keeps_what_was_done(project: Path, tmp_path: Path) -> None:
    write_sample_library(tmp_path / "pictures", 300)
    library = tmp_path / "library"
    command = [sys.executable, "-m", "engine", "index", str(tmp_path / "pictures")]
    process = subprocess.Popen(
        [*command, "--library", str(library)], cwd=project, stderr=subprocess.PIPE, text=True
    )
    while process.poll() is None and count_images(library) == 0:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "run again to go on" in said
    assert "Traceback" not in said
    assert 0 < count_images(library) < 300


def count_images(library: Path) -> int:
    try:
        with closing(sqlite3.connect(f"file:{library}/library.db?mode=ro", uri=True)) as database:
            return int(database.execute("SELECT count(*) FROM images").fetchone()[0])
    except sqlite3.OperationalError:  # not there yet
        return 0
