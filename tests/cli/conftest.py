"""Fixtures for tests of single commands."""

from pathlib import Path

import pytest
from vs_in_process import CommandLine


@pytest.fixture
def engine(
    command_line: CommandLine, project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> CommandLine:
    """`python -m engine`, with a library of its own."""
    monkeypatch.chdir(project)
    monkeypatch.setenv("VISUAL_SEARCH_LIBRARY", str(tmp_path / "library"))
    monkeypatch.delenv("VISUAL_SEARCH_DEVICE", raising=False)
    return command_line
