"""Replacing a file in one step; having a file in memory."""

import os
import subprocess
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from engine.machine import available_bytes

_BLOCK = 4 * 2**20
_READ = """
import sys
block = bytearray(int(sys.argv[2]))
with open(sys.argv[1], "rb", buffering=0) as stream:
    while stream.readinto(block):
        pass
"""


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


def read_database_into_memory(file: Path) -> None:
    """The same for a database in use, by another process.

    A process that closes a file loses all locks it has on it (POSIX), also those of SQLite. The
    next process to close the database would take itself for the last one, and delete the log
    with whatever this one goes on to write there.
    """
    free = available_bytes()
    if free is None or file.stat().st_size > free / 2:
        return
    command = [sys.executable, "-I", "-S", "-c", _READ, str(file), str(_BLOCK)]
    subprocess.run(command, check=False, stdin=subprocess.DEVNULL, capture_output=True)
