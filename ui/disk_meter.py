"""How much of the disk the library takes, measured in the background: no page waits for it."""

import logging
import threading

import streamlit as st

from engine import SearchEngine
from ui import resources

_log = logging.getLogger(__name__)


class DiskMeter:
    """Measures how much of the disk a library takes, once for each state of it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._of: tuple[int, int, bool] | None = None
        self._bytes: int | None = None
        self._thread: threading.Thread | None = None

    def bytes(self, engine: SearchEngine) -> int | None:
        """The size of the library's folder; None while it is being measured."""
        with self._lock:
            job = resources.index_job().state
            state = (id(engine), job.number, job.running)
            is_measuring = self._thread is not None and self._thread.is_alive()
            if self._of != state and not is_measuring:
                self._of, self._bytes = state, None
                self._thread = threading.Thread(target=self._measure, args=(engine,), daemon=True)
                self._thread.start()
            return self._bytes

    def wait(self, timeout: float) -> None:
        """Until the thread has ended, at most `timeout` seconds."""
        if self._thread is not None:
            self._thread.join(timeout)

    def _measure(self, engine: SearchEngine) -> None:
        try:
            self._bytes = engine.disk_bytes()
        except OSError as error:  # a file that went while it was looked at
            _log.warning("the library's size is not known: %s", error)
            self._of = None


@st.cache_resource(show_spinner=False)
def disk_meter() -> DiskMeter:
    """The one of this app."""
    return DiskMeter()
