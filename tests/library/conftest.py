from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.encoder import Encoder
from engine.library import Library


@pytest.fixture
def library(encoder: Encoder, tmp_path: Path) -> Iterator[Library]:
    """An empty library under the shipped model."""
    opened = Library(tmp_path / "library", encoder.manifest)
    yield opened
    opened.close()


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """An empty folder for pictures."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    return folder
