"""What an empty search shows: how to search, and searches to try."""

from dataclasses import replace

import streamlit as st

from engine import LibraryError, SearchEngine
from ui import gallery, resources, state
from ui.jobs import indexing
from ui.state import Picture

FOR_SAMPLE = (
    "sailing boat on a lake",
    "red shoes with white laces",
    "a lighthouse by the sea",
    "snowy mountains",
    "ducks on a pond",
    "striped pattern",
)
"""Searches that the sample pictures can answer."""

_FOR_ANY = ("sunset over the sea", "a red car", "flowers in a vase", "a dog", "people at a table")

_LATEST, _OFFERED = 30, 6

_WAYS = (
    (":material/title:", "Words", "Say what is on the picture, as you would tell a friend."),
    (":material/image:", "An example", "Give a picture of yours to find similar ones."),
    (":material/tune:", "Both", "Mix words and a picture, and leave out what you do not want."),
)


def show(engine: SearchEngine) -> None:
    """Draw hints and clickable searches."""
    grid = st.grid(3, min_column_width=220, key="ways")
    for icon, title, explanation in _WAYS:
        with grid.cell():
            st.markdown(f"{icon} **{title}**")
            st.caption(explanation)
    chips(_suited(engine))
    st.caption("Latest in your library")
    gallery.show("latest", engine.latest(_LATEST), _lead)


def chips(searches: tuple[str, ...]) -> None:
    """Searches to click on."""
    with st.container(horizontal=True, vertical_alignment="center", key="suggestions"):
        st.caption("Try", width="content")
        for words in searches:
            st.button(words, key=f"try_{words}", on_click=_search, args=(words,))


def _lead(kind: str, image_id: int) -> None:
    asked, _ = state.read()
    if kind == "open":
        state.go(replace(asked, view=image_id))
    else:
        state.go(asked.with_picture(Picture("like", str(image_id), kind == "more")))


def _suited(engine: SearchEngine) -> tuple[str, ...]:
    facts = resources.facts(engine)
    if str(indexing.sample_folder(engine)) in facts.folders:
        return FOR_SAMPLE
    return _of_library(engine, str(facts.library), facts.images) or _FOR_ANY


@st.cache_resource(show_spinner=False, max_entries=4)
def _of_library(_engine: SearchEngine, library: str, images: int) -> tuple[str, ...]:
    """Names of the largest groups of the library's map, if it has one."""
    try:
        atlas = _engine.atlas()
    except LibraryError:
        return ()
    groups = sorted(atlas.clusters, key=lambda one: -one.size) if atlas else []
    names = (" ".join(one.name.split(",")[0].split()) for one in groups)
    return tuple(dict.fromkeys(name for name in names if name))[:_OFFERED]


def _search(words: str) -> None:
    asked, _ = state.read()
    state.go(replace(asked, text=words))
