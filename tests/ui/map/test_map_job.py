import threading
from collections.abc import Callable

import pytest

from engine import LibraryError, Progress, SearchEngine
from ui.map.map_job import MapJob

Work = Callable[[Callable[[Progress], None]], None]


class Engine:
    """Makes a map as a test says."""

    def __init__(self, work: Work) -> None:
        self.make_atlas = work


@pytest.fixture
def job() -> MapJob:
    return MapJob()


def test_a_map_is_made_and_can_be_watched(job: MapJob, shared_engine: SearchEngine) -> None:
    assert (job.state.number, job.state.running) == (0, False)
    job.start(shared_engine)
    assert job.state.number == 1
    assert job.wait(60)
    state = job.state
    assert (state.running, state.error, state.stopped) == (False, "", False)
    assert state.doing == "Finding names"
    assert shared_engine.atlas() is not None


def test_two_visitors_start_one_making(job: MapJob) -> None:
    go = threading.Event()
    started = []

    def work(tell: Callable[[Progress], None]) -> None:
        started.append(1)
        go.wait(30)

    job.start(Engine(work))
    job.start(Engine(work))
    assert job.state.running
    go.set()
    assert job.wait(30)
    assert started == [1]


def test_it_can_be_stopped_and_begun_again(job: MapJob) -> None:
    begun = threading.Event()

    def work(tell: Callable[[Progress], None]) -> None:
        begun.set()
        while True:
            tell(Progress(1, 2, stage="Laying the map out"))

    job.start(Engine(work))
    assert begun.wait(30)
    job.stop()
    assert job.wait(30)
    assert (job.state.stopped, job.state.error) == (True, "Stopped.")
    job.start(Engine(lambda tell: tell(Progress(1, 1, stage="again"))))
    assert job.wait(30)
    assert (job.state.stopped, job.state.error, job.state.doing) == (False, "", "again")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (LibraryError("gone: open it again"), "gone: open it again"),
        (ZeroDivisionError("oh"), "unexpected ZeroDivisionError: oh"),
    ],
)
def test_what_goes_wrong_is_said(job: MapJob, error: Exception, said: str) -> None:
    def work(tell: Callable[[Progress], None]) -> None:
        raise error

    job.start(Engine(work))
    assert job.wait(30)
    assert (job.state.error, job.state.stopped) == (said, False)
