"""Numbers and dates."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.metadata.numbers import as_number, period


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("5", 5),
        (" -1.5 ", -1.5),
        ("$49.99", 49.99),
        ("12 €", 12),
        ("1,200", 1200),
        ("1,200,000.5", 1_200_000.5),
        ("1e3", 1000),
        (".5", 0.5),
    ],
)
def test_numbers_as_people_write_them(text: str, number: float) -> None:
    assert as_number(text) == number


@pytest.mark.parametrize("text", ["", "x", "1,2", "nan", "inf", "1e999", "0x10", "1 2", "٣", "--1"])
def test_what_is_no_number(text: str) -> None:
    assert as_number(text) is None


@pytest.mark.parametrize(
    ("text", "first", "end"),
    [
        ("2023", (2023, 1, 1), (2024, 1, 1)),
        ("2023-06", (2023, 6, 1), (2023, 7, 1)),
        ("2023-12", (2023, 12, 1), (2024, 1, 1)),
        ("2024-02-29", (2024, 2, 29), (2024, 3, 1)),
        ("2023-6-1", (2023, 6, 1), (2023, 6, 2)),
    ],
)
def test_periods(text: str, first: tuple[int, int, int], end: tuple[int, int, int]) -> None:
    moments = (datetime(*first, tzinfo=UTC).timestamp(), datetime(*end, tzinfo=UTC).timestamp())
    assert period(text) == moments


@pytest.mark.parametrize("text", ["", "23", "2023-13", "2023-02-30", "0000", "9999", "2023/06"])
def test_what_is_no_date(text: str) -> None:
    assert period(text) is None


@given(st.text(max_size=12))
def test_any_text_is_a_number_or_a_date_or_neither(text: str) -> None:
    as_number(text)
    found = period(text)
    assert found is None or found[0] < found[1]
