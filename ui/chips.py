"""The parts of a search, pictures and words, each with a way to remove it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import streamlit as st

from engine import Query, SearchEngine, Term, filter_text
from ui import state
from ui.state import EVEN, PAGE, SearchState
from ui.text import code, file_name


def show(engine: SearchEngine, asked: SearchState) -> None:
    """Draw one chip for each picture of a search whose pictures are known."""
    if asked.like is not None:
        record = engine.image(asked.like)
        if record is not None:
            name = file_name(record.path)
            preview = engine.thumbnail(record.digest, record.path)
            _chip("like", "More like this", name, preview, replace(asked, like=None))
    if asked.example:
        preview = engine.example(asked.example)
        _chip("example", "Example", "your picture", preview, replace(asked, example=""))


def show_words(engine: SearchEngine, asked: SearchState) -> None:
    """Draw one chip for each part of the text: so it was understood. Plain words need none."""
    query = engine.parse(asked.text)
    terms = query.terms
    is_plain = len(terms) < 2 and all(term.weight > 0 and not term.others for term in terms)
    if is_plain and not query.filters:
        return
    with st.container(key="words", horizontal=True):
        for key, title, name, others in _parts(query):
            _chip(key, title, name, None, replace(asked, text=engine.written(others)))


def _parts(query: Query) -> Iterator[tuple[str, str, str, Query]]:
    """Key, title and name of each part of a query, and the query without it."""
    terms, filters = query.terms, query.filters
    for number, term in enumerate(terms):
        others = replace(query, terms=(*terms[:number], *terms[number + 1 :]))
        yield f"words_{number}", _title(term), term.label, others
    for number, where in enumerate(filters):
        others = replace(query, filters=(*filters[:number], *filters[number + 1 :]))
        yield f"filter_{number}", "Only", filter_text(where), others


def _title(term: Term) -> str:
    strength = "" if abs(term.weight) == 1 else f", {abs(term.weight):g} times"
    return f"{'Without' if term.weight < 0 else 'Wanted'}{strength}"


def _chip(key: str, title: str, name: str, preview: Path | None, without_it: SearchState) -> None:
    with st.container(key=f"chip_{key}", border=True, horizontal=True, wrap=False, width="content"):
        if preview is not None:
            st.image(preview, width=48, alt=f"{title}: {name}")
        with st.container(gap=None, width="content"):
            st.markdown(f"**{title}**")
            st.text(name)
        st.button(
            f"Remove {code(name)} from the search",
            key=f"remove_{key}",
            icon=":material/close:",
            type="tertiary",
            on_click=_remove,
            args=(without_it,),
        )


def _remove(without_it: SearchState) -> None:
    weight = without_it.weight if without_it.has_picture else EVEN
    state.go(replace(without_it, weight=weight, shown=PAGE))
