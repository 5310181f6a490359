"""Saved searches of the library, for all visitors, and what this visitor has asked for so far."""

from collections.abc import Callable, Hashable
from dataclasses import replace
from urllib.parse import parse_qs, urlencode

import streamlit as st

from engine import LibraryError, SavedSearch, SearchEngine
from ui import state
from ui.filters.filter_widgets import mirror
from ui.filters.search_name import gist, name_of
from ui.permissions import may_change
from ui.state import SearchState
from ui.text import code

_HISTORY, _REMOVED, _PROBLEM = "history", "saved_removed", "saved_problem"
_TIMES = "saved_times"
_KEPT = 20


def show(engine: SearchEngine, asked: SearchState) -> None:
    """Draw both lists below the filters."""
    asked = replace(asked, view=None)
    _saved(engine, asked)
    _history(engine, asked)


def _saved(engine: SearchEngine, asked: SearchState) -> None:
    saved = engine.saved_searches()
    if not saved and not may_change():
        return
    with st.container(horizontal=True, horizontal_alignment="distribute", key="saved_head"):
        st.subheader("Saved searches", anchor=False, width="content")
        is_edited = bool(saved) and may_change() and st.toggle("Edit", key="saved_edit")
    _problem()
    if may_change():
        _save(engine, asked)
        _undo(engine)
    for one in saved:
        if is_edited:
            _editor(engine, one)
        else:
            _link(f"saved_go_{one.id}", one.name, one.search, ":material/bookmark:")


def _save(engine: SearchEngine, asked: SearchState) -> None:
    if asked.is_empty:
        st.caption("Search for something, then save it here by a name.")
        return
    address = urlencode(state.to_params(asked), doseq=True)
    key = f"save_name_{address}"  # each search is proposed its own name
    # Another key after each search that was saved: the window begins anew, closed.
    popover = st.popover(
        "Save this search",
        icon=":material/bookmark_add:",
        key=f"save_{st.session_state.get(_TIMES, 0)}",
    )
    with popover.form("save_form", border=False):
        st.text_input("Name", name_of(asked), max_chars=100, key=key)
        st.form_submit_button("Save", key="save_now", on_click=_keep, args=(engine, asked, key))


def _editor(engine: SearchEngine, one: SavedSearch) -> None:
    key = f"saved_name_{one.id}"
    mirror(key, one.name)
    with st.container(key=f"saved_{one.id}", horizontal=True, wrap=False, gap="xsmall"):
        st.text_input(
            f"Name of {code(one.name)}",
            max_chars=100,
            key=key,
            label_visibility="collapsed",
            on_change=_rename,
            args=(engine, one, key),
        )
        st.button(
            f"Remove {code(one.name)}",
            key=f"remove_saved_{one.id}",
            icon=":material/delete:",
            type="tertiary",
            on_click=_remove,
            args=(engine, one),
        )


def _undo(engine: SearchEngine) -> None:
    removed: SavedSearch | None = st.session_state.get(_REMOVED)
    if removed is None:
        return
    with st.container(key="saved_undo", horizontal=True, vertical_alignment="center"):
        st.caption(f"Removed {code(removed.name)}", width="content")
        st.button(
            "Undo",
            key="undo_remove",
            icon=":material/undo:",
            type="tertiary",
            on_click=_restore,
            args=(engine, removed),
        )


def _keep(engine: SearchEngine, asked: SearchState, key: str) -> None:
    name = str(st.session_state.get(key) or "").strip() or name_of(asked)
    if _done(engine.save_search, name, urlencode(state.to_params(asked), doseq=True)):
        st.session_state[_TIMES] = st.session_state.get(_TIMES, 0) + 1
        st.toast(f"Saved as {code(name)}", icon=":material/bookmark_added:")


def _rename(engine: SearchEngine, one: SavedSearch, key: str) -> None:
    _done(engine.rename_search, one.id, str(st.session_state[key] or ""))


def _remove(engine: SearchEngine, one: SavedSearch) -> None:
    if _done(engine.remove_search, one.id):
        st.session_state[_REMOVED] = one


def _restore(engine: SearchEngine, removed: SavedSearch) -> None:
    if _done(engine.restore_search, removed):
        del st.session_state[_REMOVED]


def _done(work: Callable[..., object], *args: object) -> bool:
    """Whether it could be done; what is in the way is told by the next run."""
    if not may_change():  # said before the buttons of this page were taken away
        return False
    try:
        work(*args)
    except LibraryError as error:
        st.session_state[_PROBLEM] = str(error)
        return False
    return True


def _problem() -> None:
    problem = st.session_state.pop(_PROBLEM, None)
    if problem:
        st.error(f"Not done: {code(problem)}", icon=":material/error:")


def _history(engine: SearchEngine, asked: SearchState) -> None:
    """The latest searches of this visitor; nobody else sees them, and no file holds them.

    Of searches that differ in nothing but where a slider stands, the latest one is kept.
    """
    past: dict[Hashable, SearchState] = st.session_state.setdefault(_HISTORY, {})
    this = gist(engine, asked)
    if not asked.is_empty:
        past.pop(this, None)
        past[this] = asked
        for old in list(past)[: -_KEPT - 1]:
            del past[old]
    earlier = [one for about, one in reversed(past.items()) if about != this]
    if not earlier:
        return
    with st.container(horizontal=True, horizontal_alignment="distribute", key="history_head"):
        st.subheader("Your latest searches", anchor=False, width="content")
        st.button("Clear", key="clear_history", type="tertiary", on_click=past.clear)
    for number, one in enumerate(earlier[:_KEPT]):
        search = urlencode(state.to_params(one), doseq=True)
        _link(f"history_go_{number}", name_of(one), search, ":material/history:")


def _link(key: str, name: str, search: str, icon: str) -> None:
    """A button as wide as the panel that searches again; the name may be anybody's."""
    st.button(
        code(name),
        key=key,
        icon=icon,
        type="tertiary",
        width="stretch",
        on_click=_search,
        args=(search,),
    )


def _search(search: str) -> None:
    asked, _ = state.parse(parse_qs(search))
    state.go(asked)
