"""`Job`: long work in a thread, so that it outlives the page, and all pages can watch it."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from engine import (
    CheckUp,
    DuplicateReport,
    ImportReport,
    IngestReport,
    LibraryError,
    ModelError,
    Progress,
    ProgressCallback,
    ReindexReport,
    Tuning,
)
from ui.pace import Pace

_log = logging.getLogger(__name__)


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


class StoppedError(Exception):
    """The user has stopped the job."""


class Job:
    """One job at a time. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._state = JobState()
        self._latest: dict[Kind, JobState] = {}
        self._pace = Pace()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

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
                self._stop.clear()
                self._pace = Pace()
                self._state = JobState(
                    self._state.number + 1,
                    kind,
                    running=True,
                    doing=_BEGINNING[kind],
                    work=work if resumes else None,
                )
                # A daemon: the app can be ended at any time, and the next run goes on.
                self._thread = threading.Thread(target=self._run, args=(work,), daemon=True)
                self._thread.start()
            return self._state.number

    def stop(self) -> None:
        """Ask the job to end after the batch it is at; what it has done is kept."""
        self._stop.set()

    def wait(self, timeout: float | None = None) -> bool:
        """Until the job has ended; False if it has not within `timeout` seconds."""
        thread = self._thread
        if thread is not None:
            thread.join(timeout)
        return not self._state.running

    def _run(self, work: Work) -> None:
        try:
            self._end(report=work(self._tell))
        except StoppedError:
            self._end(error="Stopped. What was done so far is kept.", stopped=True)
        except (LibraryError, ModelError, OSError, ValueError) as error:
            self._end(error=str(error))
        except Exception as error:
            _log.exception("a job has failed: %s", self._state.kind)
            self._end(error=f"unexpected {type(error).__name__}: {error}")

    def _tell(self, doing: str, done: int, total: int) -> None:
        if self._stop.is_set():
            raise StoppedError
        with self._lock:
            self._pace.note(time.monotonic(), doing, done, total)
        self._state = replace(self._state, doing=doing, done=done, total=total)

    def _end(self, report: Report | None = None, error: str = "", stopped: bool = False) -> None:
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
