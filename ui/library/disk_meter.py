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
        self._thread: threading.Thread | None = None
        self.known: int | None = None
        """Bytes as of the latest measurement; None before the first."""

    def measure(self, engine: SearchEngine) -> bool:
        """Begin to measure, where something may have changed; whether `known` is that of now."""
        with self._lock:
            job = resources.index_job().state
            state = (id(engine), job.number, job.running)
            if self._is_measuring:
                return False
            if self._of == state:
                return True
            self._of = state
            self._thread = threading.Thread(target=self._run, args=(engine,), daemon=True)
            self._thread.start()
            return False

    def wait(self, timeout: float) -> None:
        """Until the thread has ended, at most `timeout` seconds."""
        if self._thread is not None:
            self._thread.join(timeout)

    @property
    def _is_measuring(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def _run(self, engine: SearchEngine) -> None:
        try:
            self.known = engine.disk_bytes()
        except OSError as error:  # a file that went while it was looked at
            _log.warning("the library's size is not known: %s", error)


@st.cache_resource(show_spinner=False)
def disk_meter() -> DiskMeter:
    """The one of this app."""
    return DiskMeter()
