import ctypes
import mmap
import os
from pathlib import Path

import pytest

from engine import files
from engine.files import read_into_memory, replacing


def test_the_new_file_takes_the_place_of_the_old(tmp_path: Path) -> None:
    target = tmp_path / "new folder" / "file"
    for content in ("first", "second"):
        with replacing(target) as part:
            part.write_text(content)
            assert part.parent == target.parent
        assert target.read_text() == content
    assert list(target.parent.iterdir()) == [target]


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "file"
    target.write_text("old")
    with pytest.raises(RuntimeError, match="stop"), replacing(target) as part:
        part.write_text("half")
        raise RuntimeError("stop")
    assert target.read_text() == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_nothing_written_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), replacing(tmp_path / "file"):
        pass
    assert list(tmp_path.iterdir()) == []


def share_in_memory(file: Path) -> float:
    """Share of a file's pages that the system holds in memory."""
    with file.open("rb") as stream:
        mapped = mmap.mmap(stream.fileno(), 0, flags=mmap.MAP_PRIVATE)
    pages = -(-len(mapped) // mmap.PAGESIZE)
    held = (ctypes.c_ubyte * pages)()
    start = ctypes.addressof(ctypes.c_char.from_buffer(mapped))
    assert ctypes.CDLL(None).mincore(ctypes.c_void_p(start), len(mapped), held) == 0
    return sum(page & 1 for page in held) / pages


def out_of_memory(file: Path) -> None:
    """Have the system forget a file's pages, as far as it does."""
    descriptor = os.open(file, os.O_RDONLY)
    os.fsync(descriptor)
    os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    os.close(descriptor)


@pytest.mark.parametrize("free", [None, 1000])
def test_a_file_is_read_into_memory_if_there_is_enough(
    free: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"content " * 1_000_000)
    out_of_memory(file)
    before = share_in_memory(file)
    if free is not None:
        monkeypatch.setattr(files, "available_bytes", lambda: free)
    assert read_into_memory(file) == (free is None)
    assert share_in_memory(file) == (1 if free is None else before)
