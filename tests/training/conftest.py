"""What the tests of the training code need from outside."""

from importlib.util import find_spec
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[3] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared data and pretrained weights."""
    if not (SHARED / "pretrained").is_dir():
        pytest.skip("needs ../shared/pretrained beside the project")
    return SHARED


@pytest.fixture(scope="session", autouse=True)
def few_threads() -> None:
    """Small products on many threads wait for each other."""
    if find_spec("torch"):
        import torch

        torch.set_num_threads(2)
