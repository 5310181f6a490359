"""A search in a few words, as lists name it, and which searches are one and the same in a list."""

import math
from collections.abc import Hashable
from dataclasses import replace

from engine import Between, SearchEngine, filter_text
from ui.state import SearchState

_LONGEST = 60


def name_of(asked: SearchState) -> str:
    """What is asked for, on one line."""
    parts = [asked.text]
    for picture in asked.pictures:
        name = f"picture {picture.name}" if picture.kind == "like" else "an example"
        parts.append(f"{'like' if picture.wanted else 'unlike'} {name}")
    name = ", ".join(part for part in parts if part)
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 3]}..."


def gist(engine: SearchEngine, asked: SearchState) -> Hashable:
    """What a search is about: its words, pictures and filters, wherever their sliders stand."""
    query = engine.parse(asked.text)
    terms = tuple(replace(term, weight=math.copysign(1, term.weight)) for term in query.terms)
    words = engine.written(replace(query, terms=terms, filters=())).casefold()
    filters = tuple(
        (where.field, where.is_not)
        if any(isinstance(test, Between) for test in where.tests)
        else filter_text(where)
        for where in query.filters
    )
    return words, frozenset(filters), frozenset(asked.pictures)
