"""Replacing a file in one step."""

import os
import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path


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
