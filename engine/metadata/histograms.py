"""Bars of dates and of numbers: few enough to be drawn, with ends that people would choose."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]
Unit = Literal["day", "month", "year"]

MOST_BARS = 40
_NUMBER_BARS = 20
_POSITIONS = 100  # of a handle, about
_DAY = 86_400
_MONTHS = 12
_STEPS: tuple[tuple[Unit, int], ...] = (
    ("day", 1),
    ("day", 7),
    ("month", 1),
    ("month", 3),
    *(("year", count * tens) for tens in (1, 10, 100) for count in (1, 2, 5)),
)
_EPOCH = date(1970, 1, 1)
_FIRST, _END = (date.min - _EPOCH).days, (date(9000, 1, 1) - _EPOCH).days
_GREATEST, _LEAST = 1e15, 1e-9  # browsers reckon with no more digits


@dataclass(frozen=True)
class Bar:
    """Numbers from `low` on and below `high`; that of the last bar of numbers counts, too."""

    low: float
    high: float
    count: int


@dataclass(frozen=True)
class DateRange:
    """When pictures were taken.

    Attributes:
        earliest: the first day.
        latest: the last day.
        unit: in which the bars are measured.
        every: so many units are one bar.
        bars: without gaps, in order; at most `MOST_BARS`.
    """

    earliest: date
    latest: date
    unit: Unit
    every: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class NumberRange:
    """What numbers there are.

    Attributes:
        low: the least.
        high: the greatest.
        step: a round number, about a hundredth of the range; whole where all numbers are.
        bars: without gaps, in order, all equally wide.
    """

    low: float
    high: float
    step: float
    bars: tuple[Bar, ...]


def date_range(days: Mapping[int, int]) -> DateRange | None:
    """Bars for days; None where there are none.

    Args:
        days: since 1970, and how many pictures were taken on each; those of years that no
            calendar has are left out.
    """
    known = {day: count for day, count in days.items() if _FIRST <= day < _END}
    if not known:
        return None
    earliest, latest = (_EPOCH + timedelta(end(known)) for end in (min, max))
    for unit, every in _STEPS:
        edges = list(_edges(earliest, latest, unit, every))
        if len(edges) <= MOST_BARS + 1:
            break
    moments = np.array(list(known), dtype=np.float64) * _DAY
    counts = np.array(list(known.values()), dtype=np.int64)
    return DateRange(earliest, latest, unit, every, _bars(moments, counts, edges))


def number_range(numbers: Numbers, counts: Counts | None = None) -> NumberRange | None:
    """Bars for finite numbers, [n]; None where they are all the same, or too far apart.

    Args:
        numbers: in any order.
        counts: how many there are of each, int64 [n]; None is one.
    """
    if not len(numbers):
        return None
    low, high = float(numbers.min()), float(numbers.max())
    width = high - low
    if width <= 0 or max(abs(low), abs(high)) > _GREATEST or width / _POSITIONS < _LEAST:
        return None
    is_whole = bool((numbers == np.floor(numbers)).all())
    step = _round_number(width / _POSITIONS)
    edges = np.linspace(low, high, _NUMBER_BARS + 1)
    if is_whole:
        step = max(step, 1.0)
        edges = np.arange(low, high + 2) if width < _NUMBER_BARS else edges
    return NumberRange(low, high, step, _bars(numbers, counts, edges.tolist()))


def _bars(numbers: Numbers, counts: Counts | None, edges: Sequence[float]) -> tuple[Bar, ...]:
    heights, _ = np.histogram(numbers, bins=np.array(edges), weights=counts)
    ends = zip(pairwise(edges), heights.astype(np.int64).tolist(), strict=True)
    return tuple(Bar(low, high, count) for (low, high), count in ends)


def _edges(first: date, latest: date, unit: Unit, every: int) -> Iterator[float]:
    """Where bars begin, up to the first one after `latest`; stops early if there are too many."""
    edge = _begin(first, unit, every)
    for _ in range(MOST_BARS + 2):
        yield _moment(edge)
        if edge > latest:
            return
        edge = _next(edge, unit, every)


def _begin(day: date, unit: Unit, every: int) -> date:
    """Where the bar of a day begins; weeks begin on Mondays."""
    if unit == "day":
        back = timedelta(day.weekday() if every > 1 else 0)
        return day - min(back, day - date.min)
    if unit == "month":
        return date(day.year, (day.month - 1) // every * every + 1, 1)
    return date(max(day.year // every * every, 1), 1, 1)


def _next(day: date, unit: Unit, every: int) -> date:
    if unit == "day":
        return day + timedelta(every)
    if unit == "month":
        months = day.year * _MONTHS + day.month - 1 + every
        return date(months // _MONTHS, months % _MONTHS + 1, 1)
    return date(day.year // every * every + every, 1, 1)


def _moment(day: date) -> float:
    return float((day - _EPOCH).days * _DAY)


def _round_number(number: float) -> float:
    """The greatest of 1, 2, 5, 10 ... and their tenths that is not above a positive number."""
    power = 10.0 ** math.floor(math.log10(number))
    digit = next(digit for digit in (5, 2, 1) if digit * power <= number or digit == 1)
    return float(f"{digit * power:.12g}")
