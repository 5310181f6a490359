"""The folders of the library: add one, refresh all, take one out."""

import streamlit as st

from engine import SearchEngine
from ui import permissions, resources
from ui.jobs import indexing, job_view
from ui.jobs.job import Forgotten, Tell, Work, told
from ui.library import folders
from ui.text import code, count

_LEAVING = "folder_to_forget"


def show(engine: SearchEngine) -> None:
    """A form to add a folder, and what is there."""
    running = resources.index_job().state.running
    info = resources.facts(engine)
    if permissions.may_change():
        with st.container(key="adding", width=720):
            folders.form(engine, "add_folder", disabled=running)
    if not info.folders:
        st.info("No folder is in the library yet.", icon=":material/folder_off:")
        return
    _head(engine, running)
    counts = resources.folder_counts(engine)
    with st.container(key="folder_list", gap="xsmall"):
        for number, folder in enumerate(info.folders):
            _folder(engine, number, folder, counts.get(folder, 0), running)
    st.caption(f"The library is kept in {code(str(info.library))}")


def _head(engine: SearchEngine, running: bool) -> None:
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"
    ):
        st.subheader("In the library", anchor=False, width="content")
        if permissions.may_change() and st.button(
            "Refresh all",
            key="refresh",
            icon=":material/refresh:",
            help="Takes in new, changed, moved and deleted pictures of all folders",
            disabled=running,
        ):
            job_view.start(indexing.add(engine, None))


def _folder(engine: SearchEngine, number: int, folder: str, images: int, running: bool) -> None:
    with st.container(
        border=True,
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
        key=f"folder_{number}",
    ):
        st.markdown(f":material/folder: {code(folder)}", width="content")
        with st.container(horizontal=True, vertical_alignment="center", width="content"):
            st.caption(count(images, "picture"), width="content")
            if permissions.may_change():
                st.button(
                    f"Take out of the library {code(folder)}",
                    key=f"remove_folder_{number}",
                    icon=":material/delete:",
                    type="tertiary",
                    disabled=running,
                    on_click=_ask,
                    args=(folder,),
                )
    if st.session_state.get(_LEAVING) == folder and permissions.may_change():
        _confirm(engine, folder, images, running)


def _confirm(engine: SearchEngine, folder: str, images: int, running: bool) -> None:
    with st.container(border=True, key="confirm_forget"):
        st.markdown(
            f"Take {code(folder)} out of the library? {count(images, 'picture')} will not be found "
            "any more, and thumbs given to them are lost. The pictures themselves stay where "
            "they are. Those that lie in another folder of the library, too, stay in it."
        )
        with st.container(horizontal=True):
            if st.button("Take it out", key="forget_folder", type="primary", disabled=running):
                _ask(None)
                job_view.start(forget(engine, folder), "forgetting", resumes=False)
            st.button("Keep it", key="keep_folder", on_click=_ask, args=(None,))


def forget(engine: SearchEngine, folder: str) -> Work:
    """The job that takes a folder out."""

    def work(tell: Tell) -> Forgotten:
        return Forgotten(folder, engine.forget_folder(folder, told(tell)))

    return work


def _ask(folder: str | None) -> None:
    st.session_state[_LEAVING] = folder
