"""`Background`: one piece of work at a time in a thread, so that it outlives the page."""

import logging
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable

from engine import LibraryError, ModelError

_log = logging.getLogger(__name__)


class StoppedError(Exception):
    """A visitor has stopped the work."""


class Background(ABC):
    """What jobs of the app have in common; safe to use from several threads."""

    said_when_stopped = "Stopped."

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def stop(self) -> None:
        """Ask the work to end at its next step; what it has done, or was there before, is kept."""
        self._stop.set()

    def wait(self, timeout: float | None = None) -> bool:
        """Until the work has ended; False if it has not within `timeout` seconds."""
        thread = self._thread
        if thread is None:
            return True
        thread.join(timeout)
        return not thread.is_alive()

    def _begin(self, work: Callable[[], object], name: str) -> None:
        """Run `work`, which calls `_check` as it goes on, in a thread; whoever calls has the lock.

        `name` says in the log what has failed.
        """
        self._stop.clear()
        # A daemon: the app can be ended at any time, and the next run begins where this one was.
        self._thread = threading.Thread(target=self._run, args=(work, name), daemon=True)
        self._thread.start()

    def _check(self) -> None:
        if self._stop.is_set():
            raise StoppedError

    def _run(self, work: Callable[[], object], name: str) -> None:
        try:
            self._end(work())
        except StoppedError:
            self._end(error=self.said_when_stopped, stopped=True)
        except (LibraryError, ModelError, OSError, ValueError) as error:
            self._end(error=str(error))
        except Exception as error:
            _log.exception("%s has failed", name)
            self._end(error=f"unexpected {type(error).__name__}: {error}")

    @abstractmethod
    def _end(self, result: object = None, error: str = "", stopped: bool = False) -> None:
        """Note how the work has ended."""
