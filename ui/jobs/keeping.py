"""Keeps the index up in a thread of its own, so that no search waits for it."""

import logging
import threading

import streamlit as st

from engine import LibraryError, SearchEngine

_log = logging.getLogger(__name__)


class Keeper:
    """One thread at a time that brings an index up to date."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    @property
    def is_working(self) -> bool:
        """Whether the thread runs."""
        thread = self._thread
        return thread is not None and thread.is_alive()

    def keep_up(self, engine: SearchEngine) -> None:
        """Begin, where there is something to do; returns at once."""
        with self._lock:
            if self.is_working or not _is_needed(engine):
                return
            # A daemon: the app can be ended at any time, and the next start goes on.
            self._thread = threading.Thread(target=_work, args=(engine,), daemon=True)
            self._thread.start()

    def wait(self, timeout: float) -> None:
        """Until the thread has ended, at most `timeout` seconds."""
        if self._thread is not None:
            self._thread.join(timeout)


def _is_needed(engine: SearchEngine) -> bool:
    try:
        return engine.needs_upkeep()
    except LibraryError as error:  # the search page says the same when it meets it
        _log.warning("%s", error)
        return False


def _work(engine: SearchEngine) -> None:
    try:
        engine.upkeep()
    except LibraryError as error:  # the search page says the same when it meets it
        _log.warning("%s", error)
    except Exception:
        _log.exception("the index cannot be brought up to date")


@st.cache_resource(show_spinner=False)
def keeper() -> Keeper:
    """The one of this app."""
    return Keeper()
