"""The query bar: words, what to leave out, an example picture, and the balance between them."""

from dataclasses import replace

import streamlit as st
from streamlit.typing import UploadedFile

from engine import ImageError, SearchEngine
from ui import paste, state
from ui.state import EVEN, HEAVIEST, LIGHTEST, PAGE, SearchState
from ui.text import code

_STEP = 5  # per cent


def show(engine: SearchEngine, asked: SearchState) -> None:
    """Draw the bar for a search; what the visitor changes goes to the page's address."""
    with st.container(key="query_bar", gap="small"):
        words, without, example = st.columns([6, 3, 4], gap="small")
        with words:
            _text_box("q", "Search by words", asked.text, "red shoes, a beach without people ...")
        with without:
            _text_box("without", "Without", asked.without, "laces, people ...", icon="")
        with example, st.container(key="example"):
            _chooser(engine)
    paste.listen()
    _upload_problem()


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
        on_change=_balance_changed,
        help="To the left the words count more, to the right the picture.",
    )


def _text_box(key: str, label: str, value: str, placeholder: str, icon: str | None = None) -> None:
    _mirror(key, value)
    st.text_input(
        label,
        type="search",
        key=key,
        icon=icon,
        placeholder=placeholder,
        on_change=_words_changed,
    )


def _chooser(engine: SearchEngine) -> None:
    # A new key empties the chooser: the picture is in the address now. Files of any kind may be
    # chosen, because the engine says better than a list of endings what is wrong with one.
    key = f"upload_{st.session_state.get('uploads', 0)}"
    st.file_uploader(
        "Example picture: choose, drop or paste",
        key=key,
        on_change=_picture_chosen,
        args=(engine, key),
    )


def _mirror(key: str, value: str | int) -> None:
    """Make a widget show what the address says, and leave alone what it shows already."""
    if st.session_state.get(key) != value:
        st.session_state[key] = value


def _words_changed() -> None:
    asked, _ = state.read()
    words, _ = state.parse({name: st.session_state[name] or "" for name in ("q", "without")})
    state.go(replace(asked, text=words.text, without=words.without, shown=PAGE))


def _balance_changed() -> None:
    asked, _ = state.read()
    state.go(replace(asked, weight=st.session_state["w"] / 100, shown=PAGE))


def _picture_chosen(engine: SearchEngine, key: str) -> None:
    file: UploadedFile | None = st.session_state[key]
    if file is None:
        return
    st.session_state["uploads"] = st.session_state.get("uploads", 0) + 1
    try:
        example = engine.save_example(file.getvalue())
    except (ImageError, OSError) as error:
        st.session_state["upload_problem"] = (file.name, str(error))
        return
    asked, _ = state.read()
    weight = asked.weight if asked.has_picture else EVEN
    state.go(replace(asked, example=example, weight=weight, shown=PAGE))


def _upload_problem() -> None:
    problem = st.session_state.pop("upload_problem", None)
    if problem:
        name, reason = problem
        st.error(
            f"{code(name)} cannot be used as an example: {code(reason)}", icon=":material/error:"
        )
