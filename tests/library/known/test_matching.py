"""Filters in SQL against the same filters in plain Python, over random libraries."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from vs_filled import fill
from vs_known import Known, filters, known_images, passes

from engine.library import Library
from engine.library.known.matching import matching_ids
from engine.metadata import Around, Between, FilterError, Is, PhotoFacts, Test, Where


@given(
    st.lists(known_images(), max_size=8, unique_by=lambda one: one.path),
    st.lists(filters(), min_size=1, max_size=3),
)
def test_sql_finds_what_a_brute_force_finds(
    library: Library, images: list[Known], asked: list[Where]
) -> None:
    fill(library, images)
    paths = {record.id: record.path for record in library.catalogue.records()}
    expected = {one.path for one in images if all(passes(one, where) for where in asked)}
    found = matching_ids(library.database, asked)
    assert {paths[int(image_id)] for image_id in found} == expected
    assert np.all(np.diff(found) > 0)


def test_the_newest_come_first(library: Library) -> None:
    taken = [5.0, None, 9.0]
    fill(
        library,
        [
            Known(f"/p/{place}", 1, 7 * 10**9, 1, 1, PhotoFacts(taken=moment), ())
            for place, moment in enumerate(taken)
        ],
    )
    paths = {record.id: record.path for record in library.catalogue.records()}
    found = matching_ids(library.database, [], newest_first=True)
    assert [paths[int(image_id)] for image_id in found] == ["/p/2", "/p/1", "/p/0"]


@pytest.mark.parametrize(
    ("field_", "test"),
    [
        ("", Is("x")),
        ("camera", Is("  ")),
        ("camera", Between(1, 2)),
        ("date", Is("2023")),
        ("near", Is("Paris")),
        ("orientation", Is("round")),
        ("color", Is("loud")),
        ("width", Between()),
        ("width", Between(math.nan)),
        ("near", Around(91, 0, 1)),
        ("near", Around(0, 0, -1)),
    ],
)
def test_filters_that_make_no_sense_are_refused(field_: str, test: Test) -> None:
    with pytest.raises(FilterError):
        Where(field_, (test,))
