"""The parts of a search, words, filters and pictures: each can be changed and removed."""

from collections.abc import Callable
from dataclasses import replace

import streamlit as st

from engine import Query, SearchEngine, Term, filter_text
from ui import state
from ui.search import query_bar, viewer
from ui.state import Picture, SearchState
from ui.text import code, file_name

_WEIGHTS = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0)
_WANTED, _UNWANTED = "Wanted", "Without"


def show(engine: SearchEngine, asked: SearchState) -> None:
    """Draw a chip for each part: so the search was understood. Plain words need none.

    Beside them stands the balance of words and pictures, where there are both.
    """
    query = engine.parse(asked.text)
    terms = query.terms
    is_plain = len(terms) < 2 and all(term.weight > 0 and not term.others for term in terms)
    with st.container(key="chips", horizontal=True, vertical_alignment="center", gap="xsmall"):
        examples = [picture for picture in asked.pictures if picture.kind == "example"]
        for picture in asked.pictures:
            number = examples.index(picture) + 1 if picture in examples[1:] else 0
            _picture(engine, asked, picture, f"your picture {number}" if number else "your picture")
        for number, term in enumerate(terms):
            if not is_plain or asked.pictures or query.filters:
                _term(engine, asked, query, number, term)
        for number, where in enumerate(query.filters):
            others = (*query.filters[:number], *query.filters[number + 1 :])
            label = f":material/filter_alt: {code(filter_text(where))}"
            with _chip(f"filter_{number}", label):
                st.caption("Only pictures that pass this filter are shown.")
                _remove(f"filter_{number}", _text(engine, asked, replace(query, filters=others)))
        query_bar.balance(asked)
        if asked.pictures or query.filters or not is_plain:
            st.button(
                "New search",
                key="new_search",
                icon=":material/clear_all:",
                type="tertiary",
                on_click=state.go,
                args=(SearchState(),),
            )


def _term(engine: SearchEngine, asked: SearchState, query: Query, number: int, term: Term) -> None:
    key = f"words_{number}"
    size = "" if abs(term.weight) == 1 else f" **x {abs(term.weight):g}**"
    icon = ":material/check:" if term.weight > 0 else ":material/block:"

    def changed(new: Term | None) -> SearchState:
        between = () if new is None else (new,)
        terms = (*query.terms[:number], *between, *query.terms[number + 1 :])
        return _text(engine, asked, replace(query, terms=terms))

    with _chip(key, f"{icon} {code(term.label)}{size}"):
        _sign(key, term.weight > 0, lambda _: changed(replace(term, weight=-term.weight)))
        sizes = sorted({*_WEIGHTS, abs(term.weight)})
        st.session_state[f"weight_{key}"] = abs(term.weight)
        st.select_slider(
            "How much it counts",
            sizes,
            format_func=lambda size: f"x {size:g}",
            key=f"weight_{key}",
            on_change=lambda: state.go(
                changed(
                    replace(
                        term,
                        weight=st.session_state[f"weight_{key}"] * (1 if term.weight > 0 else -1),
                    )
                )
            ),
        )
        _remove(key, changed(None))


def _picture(engine: SearchEngine, asked: SearchState, picture: Picture, example: str) -> None:
    key = f"{picture.kind}_{picture.name}"
    if picture.kind == "like":
        record = engine.image(picture.image_id)
        if record is None:
            return
        name, preview = file_name(record.path), engine.thumbnail(record.digest, record.path)
    else:
        name, preview = example, engine.example(picture.name)
    icon = ":material/image:" if picture.wanted else ":material/block:"
    with st.container(
        key=f"chip_{key}", horizontal=True, gap="xxsmall", wrap=False, width="content"
    ):
        if preview is not None:
            st.image(preview, width=40, alt=name)
        with _popover(key, f"{icon} {code(name)}"):
            others = asked.without_picture(picture)
            _sign(
                key,
                picture.wanted,
                lambda wanted: others.with_picture(replace(picture, wanted=wanted)),
            )
            if preview is not None:
                st.button(
                    "Search with a part of it",
                    key=f"part_{key}",
                    icon=":material/crop:",
                    on_click=viewer.open_part,
                    args=(picture,),
                )
            _remove(key, others)


def _chip(key: str, label: str) -> st.delta_generator.DeltaGenerator:
    return st.container(key=f"chip_{key}", width="content").popover(label, key=f"pop_{key}")


def _popover(key: str, label: str) -> st.delta_generator.DeltaGenerator:
    return st.popover(label, key=f"pop_{key}")


def _sign(key: str, is_wanted: bool, changed: Callable[[bool], SearchState]) -> None:
    st.session_state[f"sign_{key}"] = _WANTED if is_wanted else _UNWANTED

    def change() -> None:
        chosen = st.session_state[f"sign_{key}"]
        if chosen is not None and (chosen == _WANTED) != is_wanted:
            state.go(changed(chosen == _WANTED))

    st.segmented_control(
        "Wanted or not",
        (_WANTED, _UNWANTED),
        key=f"sign_{key}",
        label_visibility="collapsed",
        on_change=change,
    )


def _remove(key: str, others: SearchState) -> None:
    st.button(
        "Remove",
        key=f"remove_{key}",
        icon=":material/close:",
        type="tertiary",
        on_click=state.go,
        args=(others,),
    )


def _text(engine: SearchEngine, asked: SearchState, query: Query) -> SearchState:
    return replace(asked, text=engine.written(query))
