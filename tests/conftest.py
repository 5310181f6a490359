"""Fixtures for all tests: the project's folder, its model, and the real images beside it."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, settings
from PIL import Image
from vs_in_process import CommandLine
from vs_once import MakeOnce, indexing

from engine import SearchEngine
from engine.encoder import Encoder, load
from engine.sample import SampleItem, plan, write_sample_library

PROJECT = Path(__file__).resolve().parent.parent
SLOW_SECONDS = 3600
CORES_EACH = 2
# Property tests: the same examples on every run, and no limit of time on a slow machine.
settings.register_profile(
    "steady",
    deadline=None,
    derandomize=True,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("steady")
LONGEST_FIRST = ("tests/e2e/", "tests/training/", "tests/browser/", "tests/ui/")


def pytest_configure() -> None:
    """Workers side by side, and all they start, keep to a few cores each.

    Otherwise each of their processes has a thread for every core, and they wait for each other.
    """
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    if worker.startswith("gw") and hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0))
        first = int(worker.removeprefix("gw"))
        own = {cores[(first + more) % len(cores)] for more in range(CORES_EACH)}
        os.sched_setaffinity(0, own)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The slow tests may take longer than the others before they count as hanging.

    Files with long tests come first, so that no worker is left with one when the others are done.
    """
    for item in items:
        if item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.timeout(SLOW_SECONDS))
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST_FIRST))


@pytest.fixture(scope="session")
def project() -> Path:
    return PROJECT


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    return load(PROJECT / "models" / "default")


@pytest.fixture
def command_line(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, encoder: Encoder
) -> CommandLine:
    """`python -m engine`, in this process."""
    return CommandLine(capfd, monkeypatch, encoder)


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
def made_once(tmp_path_factory: pytest.TempPathFactory) -> MakeOnce:
    """Gives a folder of this name, filled by whichever of the workers came first; read only."""
    base = tmp_path_factory.getbasetemp()
    common = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base

    def made(name: str, fill: Callable[[Path], object]) -> Path:
        folder, part = common / name, common / f"{name}.part"
        with FileLock(common / f"{name}.lock"):
            if not folder.exists():
                shutil.rmtree(part, ignore_errors=True)
                fill(part)
                part.rename(folder)
        return folder

    return made


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """Three pictures, and a file that is none."""
    folder = tmp_path / "photos"
    folder.mkdir()
    for colour in ("red", "green", "blue"):
        Image.new("RGB", (80, 60), colour).save(folder / f"{colour}.jpg")
    (folder / "broken.jpg").write_text("not a picture")
    return folder


@pytest.fixture(scope="session")
def sample_folder(made_once: MakeOnce) -> Path:
    """The sample pictures; read only."""
    return made_once("pictures", write_sample_library)


@pytest.fixture(scope="session")
def sample_items() -> dict[str, SampleItem]:
    """What is on the sample pictures, by file name."""
    return {item.file: item for item in plan()}


@pytest.fixture(scope="session")
def sample_engine(
    encoder: Encoder,
    sample_folder: Path,
    made_once: MakeOnce,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[SearchEngine]:
    """An engine over the sample pictures; tests must not change its library."""
    own = tmp_path_factory.mktemp("library") / "library"
    shutil.copytree(made_once("sample-library", indexing(encoder, sample_folder)), own)
    with SearchEngine.with_encoder(encoder, own) as engine:
        yield engine
