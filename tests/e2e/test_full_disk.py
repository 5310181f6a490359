"""A disk that is full, through the command line: a message, nothing lost, and on with more room."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from vs_drawing import write_many
from vs_small_disk import SmallDisk

COUNT = 100


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_many(tmp_path_factory.mktemp("pictures"), COUNT)[0].parent


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    (tmp_path / "disk").mkdir()
    with SmallDisk(tmp_path / "disk", "100m") as mounted:
        yield mounted


def images(disk: SmallDisk, *options: str) -> int:
    """How many images the library on the disk has."""
    done = disk.run_engine("info", "--library", disk.path / "library", "--json", *options)
    assert done.returncode == 0, done.stderr
    return int(json.loads(done.stdout)["images"])


@pytest.mark.parametrize("size", ["64k", "300k"])
def test_indexing_stops_with_a_message_and_goes_on_with_more_room(
    size: str, disk: SmallDisk, pictures: Path
) -> None:
    library = disk.path / "library"
    disk.resize(size)
    full = disk.run_engine("index", pictures, "--library", library)
    assert full.returncode == 1
    assert "Traceback" not in full.stderr
    assert full.stderr.count("error:") == 1
    assert str(library) in full.stderr
    disk.resize("100m")
    kept = images(disk)
    assert kept < COUNT
    done = disk.run_engine("index", pictures, "--library", library, "--json")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert (report["added"], report["unchanged"]) == (COUNT - kept, kept)
    assert disk.run_engine("doctor", "--library", library).returncode == 0


def test_searching_goes_on_on_a_disk_that_is_all_but_full(disk: SmallDisk, pictures: Path) -> None:
    library = disk.path / "library"
    assert disk.run_engine("index", pictures, "--library", library).returncode == 0
    disk.fill("64K")  # the database makes a small file, even for a reader
    ask = ("search", "--image", pictures / "007.png", "--json")
    found = disk.run_engine(*ask, "--library", library)
    assert found.returncode == 0, found.stderr
    assert json.loads(found.stdout)["results"][0]["path"] == str(pictures / "007.png")
