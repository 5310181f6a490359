"""The query bar: words, or the address of a picture, and pictures that are chosen or dropped."""

import re
from dataclasses import replace

import streamlit as st
from streamlit.typing import UploadedFile

from engine import ImageError, SearchEngine
from ui import state
from ui.search import paste
from ui.state import HEAVIEST, LIGHTEST, MOST_PICTURES, Picture, SearchState
from ui.text import code

_STEP = 5  # per cent
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
_HINT = "red shoes, a beach without people, color:navy, or the address of a picture"


def show(engine: SearchEngine, asked: SearchState) -> None:
    """Draw the bar for a search; what the visitor changes goes to the page's address."""
    with st.container(key="query_bar", gap="small"):
        words, example = st.columns([9, 4], gap="small")
        with words:
            _mirror("q", asked.text)
            st.text_input(
                "Search by words",
                type="search",
                key="q",
                placeholder=_HINT,
                label_visibility="collapsed",
                on_change=_words_changed,
                args=(engine,),
            )
        with example, st.container(key="example"):
            _chooser(engine)
    paste.listen()
    _problem()


def balance(asked: SearchState) -> None:
    """The slider between words and pictures; only where there are both."""
    if not (asked.text and asked.has_picture):
        return
    _mirror("w", round(asked.weight * 100))
    st.slider(
        "Balance of words and picture",
        min_value=round(LIGHTEST * 100),
        max_value=round(HEAVIEST * 100),
        step=_STEP,
        format="%d %% picture",
        key="w",
        width=320,
        on_change=_balance_changed,
        help="To the left the words count more, to the right the picture.",
    )


def _chooser(engine: SearchEngine) -> None:
    # A new key empties the chooser: the pictures are in the address now. Files of any kind may be
    # chosen, because the engine says better than a list of endings what is wrong with one.
    key = f"upload_{st.session_state.get('uploads', 0)}"
    st.file_uploader(
        "Example pictures: choose, drop or paste",
        key=key,
        accept_multiple_files=True,
        label_visibility="collapsed",
        on_change=_pictures_chosen,
        args=(engine, key),
    )


def _mirror(key: str, value: str | int) -> None:
    """Make a widget show what the address says, and leave alone what it shows already."""
    if st.session_state.get(key) != value:
        st.session_state[key] = value


def _words_changed(engine: SearchEngine) -> None:
    asked, _ = state.read()
    text = (st.session_state["q"] or "").strip()
    if _ADDRESS.fullmatch(text):
        try:
            name = engine.fetch_example(text)
        except (ImageError, OSError) as error:
            st.session_state["picture_problem"] = [str(error)]
            return
        state.go(asked.with_picture(Picture("example", name)))
        return
    words, _ = state.parse({"q": [text]})
    state.go(replace(asked, text=words.text, view=None))


def _balance_changed() -> None:
    asked, _ = state.read()
    state.go(replace(asked, weight=st.session_state["w"] / 100))


def _pictures_chosen(engine: SearchEngine, key: str) -> None:
    files: list[UploadedFile] = st.session_state[key]
    if not files:
        return
    st.session_state["uploads"] = st.session_state.get("uploads", 0) + 1
    asked, _ = state.read()
    problems = []
    for file in files[:MOST_PICTURES]:
        try:
            name = engine.save_example(file.getvalue())
        except (ImageError, OSError) as error:
            problems.append(f"{file.name}: {error}")
        else:
            asked = asked.with_picture(Picture("example", name))
    if len(files) > MOST_PICTURES:
        problems.append(f"{len(files)} pictures: only {MOST_PICTURES} can be searched with at once")
    st.session_state["picture_problem"] = problems
    state.go(asked)


def _problem() -> None:
    for problem in st.session_state.pop("picture_problem", []):
        st.error(f"This cannot be an example: {code(problem)}", icon=":material/error:")
