"""Replacing a file in one step; having a file in memory."""

import os
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from engine.machine import available_bytes

_BLOCK = 4 * 2**20


@contextmanager
def replacing(target: Path) -> Generator[Path]:
    """A path to write to; it takes the place of `target` at the end, or never."""
    target.parent.mkdir(parents=True, exist_ok=True)
    # Of the writer alone: two threads or processes may write the same file at once.
    part = target.with_name(f"{target.name}.{os.getpid()}-{threading.get_ident()}.part")
    try:
        yield part
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def read_into_memory(file: Path) -> bool:
    """Read a file once, if half of the free memory is enough: later reads are from memory.

    A search reads a hundred places here and there. From a disk that takes longer than all else.

    Returns:
        Whether it was enough.
    """
    free = available_bytes()
    if free is None or file.stat().st_size > free / 2:
        return False
    block = bytearray(_BLOCK)
    with file.open("rb", buffering=0) as stream:
        while stream.readinto(block):
            pass
    return True
