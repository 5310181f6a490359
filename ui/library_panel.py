"""The page's header, and the window about the library behind its button."""

from functools import partial

import streamlit as st

from engine import LibraryInfo, SearchEngine
from ui import folders, indexing, job_view, model_settings, pages, resources
from ui.text import code

_OPEN = "library_open"


def header(engine: SearchEngine) -> None:
    """The app's name, and the button that opens the library's window."""
    with st.container(
        key="header",
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
    ):
        st.title("Visual search", anchor=False, width="content")
        st.button(
            "Library",
            key="library",
            icon=":material/photo_library:",
            on_click=_set_open,
            args=(True,),
        )
    if st.session_state.get(_OPEN):
        _panel(engine)


def close() -> None:
    """The window is not open any more when the page is shown again."""
    _set_open(False)


def _set_open(is_open: bool) -> None:
    st.session_state[_OPEN] = is_open


@st.dialog(
    "Library",
    width="medium",
    icon=":material/photo_library:",
    on_dismiss=partial(_set_open, False),
)
def _panel(engine: SearchEngine) -> None:
    info = resources.facts(engine)
    running = resources.index_job().state.running
    st.markdown(_facts(info))
    if running:
        st.info("The library is being brought up to date right now.")
    else:
        refresh = st.button(
            "Refresh",
            key="refresh",
            icon=":material/refresh:",
            help="Takes in new, changed, moved and deleted pictures of all folders",
            disabled=not info.folders,
        )
        if refresh:
            _set_open(False)
            indexing.start(indexing.add(engine, None))
        folders.form(engine, "add_folder", on_start=partial(_set_open, False))
    model_settings.show(info.model_folder, disabled=running)
    job_view.skipped_files(info.skipped)
    pages.link("evaluate", "How good are the results?")


def _facts(info: LibraryInfo) -> str:
    folders = ", ".join(code(folder) for folder in info.folders) or "none yet"
    rows = (
        ("Images", f"{info.images:,}"),
        ("Folders", folders),
        ("Kept in", code(str(info.library))),
        ("Model", f"{code(info.model)} on {code(info.provider)}{_fitted(info)}"),
        ("Index", _index(info)),
    )
    return "\n".join(f"- {name}: {value}" for name, value in rows)


def _fitted(info: LibraryInfo) -> str:
    return f", fitted to {code(info.adapter)}" if info.adapter else ""


def _index(info: LibraryInfo) -> str:
    """What a search may miss, in a person's words."""
    if info.index_pending:
        return f"{code(info.index_backend)}, being built; until then every search compares all"
    if info.tuning is None:
        exact = info.index_backend == "flat"
        said = "compares all images, misses none" if exact else "not measured yet"
        return f"{code(info.index_backend)}, {said}"
    return (
        f"{code(info.index_backend)}, finds at least {info.tuning.bound:.1%} of the true first 10 "
        f"(measured with {info.tuning.texts} texts and {info.tuning.images} images)"
    )
