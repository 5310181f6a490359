"""`IndexJob`: indexing in a thread, so that it outlives the page, and all pages can watch it."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from engine import IngestReport, LibraryError

_log = logging.getLogger(__name__)

Tell = Callable[[str, int, int], None]
"""Called with what is being done, and how many of how many pieces are done."""

Work = Callable[[Tell], IngestReport]


@dataclass(frozen=True)
class JobState:
    """How a job stands.

    Attributes:
        number: counts the jobs since the app was started; 0 is none.
        running: whether it still works.
        doing: what it does right now.
        done: pieces done.
        total: pieces in all, 0 while unknown.
        report: what indexing did, once it has ended well.
        error: why it ended, if it did not end well.
        stopped: whether that was asked for.
    """

    number: int = 0
    running: bool = False
    doing: str = ""
    done: int = 0
    total: int = 0
    report: IngestReport | None = None
    error: str = ""
    stopped: bool = False


class StoppedError(Exception):
    """The user has stopped the job."""


class IndexJob:
    """One job at a time. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._state = JobState()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def state(self) -> JobState:
        """How the latest job stands."""
        return self._state

    def start(self, work: Work) -> int:
        """Begin, unless a job is running; returns the number of the job that runs now."""
        with self._lock:
            if not self._state.running:
                self._stop.clear()
                number = self._state.number + 1
                self._state = JobState(number, running=True, doing="Looking for pictures")
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
            self._end(error="Stopped. What was added so far is kept.", stopped=True)
        except (LibraryError, OSError, ValueError) as error:
            self._end(error=str(error))
        except Exception as error:
            _log.exception("indexing failed")
            self._end(error=f"unexpected {type(error).__name__}: {error}")

    def _tell(self, doing: str, done: int, total: int) -> None:
        if self._stop.is_set():
            raise StoppedError
        self._state = replace(self._state, doing=doing, done=done, total=total)

    def _end(
        self, report: IngestReport | None = None, error: str = "", stopped: bool = False
    ) -> None:
        self._state = replace(
            self._state, running=False, report=report, error=error, stopped=stopped
        )
