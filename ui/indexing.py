"""The jobs that bring pictures into the library."""

from pathlib import Path

import streamlit as st

from engine import IngestReport, Progress, SearchEngine
from engine.sample import write_sample_library
from ui import resources
from ui.jobs import Tell, Work

SAMPLE_COUNT = 300
"""Sample pictures to draw: a few seconds' work."""


def add(engine: SearchEngine, folders: list[Path] | None) -> Work:
    """The job that indexes folders, or refreshes the whole library."""

    def work(tell: Tell) -> IngestReport:
        def progress(step: Progress) -> None:
            doing = "Adding pictures" if step.stage == "indexing" else step.stage.capitalize()
            tell(doing, step.done, step.total)

        return engine.index(folders, progress)

    return work


def draw_sample(engine: SearchEngine, count: int = SAMPLE_COUNT) -> Work:
    """The job that draws the sample pictures and indexes them."""

    def work(tell: Tell) -> IngestReport:
        folder = sample_folder(engine)

        def progress(done: int, total: int) -> None:
            tell("Drawing sample pictures", done, total)

        write_sample_library(folder, count, progress=progress)
        return add(engine, [folder])(tell)

    return work


def sample_folder(engine: SearchEngine) -> Path:
    """Where the sample pictures go: beside the library."""
    return resources.facts(engine).library.parent / "sample-pictures"


def start(work: Work) -> None:
    """Begin a job and show it on this page."""
    st.session_state["watched"] = resources.index_job().start(work)
    st.rerun()
