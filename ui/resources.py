"""What all visitors of the app share: the engine with its model, and the running job."""

import threading
from contextlib import suppress
from dataclasses import dataclass

import streamlit as st

from engine import (
    Device,
    LibraryError,
    LibraryInfo,
    SearchEngine,
    adapter_name,
    chosen_device,
)
from ui import permissions
from ui.jobs.job import Job


@dataclass
class Settings:
    """What a visitor may set for all of them, until the app is started again.

    Attributes:
        device: where the model runs; None as long as nobody has chosen.
        adapter: what the model is fitted to; "" is nothing, None as long as nobody has chosen.
    """

    device: Device | None = None
    adapter: str | None = None


@st.cache_resource(show_spinner=False)
def settings() -> Settings:
    """The one set of settings."""
    return Settings()


def device() -> Device:
    """The device that was chosen, here or for the process.

    Raises:
        ModelError: `VISUAL_SEARCH_DEVICE` names none.
    """
    return chosen_device(settings().device)


def adapter() -> str:
    """The adapter that was chosen, here or for the process; "" is none."""
    return adapter_name(settings().adapter) or ""


def open_engine() -> SearchEngine:
    """The engine, opened once for the whole process, its settings, and the model of the library.

    Raises:
        ModelError: the model, the device or the adapter cannot be used; the next call tries again.
        LibraryError: the library cannot be used; the next call tries again.
    """
    engine = _engine_with(device(), adapter())
    if engine.is_outdated():
        settings().adapter = ""  # it was made for the model of before
        _engine_with.clear()
        forget_facts()
        engine = _engine_with(device(), adapter())
    return engine


def change_device(device: Device) -> None:
    """Run the model somewhere else from now on; if that fails, all stays as it was.

    Raises:
        ModelError: the device cannot be used.
        LibraryError: the library cannot be used.
        ReadOnlyError: nothing may be changed here.
    """
    permissions.require()
    _engine_with(device, adapter())
    settings().device = device
    forget_facts()


def change_adapter(name: str) -> None:
    """Search with this adapter from now on, "" for none; if that fails, all stays as it was.

    Raises:
        ModelError: the adapter cannot be used.
        LibraryError: the library cannot be used.
        ReadOnlyError: nothing may be changed here.
    """
    permissions.require()
    _engine_with(device(), name)
    settings().adapter = name
    forget_facts()


def use_cpu() -> None:
    """Run the model on the CPU, which every machine has, when it is next opened."""
    settings().device = "cpu"


def use_no_adapter() -> None:
    """Search as the model is, when it is next opened."""
    settings().adapter = ""


@st.cache_resource(show_spinner="Loading the model", max_entries=1, on_release=SearchEngine.close)
def _engine_with(device: Device, adapter: str) -> SearchEngine:
    """A page that still uses the one before may do so: closed, it opens its database again."""
    engine = SearchEngine.open(device=device, adapter=adapter)
    threading.Thread(target=_warm, args=(engine,), name="warm", daemon=True).start()
    return engine


def _warm(engine: SearchEngine) -> None:
    with suppress(LibraryError, OSError):  # the search page says the same when it meets it
        engine.warm()


@st.cache_resource(show_spinner=False)
def index_job() -> Job:
    """The one long job: indexing, a check-up, another model."""
    return Job()


def facts(engine: SearchEngine) -> LibraryInfo:
    """Facts about the library, gathered again after every job."""
    state = index_job().state
    return _facts(engine, state.number, state.running)


def folder_counts(engine: SearchEngine) -> dict[str, int]:
    """How many images lie in each folder, counted again after every job."""
    state = index_job().state
    return _folder_counts(engine, state.number, state.running)


def is_empty(engine: SearchEngine) -> bool:
    """Whether the library holds no image, also if another process has just added some."""
    if facts(engine).images:
        return False
    forget_facts()
    return facts(engine).images == 0


def forget_facts() -> None:
    """Gather the facts again when they are next asked for."""
    _facts.clear()
    _folder_counts.clear()


@st.cache_resource(show_spinner=False, max_entries=2)
def _facts(_engine: SearchEngine, job: int, running: bool) -> LibraryInfo:
    """`job` and `running` tell one state of the library from the next."""
    return _engine.info()


@st.cache_resource(show_spinner=False, max_entries=2)
def _folder_counts(_engine: SearchEngine, job: int, running: bool) -> dict[str, int]:
    return _engine.folder_counts()
