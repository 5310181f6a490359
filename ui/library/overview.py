"""The library in four figures."""

import streamlit as st

from engine import SearchEngine, resident_bytes
from ui import resources
from ui.library.disk_meter import DiskMeter
from ui.text import size

_MEMORY = (
    "What this app holds now: the model, the vectors, and what the system lends it to read files "
    "quickly."
)
_DISK = "The library's own folder: vectors, thumbnails, index. Your pictures are elsewhere."


def show(engine: SearchEngine, meter: DiskMeter) -> None:
    """Pictures, folders, disk and memory."""
    if meter.measure(engine):
        _figures(engine, meter)
    else:
        _until_measured(engine, meter)


@st.fragment(run_every="1s")
def _until_measured(engine: SearchEngine, meter: DiskMeter) -> None:
    if meter.measure(engine):
        st.rerun()
    _figures(engine, meter)


def _figures(engine: SearchEngine, meter: DiskMeter) -> None:
    info, memory = resources.facts(engine), resident_bytes()
    with st.grid(4, min_column_width=130, key="figures", width=760):
        st.metric("Pictures", f"{info.images:,}", border=True)
        st.metric("Folders", f"{len(info.folders):,}", border=True)
        disk = "..." if meter.known is None else size(meter.known)
        st.metric("Disk", disk, border=True, help=_DISK)
        st.metric("Memory", "-" if memory is None else size(memory), border=True, help=_MEMORY)
