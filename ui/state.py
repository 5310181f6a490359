"""What is searched for, as it stands in the page's address; the address is the only truth.

A search can so be bookmarked, sent to a colleague, and undone with the browser's back button.
Addresses are typed and edited by anyone: a value that makes no sense is left out and explained.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from ui.text import code

PAGE = 24
"""Results shown at first, and added by "show more"."""

MOST = 10 * PAGE
"""Results on one page at most; a browser shows more of them only slowly."""

LONGEST = 500
"""Characters of a text; no model reads more."""

LIGHTEST, HEAVIEST, EVEN = 0.05, 0.95, 0.5


@dataclass(frozen=True)
class SearchState:
    """A search as the page holds it.

    Attributes:
        text: words for what is wanted.
        without: words for what is not, separated by commas.
        weight: influence of pictures against words, when both are given.
        like: id of an image of the library, to find more like it.
        example: name of a kept example picture.
        shown: number of results.
    """

    text: str = ""
    without: str = ""
    weight: float = EVEN
    like: int | None = None
    example: str = ""
    shown: int = PAGE

    @property
    def has_picture(self) -> bool:
        """Whether a picture is part of the search."""
        return self.like is not None or bool(self.example)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is searched for."""
        return not (self.text or self.without or self.has_picture)


def parse(params: Mapping[str, str]) -> tuple[SearchState, list[str]]:
    """The search an address asks for, and what of it could not be understood (Markdown)."""
    problems: list[str] = []
    state = SearchState(
        text=_text(params, "q", problems),
        without=_text(params, "without", problems),
        weight=_weight(params.get("w", ""), problems),
        like=_like(params.get("like", ""), problems),
        example=params.get("example", "").strip()[:LONGEST],
        shown=_shown(params.get("n", ""), problems),
    )
    return state, problems


def to_params(state: SearchState) -> dict[str, str]:
    """The shortest parameters from which `parse` makes this state again."""
    params = {
        "q": state.text,
        "without": state.without,
        "w": f"{state.weight:g}" if state.weight != EVEN else "",
        "like": "" if state.like is None else str(state.like),
        "example": state.example,
        "n": str(state.shown) if state.shown != PAGE else "",
    }
    return {name: value for name, value in params.items() if value}


def read() -> tuple[SearchState, list[str]]:
    """The search of this page's address, and what of it could not be understood."""
    return parse(st.query_params)


def go(state: SearchState) -> None:
    """Put a search into the address; the next run of the page shows it."""
    params = to_params(state)
    if params != st.query_params.to_dict():
        st.query_params.from_dict(params)


def _text(params: Mapping[str, str], name: str, problems: list[str]) -> str:
    text = " ".join(params.get(name, "").split())
    if len(text) > LONGEST:
        problems.append(f"The address holds a very long text; only {LONGEST} characters are used.")
    return text[:LONGEST].strip()


def _weight(value: str, problems: list[str]) -> float:
    if not value:
        return EVEN
    try:
        weight = float(value)
    except ValueError:
        weight = math.nan
    if not 0 <= weight <= 1:  # also not for nan
        problems.append(_ignored("w", value, "a number from 0 to 1"))
        return EVEN
    return round(min(max(weight, LIGHTEST), HEAVIEST) / 0.05) * 5 / 100


def _like(value: str, problems: list[str]) -> int | None:
    number = _whole(value)
    if value and number is None:
        problems.append(_ignored("like", value, "the number of an image"))
    return number


def _shown(value: str, problems: list[str]) -> int:
    number = _whole(value)
    if value and (number is None or not 1 <= number <= MOST):
        problems.append(_ignored("n", value, f"a number from 1 to {MOST}"))
        return PAGE
    return PAGE * math.ceil((number or PAGE) / PAGE)


def _whole(value: str) -> int | None:
    """Digits that fit into 63 bits, as databases keep them."""
    return int(value) if value.isascii() and value.isdigit() and len(value) <= 18 else None


def _ignored(name: str, value: str, wanted: str) -> str:
    shown = value if len(value) <= 40 else value[:40] + "..."
    return f"The address says {code(f'{name}={shown}')}; that is not {wanted}, so it is left out."
