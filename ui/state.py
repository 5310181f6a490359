"""What is searched for, as it stands in the page's address; the address is the only truth.

A search can so be bookmarked, sent to a colleague, and undone with the browser's back button.
Addresses are typed and edited by anyone: a value that makes no sense is left out and explained.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import streamlit as st

from ui.text import code

LONGEST = 500
"""Characters of a text; no model reads more."""

MOST_PICTURES = 8

LIGHTEST, HEAVIEST, EVEN = 0.05, 0.95, 0.5

_PAGE, _LATEST = "page_before", "latest_search"

Params = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Picture:
    """A picture that is searched with.

    Attributes:
        kind: `like`, an image of the library, or `example`, one that a visitor brought.
        name: the id of the image, or the name under which the example is kept.
        wanted: whether results shall be like it; else unlike it.
    """

    kind: Literal["like", "example"]
    name: str
    wanted: bool = True

    @property
    def image_id(self) -> int:
        """The id, of a `like`."""
        return int(self.name)


_PARAMS: dict[str, tuple[Literal["like", "example"], bool]] = {
    "like": ("like", True),
    "unlike": ("like", False),
    "example": ("example", True),
    "unexample": ("example", False),
}


@dataclass(frozen=True)
class SearchState:
    """A search as the page holds it.

    Attributes:
        text: words and filters, as people type them.
        pictures: that results shall be like, or unlike.
        weight: influence of wanted pictures against words, when both are given.
        diversity: how far results that look alike are kept apart, from 0 to 1.
        fold: whether copies are shown once.
        view: id of the image that is shown large.
    """

    text: str = ""
    pictures: tuple[Picture, ...] = ()
    weight: float = EVEN
    diversity: float = 0.0
    fold: bool = True
    view: int | None = None

    @property
    def has_picture(self) -> bool:
        """Whether results shall be like some picture."""
        return any(picture.wanted for picture in self.pictures)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is searched for."""
        return not (self.text or self.pictures)

    def with_picture(self, picture: Picture) -> "SearchState":
        """The search with one more picture, or with the other sign for one it has.

        The first wanted picture makes words and picture count the same.
        """
        others = [
            one for one in self.pictures if (one.kind, one.name) != (picture.kind, picture.name)
        ]
        weight = self.weight if self.has_picture else EVEN
        kept = (*others, picture)[-MOST_PICTURES:]
        return replace(self, pictures=kept, weight=weight, view=None)

    def without_picture(self, picture: Picture) -> "SearchState":
        """The search without one of its pictures."""
        left = replace(self, pictures=tuple(one for one in self.pictures if one != picture))
        return left if left.has_picture else replace(left, weight=EVEN)


def parse(params: Params) -> tuple[SearchState, list[str]]:
    """The search an address asks for, and what of it could not be understood (Markdown)."""
    problems: list[str] = []
    found = {name: values[-1] for name, values in params.items() if values}
    state = SearchState(
        text=_text(found.get("q", ""), problems),
        pictures=_pictures(params, problems),
        weight=_share(found, "w", EVEN, problems),
        diversity=_share(found, "variety", 0.0, problems),
        fold=found.get("copies") != "all",
        view=_image(found.get("view", ""), "view", problems),
    )
    return replace(state, weight=min(max(state.weight, LIGHTEST), HEAVIEST)), problems


def to_params(state: SearchState) -> dict[str, list[str]]:
    """The shortest parameters from which `parse` makes this state again."""
    params = {
        "q": [state.text],
        "w": [f"{state.weight:g}" if state.weight != EVEN else ""],
        "variety": [f"{state.diversity:g}" if state.diversity else ""],
        "copies": ["" if state.fold else "all"],
        "view": ["" if state.view is None else str(state.view)],
    }
    for name, (kind, wanted) in _PARAMS.items():
        params[name] = [p.name for p in state.pictures if (p.kind, p.wanted) == (kind, wanted)]
    return {name: values for name, values in params.items() if any(values)}


def read() -> tuple[SearchState, list[str]]:
    """The search of this page's address, and what of it could not be understood."""
    return parse({name: st.query_params.get_all(name) for name in st.query_params})


def go(state: SearchState) -> None:
    """Put a search into the address; the next run of the page shows it."""
    params = to_params(state)
    now = {name: st.query_params.get_all(name) for name in st.query_params}
    if params != now:
        st.query_params.from_dict(params)


def resume() -> None:
    """Bring the latest search back when its page is opened again from another one."""
    page, latest = st.session_state.get(_PAGE, ""), st.session_state.get(_LATEST)
    asked, _ = read()
    if page and latest and not st.query_params.to_dict():
        go(latest)
    elif page == "" or not asked.is_empty:
        st.session_state[_LATEST] = replace(asked, view=None)
    on_page("")


def on_page(url_path: str) -> None:
    """Note which page this visitor is on; "" is the search."""
    st.session_state[_PAGE] = url_path


def _text(value: str, problems: list[str]) -> str:
    text = " ".join(value.split())
    if len(text) > LONGEST:
        problems.append(f"The address holds a very long text; only {LONGEST} characters are used.")
    return text[:LONGEST].strip()


def _share(found: Mapping[str, str], name: str, usual: float, problems: list[str]) -> float:
    """A number from 0 to 1, in steps of a twentieth."""
    value = found.get(name, "")
    if not value:
        return usual
    try:
        share = float(value)
    except ValueError:
        share = math.nan
    if not 0 <= share <= 1:  # also not for nan
        problems.append(_ignored(name, value, "a number from 0 to 1"))
        return usual
    return round(share / 0.05) * 5 / 100


def _pictures(params: Params, problems: list[str]) -> tuple[Picture, ...]:
    found: dict[tuple[str, str], Picture] = {}
    for name, (kind, wanted) in _PARAMS.items():
        for value in params.get(name, ()):
            key = value.strip()[:LONGEST]
            if kind == "like":
                number = _image(key, name, problems)
                key = "" if number is None else str(number)
            if key:
                found.setdefault((kind, key), Picture(kind, key, wanted))
    if len(found) > MOST_PICTURES:
        problems.append(f"The address names many pictures; only {MOST_PICTURES} are used.")
    return tuple(found.values())[:MOST_PICTURES]


def _image(value: str, name: str, problems: list[str]) -> int | None:
    """Digits that fit into 63 bits, as databases keep them."""
    if not value:
        return None
    if value.isascii() and value.isdigit() and len(value) <= 18:
        return int(value)
    problems.append(_ignored(name, value, "the number of a picture"))
    return None


def _ignored(name: str, value: str, wanted: str) -> str:
    shown = value if len(value) <= 40 else value[:40] + "..."
    return f"The address says {code(f'{name}={shown}')}; that is not {wanted}, so it is left out."
