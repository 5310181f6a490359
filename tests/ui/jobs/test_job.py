import threading

import pytest

from engine import IngestReport, LibraryError, Progress
from ui.jobs.job import Forgotten, Job, Tell, told


def test_a_job_tells_how_far_it_is_and_what_it_did():
    job, told, go_on = Job(), threading.Event(), threading.Event()

    def work(tell: Tell) -> IngestReport:
        tell("Adding pictures", 3, 10)
        told.set()
        go_on.wait(10)
        return IngestReport(added=10)

    assert job.start(work) == 1
    assert told.wait(10)
    state = job.state
    assert (state.running, state.doing, state.done, state.total) == (True, "Adding pictures", 3, 10)
    go_on.set()
    assert job.wait(10)
    assert not job.state.running
    assert job.state.report == IngestReport(added=10)
    assert job.state.error == ""


def test_only_one_job_runs_at_a_time():
    job, go_on, ran = Job(), threading.Event(), []

    def first(tell: Tell) -> IngestReport:
        go_on.wait(10)
        return IngestReport()

    def second(tell: Tell) -> IngestReport:
        ran.append("second")
        return IngestReport()

    assert job.start(first) == 1
    assert job.start(second) == 1
    go_on.set()
    assert job.wait(10)
    assert ran == []
    assert job.start(second) == 2
    assert job.wait(10)
    assert ran == ["second"]


def test_a_job_can_be_stopped():
    job, told = Job(), threading.Event()

    def work(tell: Tell) -> IngestReport:
        while True:
            tell("Adding pictures", 1, 2)
            told.set()

    job.start(work)
    assert told.wait(10)
    job.stop()
    assert job.wait(10)
    assert job.state.report is None
    assert "kept" in job.state.error


def test_a_stopped_job_does_not_stop_the_next():
    job = Job()
    job.stop()

    def work(tell: Tell) -> IngestReport:
        tell("Adding pictures", 1, 1)
        return IngestReport(added=1)

    job.start(work)
    assert job.wait(10)
    assert job.state.report == IngestReport(added=1)


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (LibraryError("another process is indexing"), "another process is indexing"),
        (ZeroDivisionError("oh"), "unexpected ZeroDivisionError: oh"),
    ],
)
def test_a_failed_job_says_why(error: Exception, told: str):
    job = Job()

    def work(tell: Tell) -> IngestReport:
        raise error

    job.start(work)
    assert job.wait(10)
    assert job.state.error == told


def test_what_was_stopped_can_be_begun_again_and_what_has_ended_is_remembered():
    job, enough = Job(), threading.Event()

    def work(tell: Tell) -> IngestReport:
        while not enough.is_set():
            tell("Adding pictures", 1, 2)
        return IngestReport(added=1)

    job.start(work)
    job.stop()
    assert job.wait(10)
    assert job.state.stopped
    assert job.latest("indexing") is None
    again = job.state.work
    assert again is not None
    enough.set()
    assert job.start(again) == 2
    assert job.wait(10)
    job.start(lambda tell: Forgotten("/a", 3), "forgetting", resumes=False)
    assert job.wait(10)
    assert job.state.work is None
    latest = job.latest("indexing")
    assert latest is not None
    assert latest.report == IngestReport(added=1)
    job.forget("indexing")
    assert job.latest("indexing") is None


def test_the_engines_progress_is_told_in_words():
    steps: list[tuple[str, int, int]] = []
    progress = told(lambda *step: steps.append(step))
    progress(Progress(1, 2))
    progress(Progress(3, 0, stage="looking for pictures"))
    assert steps == [("Adding pictures", 1, 2), ("Looking for pictures", 3, 0)]
