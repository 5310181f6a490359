"""Bars of dates and numbers."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.metadata.histograms import MOST_BARS, date_range, number_range

EPOCH = date(1970, 1, 1)


def days(*some: date) -> dict[int, int]:
    return {(day - EPOCH).days: 1 for day in some}


@pytest.mark.parametrize(
    ("last", "unit", "every", "bars"),
    [
        (date(2023, 5, 3), "day", 1, 1),
        (date(2023, 6, 11), "day", 1, 40),
        (date(2023, 6, 12), "day", 7, 7),
        (date(2024, 5, 3), "month", 1, 13),
        (date(2030, 5, 3), "month", 3, 29),
        (date(2040, 5, 3), "year", 1, 18),
        (date(2100, 5, 3), "year", 2, 40),
        (date(8999, 5, 3), "year", 200, 35),
    ],
)
def test_the_step_fits_the_time(last: date, unit: str, every: int, bars: int) -> None:
    found = date_range(days(date(2023, 5, 3), last))
    assert found is not None
    assert (found.unit, found.every, len(found.bars)) == (unit, every, bars)
    assert (found.earliest, found.latest) == (date(2023, 5, 3), last)


@given(st.dictionaries(st.integers(-(10**6), 4 * 10**6), st.integers(1, 9), min_size=1))
def test_every_day_of_the_calendar_is_in_one_bar(some: dict[int, int]) -> None:
    first, end = (date.min - EPOCH).days, (date(9000, 1, 1) - EPOCH).days
    known = {day: count for day, count in some.items() if first <= day < end}
    found = date_range(some)
    if not known:
        assert found is None
        return
    assert found is not None
    assert len(found.bars) <= MOST_BARS
    for bar in found.bars:
        inside = (count for day, count in known.items() if bar.low <= day * 86_400 < bar.high)
        assert bar.count == sum(inside)
    assert sum(bar.count for bar in found.bars) == sum(known.values())


def test_weeks_begin_on_mondays() -> None:
    found = date_range(days(date(2023, 5, 3), date(2023, 7, 1)))
    assert found is not None
    assert found.bars[0].low == (date(2023, 5, 1) - EPOCH).days * 86_400


@pytest.mark.parametrize(
    ("numbers", "step", "bars"),
    [
        ([1, 5], 1, 5),
        ([0, 1000], 10, 20),
        ([0.5, 1.5], 0.01, 20),
        ([-3e9, 4e9], 5e7, 20),
        ([0, 0.000123], 1e-6, 20),
    ],
)
def test_numbers_have_round_steps(numbers: list[float], step: float, bars: int) -> None:
    found = number_range(np.array(numbers, dtype=np.float64))
    assert found is not None
    assert (found.step, len(found.bars)) == (step, bars)
    assert sum(bar.count for bar in found.bars) == len(numbers)


@pytest.mark.parametrize("numbers", [[], [3], [3, 3], [1, 1e300], [-1e308, 1e308], [0, 1e-300]])
def test_numbers_without_a_range_have_none(numbers: list[float]) -> None:
    assert number_range(np.array(numbers, dtype=np.float64)) is None
