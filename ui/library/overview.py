"""The library in four figures."""

import streamlit as st

from engine import SearchEngine, resident_bytes
from ui import resources
from ui.disk_meter import DiskMeter
from ui.text import size


def show(engine: SearchEngine, meter: DiskMeter) -> None:
    """Images, folders, disk and memory."""
    info = resources.facts(engine)
    with st.container(key="figures"), st.container(horizontal=True):
        st.metric("Images", f"{info.images:,}", border=True, width=160)
        st.metric("Folders", f"{len(info.folders):,}", border=True, width=160)
        if meter.bytes(engine) is None:
            _waiting(engine, meter)
        else:
            _disk(engine, meter)
        memory = resident_bytes()
        if memory is not None:
            st.metric(
                "Memory",
                size(memory),
                border=True,
                width=160,
                help="What this app holds now: the model, the vectors, and what the system lends "
                "it to read files quickly.",
            )


@st.fragment(run_every="1s")
def _waiting(engine: SearchEngine, meter: DiskMeter) -> None:
    if meter.bytes(engine) is not None:
        st.rerun()
    _disk(engine, meter)


def _disk(engine: SearchEngine, meter: DiskMeter) -> None:
    known = meter.bytes(engine)
    st.metric(
        "Disk",
        "measuring" if known is None else size(known),
        border=True,
        width=160,
        help="The library's own folder: vectors, thumbnails, index. Your pictures are elsewhere.",
    )
