"""`MapJob`: making the map of the library in a thread, once for all visitors."""

from dataclasses import dataclass, replace

import streamlit as st

from engine import Progress, SearchEngine
from ui.jobs.background import Background


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


class MapJob(Background):
    """One making at a time. Safe to use from several threads."""

    def __init__(self) -> None:
        super().__init__()
        self._state = MapState()

    @property
    def state(self) -> MapState:
        """How the latest making stands."""
        return self._state

    def start(self, engine: SearchEngine) -> None:
        """Begin, unless one is going on; returns at once."""
        with self._lock:
            if self._state.running:
                return
            number = self._state.number + 1
            self._state = MapState(number, running=True, doing="Reading the library")
            self._begin(lambda: engine.make_atlas(self._tell), "making the map")

    def _tell(self, progress: Progress) -> None:
        self._check()
        self._state = replace(
            self._state, doing=progress.stage, done=progress.done, total=progress.total
        )

    def _end(self, result: object = None, error: str = "", stopped: bool = False) -> None:
        self._state = replace(self._state, running=False, error=error, stopped=stopped)


@st.cache_resource(show_spinner=False)
def job() -> MapJob:
    """The one of this app."""
    return MapJob()
