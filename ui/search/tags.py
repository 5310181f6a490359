"""Tags of pictures: what they have, each taken off by one click; new ones; and the way back."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256

import streamlit as st

from engine import LibraryError, SearchEngine
from ui import state
from ui.permissions import may_change
from ui.state import SearchState
from ui.text import code, count

_CHANGE, _PROBLEM = "tags_change", "tags_problem"
_NEW, _NEW_OF_ONE = "new_tag", "viewer_new_tag"
_COLUMN = "tag"
_MOST = 30  # tags that are shown, the most frequent ones
_LONGEST = 30  # characters of a tag that are shown


@dataclass(frozen=True)
class _Change:
    """What this visitor has done to tags last.

    Attributes:
        tag: that was given or taken off.
        ids: of the pictures that did not have it before, or had it.
        is_given: whether it was given.
        search: what was searched for meanwhile; with another search it is history.
    """

    tag: str
    ids: tuple[int, ...]
    is_given: bool
    search: SearchState


def to_change(engine: SearchEngine, ids: Sequence[int], done: Callable[[], None]) -> None:
    """Draw what gives tags to the chosen pictures, and takes them off.

    Args:
        engine: of the library.
        ids: of the pictures.
        done: called when a tag was given, before the page is drawn anew.
    """
    with st.form("tag_form", border=False, clear_on_submit=True):
        st.text_input("Tag", key=_NEW, placeholder="holiday")
        st.form_submit_button("Add to the chosen ones", icon=":material/sell:",
                              on_click=_typed, args=(engine, ids, _NEW, done))  # fmt: skip
    _problem()
    counts = _counts(engine, ids)
    if counts:
        st.markdown(":small[They have these; a click takes one off. Files stay as they are.]")
        with st.container(key="chosen_tags", horizontal=True, gap="xsmall"):
            _chips(engine, counts, ids, is_page=True)


def of_picture(engine: SearchEngine, image_id: int) -> None:
    """Draw the tags of one picture, which can be changed, in a window over the page."""
    counts = _counts(engine, [image_id])
    with st.container(key="viewer_tags", horizontal=True, gap="xsmall"):
        st.markdown("**Tags**", width="content")
        _chips(engine, counts, [image_id], is_page=False)
    with (
        st.form("viewer_tag_form", border=False, clear_on_submit=True),
        st.container(key="viewer_tag", horizontal=True, wrap=False, gap="xsmall"),
    ):
        st.text_input("New tag", key=_NEW_OF_ONE, placeholder="A new tag",
                      label_visibility="collapsed")  # fmt: skip
        st.form_submit_button("Add", icon=":material/sell:",
                              on_click=_typed, args=(engine, [image_id], _NEW_OF_ONE))  # fmt: skip
    line(engine, "viewer", is_page=False)


def can_undo() -> bool:
    """Whether `line` has anything to say."""
    return may_change() and (_latest() is not None or _PROBLEM in st.session_state)


def line(engine: SearchEngine, key: str, is_page: bool = True) -> None:
    """What was done last, and a button that takes it back.

    Args:
        engine: of the library.
        key: of the line, once on a page.
        is_page: whether it stands in the page, which shows the change, too; else in a window.
    """
    _problem()
    change = _latest()
    if change is None or not may_change():
        return
    pictures = count(len(change.ids), "picture")
    tag = code(_short(change.tag))
    said = f"{tag} added to {pictures}" if change.is_given else f"{tag} taken off {pictures}"
    with st.container(
        key=f"tags_line_{key}", horizontal=True, vertical_alignment="center", gap="xsmall"
    ):
        st.caption(said, width="content")
        st.button("Undo", key=f"tags_undo_{key}", icon=":material/undo:", type="tertiary",
                  on_click=_undo, args=(engine, change, is_page))  # fmt: skip
        st.button("Close this note", key=f"tags_close_{key}", icon=":material/close:",
                  type="tertiary", on_click=_forget)  # fmt: skip


def _counts(engine: SearchEngine, ids: Sequence[int]) -> Counter[str]:
    """Tags of pictures, and how many of them have each."""
    known = engine.known(ids).values()
    return Counter(tag for one in known for tag in one.attributes.get(_COLUMN, ()))


def _chips(engine: SearchEngine, counts: Counter[str], ids: Sequence[int], is_page: bool) -> None:
    """Buttons that take a tag off; their keys are of the tag, so that no click meets another."""
    for tag, number in counts.most_common(_MOST):
        short = _short(tag)
        said = f"{short} \u00b7 {number}" if len(ids) > 1 else short
        st.button(
            f"Take off {code(said)}",
            key=f"untag_{'all' if is_page else 'one'}_{sha256(tag.encode()).hexdigest()[:12]}",
            icon=":material/close:",
            icon_position="right",
            help=None if short == tag else code(tag),
            on_click=_take_off,
            args=(engine, ids, tag, is_page),
        )
    if len(counts) > _MOST:
        st.caption(f"and {len(counts) - _MOST} more", width="content")


def _short(tag: str) -> str:
    return tag if len(tag) <= _LONGEST else f"{tag[:_LONGEST].rstrip()}..."


def _typed(
    engine: SearchEngine, ids: Sequence[int], key: str, done: Callable[[], None] | None = None
) -> None:
    """Give the tag that was typed into the box `key`."""
    wanted = " ".join(str(st.session_state.get(key) or "").split())
    if not wanted:
        st.session_state[_PROBLEM] = "Type a tag first."
        return
    had = set(_holding(engine, ids, wanted))
    new = tuple(image_id for image_id in ids if image_id not in had)
    if _done(engine.tag, _Change(wanted, new, True, _search())) and done:
        done()
        st.rerun()  # the whole page: the panel of filters counts tags


def _take_off(engine: SearchEngine, ids: Sequence[int], tag: str, is_page: bool) -> None:
    had = _holding(engine, ids, tag)
    _done(engine.untag, _Change(tag, tuple(had), False, _search()))
    if is_page:
        st.rerun()


def _undo(engine: SearchEngine, change: _Change, is_page: bool) -> None:
    if _done(engine.untag if change.is_given else engine.tag, change):
        _forget()
    if is_page:
        st.rerun()


def _done(work: Callable[[Sequence[int], str], int], change: _Change) -> bool:
    """Whether it could be done."""
    if not may_change():  # said before the buttons of this page were taken away
        return False
    try:
        work(change.ids, change.tag)
    except LibraryError as error:
        st.session_state[_PROBLEM] = f"Not done: {code(str(error))}"
        return False
    st.session_state[_CHANGE] = change
    return True


def _holding(engine: SearchEngine, ids: Sequence[int], tag: str) -> list[int]:
    """Which of the pictures have a tag, whatever spaces are in it."""
    wanted = tag.split()
    return [
        image_id
        for image_id, known in engine.known(ids).items()
        if any(one.split() == wanted for one in known.attributes.get(_COLUMN, ()))
    ]


def _problem() -> None:
    problem = st.session_state.pop(_PROBLEM, None)
    if problem:
        st.error(problem, icon=":material/error:")


def _latest() -> _Change | None:
    change: _Change | None = st.session_state.get(_CHANGE)
    return change if change is not None and change.search == _search() else None


def _forget() -> None:
    st.session_state.pop(_CHANGE, None)


def _search() -> SearchState:
    """What is searched for, whichever picture is shown large."""
    return replace(state.read()[0], view=None)
