import json
from pathlib import Path

import pytest

from engine.index.sealed import PIECE, seal, unseal


def write(folder: Path, content: bytes, **header: object) -> Path:
    """The one file of a sealed index."""
    seal(folder, "tree", {"dim": 8, **header}, {".bin": lambda file: file.write_bytes(content)})
    (file,) = folder.glob("*.bin")
    return file


def test_header_and_files_are_found_again(tmp_path: Path) -> None:
    file = write(tmp_path / "new", b"branches", effort=3)
    header, files = unseal(tmp_path / "new", "tree", 8)
    assert header["effort"] == 3
    assert files == {".bin": file}


def test_a_later_seal_leaves_nothing_of_the_earlier_one(tmp_path: Path) -> None:
    write(tmp_path, b"small")
    file = write(tmp_path, b"large")
    assert sorted(tmp_path.iterdir()) == [file, tmp_path / "tree.json"]


def test_a_writer_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    file = write(tmp_path, b"first")

    def fail(target: Path) -> None:
        target.write_bytes(b"half")
        raise OSError("full")

    with pytest.raises(OSError, match="full"):
        seal(tmp_path, "tree", {"dim": 8}, {".bin": fail})
    assert unseal(tmp_path, "tree", 8)[1] == {".bin": file}
    assert sorted(tmp_path.iterdir()) == [file, tmp_path / "tree.json"]


@pytest.mark.parametrize("header", [{"dim": 8, "files": "tree-0"}, {"dim": 8}, [], "x", None])
def test_a_header_that_is_none_is_refused(header: object, tmp_path: Path) -> None:
    write(tmp_path, b"branches")
    (tmp_path / "tree.json").write_text(json.dumps(header))
    with pytest.raises(ValueError, match=r"tree\.json: damaged"):
        unseal(tmp_path, "tree", 8)


def test_vectors_of_another_width_are_refused(tmp_path: Path) -> None:
    write(tmp_path, b"branches")
    with pytest.raises(ValueError, match="vectors of 8, expected 9"):
        unseal(tmp_path, "tree", 9)


@pytest.mark.parametrize("place", [0, PIECE - 1, PIECE, 2 * PIECE, 2 * PIECE + 4])
def test_damage_anywhere_in_a_large_file_is_seen(place: int, tmp_path: Path) -> None:
    """Large files are read in pieces by several threads."""
    file = write(tmp_path, bytes(2 * PIECE + 5))
    unseal(tmp_path, "tree", 8)
    with file.open("r+b") as stream:
        stream.seek(place)
        stream.write(b"\1")
    with pytest.raises(ValueError, match="damaged"):
        unseal(tmp_path, "tree", 8)
