from collections.abc import Callable
from pathlib import Path

import pytest

Write = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With files called a.jpg to e.jpg, of which nobody reads the content."""
    for name in "abcde":
        (tmp_path / f"{name}.jpg").write_bytes(b"")
    return tmp_path


@pytest.fixture
def write(folder: Path) -> Write:
    """Writes a file of that name and content into the folder."""

    def write_one(name: str, content: str | bytes) -> Path:
        data = content.encode() if isinstance(content, str) else content
        (folder / name).write_bytes(data)
        return folder / name

    return write_one
