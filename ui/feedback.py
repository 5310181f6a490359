"""Thumbs, "more like this", and the line about what thumbs have hidden."""

from dataclasses import replace

import streamlit as st

from engine import Hit, Query, ResultPage, SearchEngine
from ui import state
from ui.state import PAGE
from ui.text import count


def thumbs(engine: SearchEngine, query: Query, hit: Hit, name: str) -> None:
    """Two buttons under a result; `name` is Markdown. A second press on a liked one takes it back.

    The engine stores the mark, and the next run of the results uses it.
    """
    liked = hit.mark > 0
    st.button(
        f"Liked, press to take it back: {name}" if liked else f"Good match: {name}",
        key=f"up_{hit.id}",
        icon=":material/thumb_up:",
        type="primary" if liked else "tertiary",
        on_click=engine.mark,
        args=(query, hit.id, 0 if liked else 1),
    )
    st.button(
        f"Bad match, hide it: {name}",
        key=f"down_{hit.id}",
        icon=":material/thumb_down:",
        type="tertiary",
        on_click=_dislike,
        args=(engine, query, hit.id),
    )


def more_like(image_id: int, name: str) -> None:
    """The button that searches for pictures like this one; `name` is Markdown."""
    st.button(
        f"More like this: {name}",
        key=f"more_{image_id}",
        icon=":material/image_search:",
        type="tertiary",
        on_click=_more_like,
        args=(image_id,),
    )


def hidden(engine: SearchEngine, query: Query, page: ResultPage) -> None:
    """What thumbs have done to the results, and how to take it back."""
    if not engine.marks(query):
        return
    with st.container(horizontal=True, vertical_alignment="center", key="hidden"):
        said = "ordered by your thumbs"
        if page.hidden:
            said = f"{count(page.hidden, 'image')} hidden by your thumbs down"
        st.caption(said, width="content")
        latest = st.session_state.get("disliked")
        if latest is not None and engine.marks(query).get(latest, 0) < 0:
            st.button(
                "Undo the last one",
                key="undo",
                icon=":material/undo:",
                type="tertiary",
                on_click=engine.mark,
                args=(query, latest, 0),
            )
        st.button(
            "Reset thumbs",
            key="reset",
            icon=":material/restart_alt:",
            type="tertiary",
            help="Takes back all thumbs of this search, up and down",
            on_click=engine.clear_marks,
            args=(query,),
        )


def _dislike(engine: SearchEngine, query: Query, image_id: int) -> None:
    engine.mark(query, image_id, -1)
    st.session_state["disliked"] = image_id


def _more_like(image_id: int) -> None:
    asked, _ = state.read()
    state.go(replace(asked, like=image_id, shown=PAGE))
    st.rerun()  # the whole page: the query bar shows the picture, too
