"""The page about the library: what is in it, and all that can be done with it."""

from collections.abc import Callable

import streamlit as st

from engine import SearchEngine
from ui import permissions
from ui.jobs import job_view
from ui.library import (
    disk_meter,
    doctor_section,
    duplicates_section,
    folders_section,
    metadata_section,
    model_section,
    overview,
    skipped_section,
)

Section = Callable[[SearchEngine], None]


def show(engine: SearchEngine) -> None:
    """Figures, the running job, and a tab for each section; only the open one is drawn."""
    with st.container(key="library"):
        st.title("Library", anchor=False)
        if not permissions.may_change():
            st.info("This app is read-only: look around; nothing can be changed.")
        overview.show(engine, disk_meter.disk_meter())
        job_view.show()
        sections = _sections()
        tabs = st.tabs(list(sections), key="section", on_change="rerun")
        for tab, section in zip(tabs, sections.values(), strict=True):
            if tab.open:
                with tab:
                    section(engine)


def _sections() -> dict[str, Section]:
    changing = permissions.may_change()
    every: dict[str, Section | None] = {
        ":material/folder: Folders": folders_section.show,
        ":material/report: Skipped files": skipped_section.show,
        ":material/health_and_safety: Check-up": doctor_section.show if changing else None,
        ":material/content_copy: Duplicates": duplicates_section.show,
        ":material/table: Metadata": metadata_section.show if changing else None,
        ":material/model_training: Model": model_section.show,
    }
    return {title: section for title, section in every.items() if section is not None}
