"""Fixtures for all tests: the project's folder, its model, and the real images beside it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import SearchEngine
from engine.encoder import Encoder, load
from engine.sample import SampleItem, plan, write_sample_library

PROJECT = Path(__file__).resolve().parent.parent
SLOW_SECONDS = 3600


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The slow tests may take longer than the others before they count as hanging."""
    for item in items:
        if item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.timeout(SLOW_SECONDS))


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


@pytest.fixture(scope="session")
def sample_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample pictures; read only."""
    folder = tmp_path_factory.mktemp("sample") / "pictures"
    write_sample_library(folder)
    return folder


@pytest.fixture(scope="session")
def sample_items() -> dict[str, SampleItem]:
    """What is on the sample pictures, by file name."""
    return {item.file: item for item in plan()}


@pytest.fixture(scope="session")
def sample_engine(
    encoder: Encoder, sample_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SearchEngine]:
    """An engine over the sample pictures; tests must not change its library."""
    with SearchEngine.with_encoder(encoder, tmp_path_factory.mktemp("library")) as engine:
        report = engine.index([sample_folder])
        assert (report.added, report.skipped) == (300, ())
        yield engine
