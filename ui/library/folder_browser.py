"""A window to look for a folder of the machine that runs the app."""

from pathlib import Path

import streamlit as st

from engine import SearchEngine
from ui import allowed_folders, permissions
from ui.allowed_folders import FolderError
from ui.jobs import indexing, job_view
from ui.library import folder_listing
from ui.library.folder_listing import Listing, Pictures
from ui.text import code

_AT = "browsing_at"
_FILTER = "browse_filter"


def begin(typed: str = "") -> None:
    """Open the window at what was typed, if it can be looked into, or at the first root."""
    try:
        folder = allowed_folders.checked(typed)
    except FolderError:
        folder = None
    if folder is None or not allowed_folders.is_browsable(folder):
        folder = allowed_folders.roots()[0]
    _go(folder)


def show(engine: SearchEngine) -> None:
    """The window, while it is open."""
    if st.session_state.get(_AT) and permissions.may_change():
        _window(engine)


def close() -> None:
    """Close it with the next run of the page."""
    st.session_state.pop(_AT, None)


def _go(folder: Path) -> None:
    st.session_state[_AT] = str(folder)
    st.session_state[_FILTER] = ""


@st.dialog("Choose a folder", width="medium", icon=":material/folder_open:", on_dismiss=close)
def _window(engine: SearchEngine) -> None:
    at = st.session_state.get(_AT)
    if at is None:  # closed while it was drawn
        return
    listing = folder_listing.look(Path(at), st.session_state.get(_FILTER) or "")
    _roots(listing.folder)
    _way(listing.folder)
    if listing.problem:
        st.error(listing.problem, icon=":material/folder_off:")
    else:
        _folders(listing)
    if not listing.problem and not listing.pictures.problem:
        st.caption(f"This folder itself: {listing.pictures}. Folders inside it are added, too.")
        if st.button(
            "Add this folder", key="browse_add", type="primary", icon=":material/add_a_photo:"
        ):
            close()
            job_view.start(indexing.add(engine, [allowed_folders.checked(at)]))


def _roots(folder: Path) -> None:
    """Where there are several, a choice of them."""
    roots = allowed_folders.roots()
    if len(roots) < 2:
        return
    with st.container(horizontal=True, key="browse_roots"):
        for number, root in enumerate(roots):
            st.button(
                code(str(root)),
                key=f"browse_root_{number}",
                icon=":material/hard_drive:",
                type="secondary" if folder.is_relative_to(root) else "tertiary",
                on_click=_go,
                args=(root,),
            )


def _way(folder: Path) -> None:
    """The folders above, to go back to."""
    with st.container(horizontal=True, gap="xxsmall", key="browse_way"):
        way = folder_listing.way_to(folder)
        for number, (name, place) in enumerate(way):
            st.button(
                code(name),
                key=f"browse_way_{number}",
                type="tertiary",
                icon=":material/chevron_right:" if number else ":material/home_storage:",
                disabled=number == len(way) - 1,
                on_click=_go,
                args=(place,),
            )


def _folders(listing: Listing) -> None:
    st.text_input(
        "Only folders with this in their name",
        key=_FILTER,
        type="search",
        placeholder="Filter",
        label_visibility="collapsed",
    )
    with st.container(height=280, key="browse_folders", gap=None):
        if not listing.folders:
            there = "with this in its name " if st.session_state.get(_FILTER) else ""
            st.caption(f"There is no folder {there}in here.")
        for number, (name, pictures) in enumerate(listing.folders):
            _folder(number, listing.folder / name, name, pictures)
        if listing.left_out:
            st.caption(f"and {listing.left_out:,} more; the filter finds them")


def _folder(number: int, folder: Path, name: str, pictures: Pictures) -> None:
    with st.container(
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
        wrap=False,
        key=f"browse_row_{number}",
    ):
        st.button(
            code(name),
            key=f"browse_{number}",
            icon=":material/folder:",
            type="tertiary",
            width="stretch",
            disabled=bool(pictures.problem),
            on_click=_go,
            args=(folder,),
        )
        st.caption(str(pictures), width="content")
