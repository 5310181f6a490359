"""The model in use, and others that the library can be taken over to."""

import os
from pathlib import Path

import streamlit as st

from engine import (
    LibraryError,
    ReindexReport,
    SearchEngine,
    forget_previous,
    model_folders,
    previous_model,
    reindex,
    rollback,
)
from ui import model_card, permissions, resources
from ui.jobs import job_view
from ui.jobs.job import Tell, Work, told
from ui.text import code, size

_FREED = "freed_bytes"


def show(engine: SearchEngine) -> None:
    """What is in use, its card, and how to change it."""
    info = resources.facts(engine)
    st.markdown(f"In use: **{code(info.model)}**")
    model_card.show(engine)
    if not permissions.may_change():
        return
    if os.environ.get("VISUAL_SEARCH_MODEL"):
        st.info(
            "Which model is used is said by the environment variable `VISUAL_SEARCH_MODEL`; "
            "start the app without it to choose here. The library remembers its model by itself."
        )
        return
    running = resources.index_job().state.running
    _others(info.model_folder, info.library, running)
    _way_back(info.library, running)


def take_over(model: Path, library: Path) -> Work:
    """The job that takes the library over to another model."""

    def work(tell: Tell) -> ReindexReport:
        return reindex(model, library, resources.device(), told(tell))

    return work


def go_back(library: Path) -> Work:
    """The job that goes back to the model of before."""

    def work(tell: Tell) -> ReindexReport:
        return rollback(library, device=resources.device(), progress=told(tell))

    return work


def forget(library: Path) -> int:
    """Give up the way back; returns the bytes that are free now.

    Raises:
        LibraryError: another process is writing.
    """
    permissions.require()
    return forget_previous(library)


def _others(current: Path, library: Path, running: bool) -> None:
    st.subheader("Another model", anchor=False)
    others = [folder for folder in model_folders(current) if folder != current.resolve()]
    if not others:
        st.caption(
            f"There is no other one in {code(str(current.parent))}. "
            "`python -m export` brings one in, as the documentation about models tells."
        )
        return
    st.markdown(
        "Every picture is looked at again with the other model. Searches go on with this one "
        "meanwhile; at the end the library changes over at once. What was stopped "
        "goes on where it was. Thumbs, folders and metadata stay."
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            "Model", others, format_func=lambda folder: folder.name, key="other_model", width=360
        )
        if st.button("Change over", key="reindex", icon=":material/swap_horiz:", disabled=running):
            job_view.start(take_over(chosen, library), "reindex")


def _way_back(library: Path, running: bool) -> None:
    if freed := st.session_state.pop(_FREED, None):
        st.success(f"{size(freed)} are free again.")
    try:
        before = previous_model(library)
    except LibraryError as error:
        st.error(code(str(error)))
        return
    if before is None:
        return
    st.subheader("The way back", anchor=False)
    st.markdown(
        f"What {code(before)}, the model of before, has made of your pictures is kept. Going back "
        "looks only at pictures that came since."
    )
    with st.container(horizontal=True):
        if st.button(
            f"Go back to {code(before)}", key="rollback", icon=":material/undo:", disabled=running
        ):
            job_view.start(go_back(library), "reindex")
        with st.popover("Free their room", icon=":material/delete:", disabled=running):
            st.markdown(f"There will be no quick way back to {code(before)}.")
            st.button(
                "Free it", key="forget_previous", type="primary", on_click=_forget, args=(library,)
            )


def _forget(library: Path) -> None:
    try:
        st.session_state[_FREED] = forget(library)
    except LibraryError as error:
        st.toast(f"Nothing was deleted: {code(str(error))}")
