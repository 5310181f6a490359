"""What all visitors of the app share: the engine with its model, and the running job."""

import streamlit as st

from engine import LibraryInfo, SearchEngine
from ui.jobs import IndexJob


@st.cache_resource(show_spinner="Loading the model", on_release=SearchEngine.close)
def open_engine() -> SearchEngine:
    """The engine, opened once for the whole process.

    Raises:
        ModelError: the model cannot be used; the next call tries again.
        LibraryError: the library cannot be used; the next call tries again.
    """
    return SearchEngine.open()


@st.cache_resource(show_spinner=False)
def index_job() -> IndexJob:
    """The one job that indexes."""
    return IndexJob()


def facts(engine: SearchEngine) -> LibraryInfo:
    """Facts about the library, gathered again after every job."""
    state = index_job().state
    return _facts(engine, state.number, state.running)


def is_empty(engine: SearchEngine) -> bool:
    """Whether the library holds no image, also if another process has just added some."""
    if facts(engine).images:
        return False
    forget_facts()
    return facts(engine).images == 0


def forget_facts() -> None:
    """Gather the facts again when they are next asked for."""
    _facts.clear()


@st.cache_resource(show_spinner=False, max_entries=2)
def _facts(_engine: SearchEngine, job: int, running: bool) -> LibraryInfo:
    """`job` and `running` tell one state of the library from the next."""
    return _engine.info()
