"""Filters of Milvus against the same filters in plain Python."""

from collections.abc import Generator

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from vs_known import Known, filters, passes
from vs_vectors import DIM, require, span, unit

from engine.index.expression import expression, image_fields
from engine.index.milvus import MilvusIndex
from engine.metadata import Around, Colour, FilterError, Is, PhotoFacts, Where

COUNT = 60
FOLDERS = ("/pics", "/pics/Holiday", "/pics/holiday 2", "/other/pics")
NAMES = ("IMG_1.JPG", "Übung.jpeg", "a%b.png", "b_c.tif", 'q"\\.heic', "noend")
CAMERAS = (None, "Canon EOS R5", "Google Pixel 8", "ÄKTA 50%", "a_b")
VALUES = ("Übung", "red shoe", "a_b", "50%", "c++", "12", "1200", "straße", "x")


def image(k: int) -> Known:
    """One of many that differ in everything."""
    columns = {"tag": (VALUES[k % 9], VALUES[(k + 3) % 5])} if k % 3 else {}
    if k % 4:
        columns["price"] = (VALUES[5 + k % 2],)
    shades = (("navy", 0.15), ("blue", 0.1), ("red", 0.6), ("white", 0.3))
    return Known(
        path=f"{FOLDERS[k % 4]}/{k}{NAMES[k % 6]}",
        size=1 + k * 50_000,
        mtime_ns=k * 40_000_000 * 10**9,
        width=(1, 640, 1200)[k % 3],
        height=(1, 640, 900)[k // 3 % 3],
        facts=PhotoFacts(None if k % 5 else k * 3e7, CAMERAS[k % 5], CAMERAS[k // 5 % 5]),
        colours=tuple(Colour(n, (0, 0, 0), s) for i, (n, s) in enumerate(shades) if k >> i & 1),
        columns=columns,
    )


IMAGES = [image(k) for k in range(COUNT)]


@pytest.fixture(scope="module")
def index() -> Generator[MilvusIndex]:
    require("milvus")
    found = MilvusIndex(DIM)
    fields = [
        image_fields(
            one.path, one.width, one.height, one.size, one.mtime_ns / 1e9, one.facts, one.colours,
            one.columns,
        )
        for one in IMAGES
    ]  # fmt: skip
    found.add(span(0, COUNT), unit(COUNT), fields)
    yield found
    found.close()


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.filter_too_much],
)
@given(st.lists(filters(), min_size=1, max_size=2))
def test_milvus_finds_what_a_brute_force_finds(index: MilvusIndex, asked: list[Where]) -> None:
    try:
        where = expression(asked)
    except FilterError:
        assume(False)
    found, _ = index.search(unit(1), COUNT, where)
    expected = {k for k, one in enumerate(IMAGES) if all(passes(one, each) for each in asked)}
    assert set(found[0][found[0] >= 0].tolist()) == expected, where


@pytest.mark.parametrize(
    "where", [Where("near", (Around(1, 2, 3),)), Where("color", (Is("#123456"),))]
)
def test_what_milvus_cannot_do_is_said(where: Where) -> None:
    with pytest.raises(FilterError, match="Milvus cannot"):
        expression([where])


def test_without_filters_there_is_no_expression() -> None:
    assert expression([]) == ""
    assert np.isfinite(image_fields("x", 1, 1, 1, 0, PhotoFacts(), (), {})["date"])
