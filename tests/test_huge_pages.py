import mmap
import re
from pathlib import Path

import pytest

from engine.huge_pages import LEAST, prefer_huge_pages

SETTING = Path("/sys/kernel/mm/transparent_hugepage/enabled")


@pytest.fixture
def large() -> mmap.mmap:
    """A filled piece of memory that asks for nothing special."""
    memory = mmap.mmap(-1, 2 * LEAST, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    memory.write(b"\1" * 2 * LEAST)
    return memory


def huge_kilobytes() -> int:
    rollup = Path("/proc/self/smaps_rollup").read_text(encoding="utf-8")
    found = re.search(r"AnonHugePages: +(\d+) kB", rollup)
    return int(found[1]) if found else 0


@pytest.mark.parametrize("is_filled", [False, True])
def test_content_stays(large: mmap.mmap, is_filled: bool) -> None:
    prefer_huge_pages(is_filled)
    assert large[:] == b"\1" * 2 * LEAST


def test_memory_in_use_is_moved_to_larger_pages(large: mmap.mmap) -> None:
    if not SETTING.exists() or "[never]" in SETTING.read_text():
        pytest.skip("this system has no larger pages")
    before = huge_kilobytes()
    prefer_huge_pages(is_filled=True)
    if huge_kilobytes() == before:
        pytest.skip("this system moves nothing at once, or has no room for larger pages")
    assert huge_kilobytes() - before > LEAST / 1024


def test_where_there_are_none_nothing_happens(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("engine.huge_pages._MAPS", tmp_path / "not there")
    prefer_huge_pages(is_filled=True)
