"""`MapJob`: making the map of the library in a thread, once for all visitors."""

import logging
import threading
from dataclasses import dataclass, replace

import streamlit as st

from engine import LibraryError, Progress, SearchEngine

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class MapState:
    """How the making of a map stands.

    Attributes:
        number: counts the makings since the app was started; 0 is none.
        running: whether one is going on.
        doing: what it does right now.
        done: pieces of that done.
        total: pieces of that in all, 0 while unknown.
        error: why the latest one ended, if it did not end well.
        stopped: whether that was asked for.
    """

    number: int = 0
    running: bool = False
    doing: str = ""
    done: int = 0
    total: int = 0
    error: str = ""
    stopped: bool = False


class _StoppedError(Exception):
    """A visitor has stopped the making."""


class MapJob:
    """One making at a time. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._state = MapState()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def state(self) -> MapState:
        """How the latest making stands."""
        return self._state

    def start(self, engine: SearchEngine) -> None:
        """Begin, unless one is going on; returns at once."""
        with self._lock:
            if self._state.running:
                return
            self._stop.clear()
            number = self._state.number + 1
            self._state = MapState(number, running=True, doing="Reading the library")
            # A daemon: the app can be ended at any time, and the next start makes it again.
            self._thread = threading.Thread(target=self._run, args=(engine,), daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Ask the making to end; a map that was made before is kept."""
        self._stop.set()

    def wait(self, timeout: float | None = None) -> bool:
        """Until the making has ended; False if it has not within `timeout` seconds."""
        thread = self._thread
        if thread is not None:
            thread.join(timeout)
        return not self._state.running

    def _run(self, engine: SearchEngine) -> None:
        try:
            engine.make_atlas(self._tell)
        except _StoppedError:
            self._end("Stopped.", stopped=True)
        except (LibraryError, OSError, ValueError) as error:
            self._end(str(error))
        except Exception as error:
            _log.exception("the map cannot be made")
            self._end(f"unexpected {type(error).__name__}: {error}")
        else:
            self._end()

    def _tell(self, progress: Progress) -> None:
        if self._stop.is_set():
            raise _StoppedError
        self._state = replace(
            self._state, doing=progress.stage, done=progress.done, total=progress.total
        )

    def _end(self, error: str = "", stopped: bool = False) -> None:
        self._state = replace(self._state, running=False, error=error, stopped=stopped)


@st.cache_resource(show_spinner=False)
def job() -> MapJob:
    """The one of this app."""
    return MapJob()
