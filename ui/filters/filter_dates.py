"""When pictures were taken: bars, a slider over them, and the exact days."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import streamlit as st

from engine import Bar, Between, DateRange, SearchEngine
from ui.filters import histogram
from ui.filters.filter_changes import Field, Filters, change, limits, with_limits
from ui.filters.filter_widgets import mirror

_FIELD = Field("date")
_EPOCH = date(1970, 1, 1)
_DAY = 86_400
_MONTH_NAMES = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_SLIDER, _FROM, _TO = "f_dates", "f_from", "f_to"


def show(engine: SearchEngine, known: DateRange, filters: Filters) -> None:
    """Draw the section; `known` spans several days."""
    asked = limits(filters, _FIELD)
    names = [_name(bar, known) for bar in known.bars]
    first, last = _places(known.bars, asked)
    st.markdown(":small[Date]")
    histogram.show(
        f"How many pictures there are, from {names[0]} to {names[-1]}",
        known.bars,
        names,
        [first <= place <= last for place in range(len(names))],
    )
    if len(names) > 1:
        st.select_slider(
            "Range of dates",
            range(len(names)),
            value=(first, last),
            format_func=names.__getitem__,
            key=(key := _slider_key((first, last))),
            label_visibility="collapsed",
            on_change=_moved,
            args=(engine, key, known.bars),
        )
    begin = None if asked.low is None else _day(asked.low)
    end = None if asked.high is None else _last_day(asked)
    bounds = [known.earliest, known.latest, *(day for day in (begin, end) if day)]
    mirror(_FROM, begin)
    mirror(_TO, end)
    for label, key in (("From", _FROM), ("To", _TO)):
        st.date_input(
            label,
            value=None,
            min_value=min(bounds),
            max_value=max(bounds),
            key=key,
            on_change=_day_chosen,
            args=(engine, key),
        )


def _slider_key(places: tuple[int, int]) -> str:
    """Another key where the address says something else than the slider: it begins anew.

    Streamlit's slider over names wants its places as a default, beside which it takes no others.
    """
    version = st.session_state.setdefault(f"{_SLIDER}_version", 0)
    if tuple(st.session_state.get(f"{_SLIDER}_{version}", places)) != places:
        version = st.session_state[f"{_SLIDER}_version"] = version + 1
    return f"{_SLIDER}_{version}"


def _moved(engine: SearchEngine, key: str, bars: Sequence[Bar]) -> None:
    first, last = st.session_state[key]

    def moved(filters: Filters) -> Filters:
        """A handle that stands where it stood keeps what was typed, however exact."""
        asked = limits(filters, _FIELD)
        before = _places(bars, asked)
        if first != before[0]:
            asked = replace(asked, low=bars[first].low if first else None, over=False)
        if last != before[1]:
            is_end = last == len(bars) - 1
            asked = replace(asked, high=None if is_end else bars[last].high, under=not is_end)
        return with_limits(filters, _FIELD, asked)

    change(engine, moved)


def _day_chosen(engine: SearchEngine, key: str) -> None:
    day: date | None = st.session_state[key]

    def chosen(filters: Filters) -> Filters:
        asked = limits(filters, _FIELD)
        if key == _FROM:
            asked = replace(asked, low=None if day is None else _moment(day), over=False)
        else:
            end = None if day is None else _moment(day + timedelta(1))
            asked = replace(asked, high=end, under=day is not None)
        return with_limits(filters, _FIELD, asked)

    change(engine, chosen)


def _places(bars: Sequence[Bar], asked: Between) -> tuple[int, int]:
    """The first and last bar of which anything passes; the nearest ones where nothing does."""
    low, high = asked.low, asked.high
    end = len(bars) - 1
    first = 0 if low is None else next((n for n, bar in enumerate(bars) if bar.high > low), end)
    after = [n for n, bar in enumerate(bars) if high is None or bar.low < high]
    last = after[-1] if after else 0
    return first, max(first, last)


def _name(bar: Bar, known: DateRange) -> str:
    """`2023`, `May 2023`, `3 May 2023`, or from one of these to another."""
    first, last = _day(bar.low), _day(bar.high) - timedelta(1)
    begin, end = (_unit_name(day, known.unit) for day in (first, last))
    return begin if begin == end else f"{begin} to {end}"


def _unit_name(day: date, unit: str) -> str:
    parts = [str(day.day), _MONTH_NAMES[day.month - 1], f"{day.year:04}"]
    return " ".join(parts[("day", "month", "year").index(unit) :])


def _last_day(asked: Between) -> date:
    assert asked.high is not None
    day = _day(asked.high)
    is_before = asked.under and _moment(day) == asked.high and day > date.min
    return day - timedelta(1) if is_before else day


def _day(moment: float) -> date:
    """The day of a moment; one that no calendar has becomes the nearest that is in one."""
    number = min(max(moment // _DAY, (date.min - _EPOCH).days), (date.max - _EPOCH).days)
    return _EPOCH + timedelta(int(number))


def _moment(day: date) -> float:
    return float((day - _EPOCH).days * _DAY)
