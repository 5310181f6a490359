"""`Job`: long work in a thread, so that it outlives the page, and all pages can watch it."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, cast

from engine import (
    CheckUp,
    DuplicateReport,
    ImportReport,
    IngestReport,
    Progress,
    ProgressCallback,
    ReindexReport,
    Tuning,
)
from ui.jobs.background import Background
from ui.jobs.pace import Pace


@dataclass(frozen=True)
class Tuned:
    """What measuring the index has found; None if every search is exact anyway."""

    tuning: Tuning | None


@dataclass(frozen=True)
class Forgotten:
    """A folder that was taken out of the library, and how many images went with it."""

    folder: str
    images: int


Kind = Literal["indexing", "doctor", "duplicates", "reindex", "tuning", "forgetting", "metadata"]
Report = IngestReport | CheckUp | DuplicateReport | ReindexReport | ImportReport | Tuned | Forgotten

Tell = Callable[[str, int, int], None]
"""Called with what is being done, and how many of how many pieces are done."""

Work = Callable[[Tell], Report]

_BEGINNING: dict[Kind, str] = {
    "indexing": "Looking for pictures",
    "doctor": "Checking the database",
    "duplicates": "Comparing pictures",
    "reindex": "Loading the model",
    "tuning": "Measuring the index",
    "forgetting": "Taking the folder out",
    "metadata": "Reading the table",
}
_STAGES = {"indexing": "Adding pictures", "reindexing": "Looking at every picture again"}


@dataclass(frozen=True)
class JobState:
    """How a job stands.

    Attributes:
        number: counts the jobs since the app was started; 0 is none.
        kind: of work.
        running: whether it still works.
        doing: what it does right now.
        done: pieces done.
        total: pieces in all, 0 while unknown.
        report: what it did, once it has ended well.
        error: why it ended, if it did not end well.
        stopped: whether that was asked for.
        work: to begin it again; None if that makes no sense.
        ended_at: seconds since 1970; 0 while it runs.
    """

    number: int = 0
    kind: Kind = "indexing"
    running: bool = False
    doing: str = ""
    done: int = 0
    total: int = 0
    report: Report | None = None
    error: str = ""
    stopped: bool = False
    work: Work | None = None
    ended_at: float = 0.0


class Job(Background):
    """One job at a time. Safe to use from several threads."""

    said_when_stopped = "Stopped. What was done so far is kept."

    def __init__(self) -> None:
        super().__init__()
        self._state = JobState()
        self._latest: dict[Kind, JobState] = {}
        self._pace = Pace()

    @property
    def state(self) -> JobState:
        """How the latest job stands."""
        return self._state

    def latest(self, kind: Kind) -> JobState | None:
        """The latest job of a kind that has ended well."""
        return self._latest.get(kind)

    def forget(self, kind: Kind) -> None:
        """Drop what the latest job of a kind has found, as it is not true any more."""
        self._latest.pop(kind, None)

    def seconds_left(self) -> float | None:
        """What the running stage will still take; None while that cannot be said."""
        with self._lock:
            return self._pace.left(time.monotonic()) if self._state.running else None

    def start(self, work: Work, kind: Kind = "indexing", resumes: bool = True) -> int:
        """Begin, unless a job is running; returns the number of the job that runs now.

        Args:
            work: what to do.
            kind: of work.
            resumes: whether the same work can be begun again after it was stopped.
        """
        with self._lock:
            if not self._state.running:
                self._pace = Pace()
                self._state = JobState(
                    self._state.number + 1,
                    kind,
                    running=True,
                    doing=_BEGINNING[kind],
                    work=work if resumes else None,
                )
                self._begin(lambda: work(self._tell), f"a job ({kind})")
            return self._state.number

    def _tell(self, doing: str, done: int, total: int) -> None:
        self._check()
        with self._lock:
            self._pace.note(time.monotonic(), doing, done, total)
        self._state = replace(self._state, doing=doing, done=done, total=total)

    def _end(self, result: object = None, error: str = "", stopped: bool = False) -> None:
        report = cast(Report | None, result)
        ended = replace(
            self._state,
            running=False,
            report=report,
            error=error,
            stopped=stopped,
            ended_at=time.time(),
        )
        if report is not None:
            self._latest[ended.kind] = ended
        self._state = ended


def told(tell: Tell) -> ProgressCallback:
    """What the engine calls as it goes on, for a job."""

    def progress(step: Progress) -> None:
        tell(_STAGES.get(step.stage, step.stage.capitalize()), step.done, step.total)

    return progress
