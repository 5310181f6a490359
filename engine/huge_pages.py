"""Larger pages of memory for large structures that are read here and there.

With pages of 4 KB a graph of a million vectors has more of them than the processor keeps
addresses of, so that most steps through it first look up where the next vector is.
"""

import ctypes
from collections.abc import Iterator
from pathlib import Path

LEAST = 64 * 2**20
"""Bytes of a piece of memory that is worth it."""

_HUGE_PAGE, _COLLAPSE = 14, 25  # of madvise(2)
_MAPS = Path("/proc/self/maps")


def prefer_huge_pages(is_filled: bool) -> None:
    """Ask the system for larger pages wherever this process has large pieces of memory.

    Only Linux has them, if its administrator allows it; elsewhere nothing happens.

    Args:
        is_filled: whether the memory is in use already. Then what is there is moved at once, where
            the system can (Linux 6.1), else little by little.
    """
    if not _MAPS.exists():
        return
    advise = ctypes.CDLL(None).madvise
    advise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    for start, size in _large_pieces():
        if advise(start, size, _HUGE_PAGE) == 0 and is_filled:
            advise(start, size, _COLLAPSE)


def _large_pieces() -> Iterator[tuple[int, int]]:
    """Address and size of memory that is no part of a file."""
    for line in _MAPS.read_text(encoding="utf-8", errors="replace").splitlines():
        addresses, permissions, *rest = line.split()
        start, end = (int(address, 16) for address in addresses.split("-"))
        if permissions == "rw-p" and rest[2:] == ["0"] and end - start >= LEAST:
            yield start, end - start
