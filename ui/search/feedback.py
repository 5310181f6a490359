"""Thumbs, what they have done to the results, and how to take them back."""

from dataclasses import dataclass

import streamlit as st

from engine import Query, ResultPage, SearchEngine
from ui.permissions import may_change
from ui.text import count

_GIVEN = "thumbs_given"
_REMEMBERED = 100


@dataclass(frozen=True)
class _Thumb:
    """A thumb of this visitor, and what was there before it."""

    question: str
    image_id: int
    before: int


def give(engine: SearchEngine, query: Query, image_id: int, mark: int) -> None:
    """Store a thumb; a second thumb up takes the first one back. It can be undone."""
    if not may_change() or engine.image(image_id) is None:  # another process has removed it
        return
    before = engine.marks(query).get(image_id, 0)
    given: list[_Thumb] = st.session_state.setdefault(_GIVEN, [])
    given.append(_Thumb(query.key(), image_id, before))
    del given[:-_REMEMBERED]
    engine.mark(query, image_id, 0 if mark == before else mark)


def line(engine: SearchEngine, query: Query, page: ResultPage) -> None:
    """What thumbs have done to the results, and buttons to take them back."""
    undoable = _latest(query)
    marks = engine.marks(query)
    if not marks and undoable is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="hidden"):
        said = ["ordered by your thumbs"] if 1 in marks.values() else []
        if page.hidden:
            said.append(f"{count(page.hidden, 'picture')} hidden by your thumbs down")
        if said:
            st.caption("; ".join(said), width="content")
        if not may_change():
            return
        if undoable is not None:
            st.button(
                "Undo last thumb",
                key="undo",
                icon=":material/undo:",
                type="tertiary",
                on_click=_undo,
                args=(engine, query),
            )
        if marks:
            st.button(
                "Reset thumbs",
                key="reset",
                icon=":material/restart_alt:",
                type="tertiary",
                help="Takes back all thumbs of this search, up and down",
                on_click=_reset,
                args=(engine, query),
            )


def _reset(engine: SearchEngine, query: Query) -> None:
    question = query.key()
    given: list[_Thumb] = st.session_state.get(_GIVEN, [])
    st.session_state[_GIVEN] = [thumb for thumb in given if thumb.question != question]
    engine.clear_marks(query)


def _latest(query: Query) -> _Thumb | None:
    given: list[_Thumb] = st.session_state.get(_GIVEN, [])
    question = query.key() if given else ""
    return next((thumb for thumb in reversed(given) if thumb.question == question), None)


def _undo(engine: SearchEngine, query: Query) -> None:
    thumb = _latest(query)
    if thumb is not None and may_change():
        st.session_state[_GIVEN].remove(thumb)
        if engine.image(thumb.image_id) is not None:
            engine.mark(query, thumb.image_id, thumb.before)
