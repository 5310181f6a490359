"""How results are shown: how many, how large, copies once, kept apart, and where they match."""

from dataclasses import replace

import streamlit as st

from ui import state
from ui.gallery import Density
from ui.state import SearchState

PAGE = 60
"""Results shown at first."""

MOST = 3_000
"""Results on one page at most."""

_SHOWN = "results_shown"
_REMEMBERED = 20  # searches of this visitor whose length is known, for the way back
_DENSITIES: dict[str, Density] = {
    ":material/grid_on:": "small",
    ":material/grid_view:": "medium",
    ":material/crop_square:": "large",
}


def shown(asked: SearchState) -> int:
    """How many results of a search this visitor wants to see."""
    lengths: dict[SearchState, int] = st.session_state.get(_SHOWN, {})
    return lengths.get(_search(asked), PAGE)


def show_more(asked: SearchState) -> None:
    """Twice as many from now on."""
    lengths: dict[SearchState, int] = st.session_state.setdefault(_SHOWN, {})
    search = _search(asked)
    lengths[search] = min(2 * lengths.pop(search, PAGE), MOST)
    for old in list(lengths)[:-_REMEMBERED]:
        del lengths[old]


def options(asked: SearchState, has_words: bool) -> tuple[Density, bool]:
    """The choices; gives how large results are, and whether to show where they match."""
    with st.container(
        horizontal=True, vertical_alignment="center", wrap=False, width="content", key="options"
    ):
        where = has_words and st.toggle(
            "Show where",
            key="where",
            help="Keeps the parts of the pictures bright that match the words",
        )
        with st.popover("View", icon=":material/tune:", type="tertiary", key="view"):
            density = st.segmented_control(
                "Size of pictures",
                list(_DENSITIES),
                default=":material/grid_view:",
                key="density",
                format_func=lambda icon: f"{icon} {_DENSITIES[icon].capitalize()}",
            )
            st.session_state["fold"] = asked.fold
            st.toggle(
                "Copies once",
                key="fold",
                on_change=lambda: state.go(replace(asked, fold=st.session_state["fold"])),
                help="Of copies that were found in your library, shows the best one",
            )
            st.session_state["diversity"] = round(100 * asked.diversity)
            st.slider(
                "Variety",
                0,
                100,
                step=5,
                format="%d %%",
                key="diversity",
                on_change=lambda: state.go(
                    replace(asked, diversity=st.session_state["diversity"] / 100)
                ),
                help="Keeps apart what looks alike",
            )
    return _DENSITIES[density or ":material/grid_view:"], bool(where)


def _search(asked: SearchState) -> SearchState:
    return replace(asked, view=None)
