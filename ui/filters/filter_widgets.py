"""Widgets of the filter panel for texts and numbers; what they show is read from the text."""

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import streamlit as st

from engine import Between, Choice, NumberRange, SearchEngine
from ui.filters import histogram
from ui.filters.filter_changes import (
    Field,
    Filters,
    change,
    chosen,
    limits,
    with_chosen,
    with_limits,
)
from ui.text import printable

_DIGITS = 12


def mirror(key: str, value: object) -> None:
    """Make a widget show what the address says, and leave alone what it shows already."""
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value


def choices(
    engine: SearchEngine, label: str, field: Field, offered: Sequence[Choice], filters: Filters
) -> None:
    """Values to choose any of; those that were typed are among them."""
    asked = chosen(filters, field)
    if not offered and not asked:
        return
    spelt = {choice.value.casefold(): choice.value for choice in offered}
    values = list(dict.fromkeys(spelt.get(value.casefold(), value) for value in asked))
    counts = {choice.value: choice.count for choice in offered}
    key = f"f_{_kind(field)}"
    mirror(key, values)
    st.multiselect(
        label,
        [*counts, *(value for value in values if value not in counts)],
        key=key,
        format_func=lambda value: _counted(value, counts.get(value)),
        placeholder="Any",
        on_change=_chosen,
        args=(engine, key, field),
    )


def numbers(
    engine: SearchEngine,
    label: str,
    field: Field,
    known: NumberRange,
    filters: Filters,
    unit: float = 1.0,
) -> None:
    """A slider below its histogram.

    Args:
        engine: whose library it is.
        label: Markdown.
        field: a number.
        known: what numbers there are.
        filters: of the text.
        unit: what one on the slider means.
    """
    track = _Track(known, unit)
    asked = limits(filters, field)
    inside = [_is_inside(asked, bar.low, bar.high) for bar in known.bars]
    names = [f"{track.said(bar.low)} to {track.said(bar.high)}" for bar in known.bars]
    key = f"f_{_kind(field)}"
    mirror(key, track.shown(asked))
    st.markdown(f":small[{label}]")
    histogram.show(f"How many pictures there are by {field.name}", known.bars, names, inside)
    st.slider(
        label,
        track.low,
        track.high,
        step=track.step,
        format=track.format,
        key=key,
        label_visibility="collapsed",
        on_change=_moved,
        args=(engine, key, field, track),
    )


def text(engine: SearchEngine, label: str, field: Field, filters: Filters) -> None:
    """A box for words that a column has to hold."""
    asked = chosen(filters, field)
    key = f"f_{_kind(field)}"
    mirror(key, asked[0] if len(asked) == 1 else "")
    st.text_input(
        label,
        key=key,
        type="search",
        placeholder="Any of several, as typed" if len(asked) > 1 else "Words it has to hold",
        on_change=_typed,
        args=(engine, key, field),
    )


class _Track:
    """The numbers that a slider runs over, in its unit; round at both ends."""

    def __init__(self, known: NumberRange, unit: float) -> None:
        self._unit = unit
        step = known.step / unit
        self._is_whole = step >= 1 and step == int(step)
        self.step = self._number(step)
        self.low = self._number(math.floor(known.low / known.step) * known.step / unit)
        self.high = self._number(math.ceil(known.high / known.step) * known.step / unit)
        decimals = 0 if self._is_whole else max(0, -math.floor(math.log10(step)))
        self.format = "%d" if self._is_whole else f"%.{decimals}f"

    def shown(self, asked: Between) -> tuple[float, float]:
        """Where the handles stand; what lies outside of the track is at its end."""
        low = self.low if asked.low is None else self._within(asked.low)
        high = self.high if asked.high is None else self._within(asked.high)
        return min(low, high), high

    def meant(self, place: float, end: float) -> float | None:
        """The number at a place; None at the end of the track, where everything is meant."""
        return None if self.is_same(place, end) else round(place * self._unit, _DIGITS)

    def said(self, number: float) -> str:
        """A number for people."""
        return self.format % (number / self._unit)

    def is_same(self, place: float, other: float) -> bool:
        """Whether a handle stands at a place; browsers round differently."""
        return abs(place - other) < self.step / 2

    def _within(self, number: float) -> float:
        """The place that a handle can stand at which is nearest to a number."""
        steps = round((number / self._unit - self.low) / self.step)
        return min(max(self._number(self.low + steps * self.step), self.low), self.high)

    def _number(self, number: float) -> float:
        return int(number) if self._is_whole else round(float(number), _DIGITS)


def _chosen(engine: SearchEngine, key: str, field: Field) -> None:
    change(engine, partial(with_chosen, field=field, values=st.session_state[key]))


def _moved(engine: SearchEngine, key: str, field: Field, track: _Track) -> None:
    low, high = st.session_state[key]

    def moved(filters: Filters) -> Filters:
        """A handle that stands where it stood keeps what was typed, however exact."""
        asked = limits(filters, field)
        before = track.shown(asked)
        if not track.is_same(low, before[0]):
            asked = replace(asked, low=track.meant(low, track.low), over=False)
        if not track.is_same(high, before[1]):
            asked = replace(asked, high=track.meant(high, track.high), under=False)
        return with_limits(filters, field, asked)

    change(engine, moved)


def _typed(engine: SearchEngine, key: str, field: Field) -> None:
    words = " ".join(str(st.session_state[key] or "").replace('"', " ").split())
    change(engine, partial(with_chosen, field=field, values=[words] if words else []))


def _is_inside(asked: Between, low: float, high: float) -> bool:
    """Whether any number of a bar passes."""
    return (asked.low is None or high >= asked.low) and (asked.high is None or low <= asked.high)


def _kind(field: Field) -> str:
    return f"column_{field.name}" if field.is_column else field.name


def _counted(value: str, count: int | None) -> str:
    return printable(value) if count is None else f"{printable(value)} ({count:,})"
