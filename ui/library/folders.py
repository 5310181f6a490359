"""Adding a folder of the machine that runs the app: by its path, or by looking for it."""

import streamlit as st

from engine import SearchEngine
from ui.allowed_folders import FolderError, checked, named_roots
from ui.jobs import indexing, job_view
from ui.library import folder_browser
from ui.text import code


def form(
    engine: SearchEngine, key: str, disabled: bool = False, is_filled_in: bool = False
) -> None:
    """A field for a folder, a button that indexes it, and one to look for it.

    `is_filled_in` proposes the usual folder for pictures, if it can be added.
    """
    usual = _usual()
    with st.form(key, border=False):
        typed = st.text_input(
            "Folder with pictures",
            value=usual if is_filled_in and _can_be_added(usual) else "",
            placeholder=usual,
            help="A folder of the machine on which this app runs. Folders inside it count, too. "
            "Your pictures are only read, never changed, moved or copied.",
            key=f"{key}_path",
            disabled=disabled,
        )
        with st.container(horizontal=True):
            add = st.form_submit_button(
                "Add pictures", type="primary", icon=":material/add_a_photo:", disabled=disabled
            )
            browse = st.form_submit_button(
                "Browse", icon=":material/folder_open:", disabled=disabled
            )
    if browse:
        folder_browser.begin(typed or "")
    if add:
        try:
            folder = checked(typed or "")
        except FolderError as error:
            st.error(str(error), icon=":material/folder_off:")
        else:
            job_view.start(indexing.add(engine, [folder]))
    if roots := named_roots():
        st.caption(f"Folders inside {', '.join(code(str(root)) for root in roots)} can be added.")
    folder_browser.show(engine)


def _usual() -> str:
    roots = named_roots()
    return str(roots[0]) if roots else "~/Pictures"


def _can_be_added(folder: str) -> bool:
    try:
        checked(folder)
    except FolderError:
        return False
    return True
