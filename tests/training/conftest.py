"""What the tests of the training code need from outside."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[3] / "shared"


@pytest.fixture
def shared() -> Path:
    """The folder of shared data and pretrained weights."""
    if not (SHARED / "pretrained").is_dir():
        pytest.skip("needs ../shared/pretrained beside the project")
    return SHARED
