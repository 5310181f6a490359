"""Device, adapter, threads and index: what is really in use, and the choices."""

import streamlit as st

from engine import LibraryInfo, SearchEngine, describe_machine
from ui import permissions, resources
from ui.jobs import job_view
from ui.jobs.job import Tell, Tuned, Work, told
from ui.settings import model_settings
from ui.text import code


def show(engine: SearchEngine) -> None:
    """Facts first, then what can be changed."""
    info = resources.facts(engine)
    running = resources.index_job().state.running
    fitted = f", fitted to {code(info.adapter)}" if info.adapter else ""
    rows = (
        ("Model", f"{code(info.model)} on {code(info.provider)}{fitted}"),
        ("Threads", f"{engine.encoder.threads:,} for the model"),
        ("Machine", code(describe_machine())),
        ("Index", index_in_words(info)),
    )
    st.markdown("\n".join(f"- {name}: {value}" for name, value in rows))
    if not permissions.may_change():
        return
    model_settings.show(info.model_folder, disabled=running)
    if info.index_backend != "flat" and st.button(
        "Measure the index and tune it",
        key="tune",
        icon=":material/speed:",
        help="Tries past searches and others, and sets the index so that it finds enough. "
        "Searches go on meanwhile.",
        disabled=running,
    ):
        job_view.start(tune(engine), "tuning")


def tune(engine: SearchEngine) -> Work:
    """The job that measures the index."""

    def work(tell: Tell) -> Tuned:
        return Tuned(engine.tune(progress=told(tell)))

    return work


def index_in_words(info: LibraryInfo) -> str:
    """What a search may miss, in a person's words."""
    if info.index_pending:
        return f"{code(info.index_backend)}, being built; until then every search compares all"
    if info.tuning is None:
        exact = info.index_backend == "flat"
        said = "looks at all pictures, misses none" if exact else "not measured yet"
        return f"{code(info.index_backend)}, {said}"
    return (
        f"{code(info.index_backend)}, finds at least {info.tuning.bound:.1%} of the 10 best "
        f"matches (measured with {info.tuning.texts} texts and {info.tuning.images} pictures)"
    )
