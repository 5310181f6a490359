"""Fixtures for all tests: the project's folder, its model, and the real images beside it."""

import os
from pathlib import Path

import pytest

from engine.encoder import Encoder, load

PROJECT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def project() -> Path:
    return PROJECT


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    return load(PROJECT / "models" / "default")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real images; absent on most machines, but never in CI."""
    folder = PROJECT.parent / "shared" / "data"
    if not folder.is_dir():
        message = f"real images are not at {folder}"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return folder
