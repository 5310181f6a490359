"""What can be done with the pictures that were chosen on the map."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from engine import SearchEngine
from ui import gallery, pages, tables
from ui.map.map_canvas import Choice
from ui.state import MOST_PICTURES
from ui.text import code, count

_SHOWN = 12
_EXAMPLES = MOST_PICTURES
_GOING = "map_going"  # where to, once the page is drawn
_PARAMS = {"more": "like", "less": "unlike"}


def show(engine: SearchEngine, choice: Choice) -> None:
    """The chosen pictures, some of them shown, and two things to do with all."""
    with st.container(key="map_choice"):
        with st.container(horizontal=True, vertical_alignment="center"):
            said = f"{count(len(choice.ids), 'picture')} chosen"
            title = f"{said}: {code(choice.name)}" if choice.name else said
            st.markdown(f"**{title}**", width="content")
            if st.button("Search like these", key="map_search", icon=":material/image_search:"):
                pages.go("", {"like": [str(one) for one in engine.typical(choice.ids, _EXAMPLES)]})
            st.download_button(
                "Export list (CSV)",
                partial(_table, engine, choice.ids),
                "pictures.csv",
                "text/csv",
                key="map_export",
                icon=":material/download:",
                on_click="ignore",
            )
        some = engine.typical(choice.ids, _SHOWN)
        records = engine.records(some)
        shown = [records[one] for one in some if one in records]
        gallery.show("map_chosen", shown, _lead, density="small")
        if going := st.session_state.pop(_GOING, None):
            pages.go("", going)
        if len(choice.ids) > len(some):
            st.caption(f"The {len(some)} most typical are shown; the buttons take all.")


def more_like(image_id: int) -> None:
    """Leave for the search, with more like one picture."""
    pages.go("", {"like": [str(image_id)]})


def _lead(kind: str, image_id: int) -> None:
    """To the search, with one of the pictures: shown large, or more or less like it."""
    st.session_state[_GOING] = {"view" if kind == "open" else _PARAMS[kind]: [str(image_id)]}


def _table(engine: SearchEngine, ids: Sequence[int]) -> bytes:
    """Id and path of each picture, as a spreadsheet reads it."""
    records = engine.records(ids)
    rows = ((one, records[one].path) for one in ids if one in records)
    return tables.as_csv(("id", "path"), rows)
