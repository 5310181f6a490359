""" "Like this, but in blue", over the sample pictures, whose colours are known."""

from pathlib import Path

import numpy as np
import pytest

from engine import Query, SearchEngine
from engine.encoder import Encoder
from engine.query.edits import EDIT_WEIGHT, with_edit
from engine.query.encode import TermEncoder
from engine.query.scores.statistics import LibraryStatistics
from engine.sample import SampleItem


def attributes(
    engine: SearchEngine, items: dict[str, SampleItem], folder: Path
) -> dict[int, dict[str, str]]:
    return {
        record.id: items[Path(record.path).relative_to(folder).as_posix()].attributes
        for record in engine.images()
    }


def test_the_same_kind_in_another_colour_comes_first(
    sample_engine: SearchEngine, sample_items: dict[str, SampleItem], sample_folder: Path
) -> None:
    known = attributes(sample_engine, sample_items, sample_folder)
    right = asked = 0
    for example, own in known.items():
        if own.get("category") != "product" or own.get("colour") is None:
            continue
        others = {
            other["colour"]
            for other in known.values()
            if other["kind"] == own["kind"] and other.get("colour") not in (None, own["colour"])
        }
        for colour in sorted(others):
            page = sample_engine.search(Query.like(example).and_text(f"but in {colour}"), limit=4)
            found = [known[hit.id] for hit in page.results if hit.id != example][:3]
            right += any(f["kind"] == own["kind"] and f.get("colour") == colour for f in found)
            asked += 1
    assert asked > 20
    assert right / asked > 0.8


@pytest.fixture
def library(sample_engine: SearchEngine) -> LibraryStatistics:
    _, vectors = sample_engine.vectors([record.id for record in sample_engine.images()])
    return LibraryStatistics.of(vectors)


@pytest.mark.parametrize(
    "query",
    [
        Query.text("in blue"),
        Query.like(1),
        Query.like(1).and_text("on a beach"),
        Query.like(1).and_text("in blue").and_text("a dog"),
        Query.like(1).without("in blue"),
        Query.like(1, weight=-1).and_text("in blue"),
    ],
)
def test_what_is_no_edit_stays_as_it_is(
    encoder: Encoder, library: LibraryStatistics, sample_engine: SearchEngine, query: Query
) -> None:
    terms = TermEncoder(encoder)
    encoded = terms.encode(query.terms, lambda i: sample_engine.vectors([i])[1][0])
    found, weights = with_edit(query.terms, encoded, terms.texts, library)
    assert weights == [term.weight for term in query.terms]
    assert all(one is other for one, other in zip(found, encoded, strict=True))


def test_the_family_is_taken_out_of_the_example(
    encoder: Encoder, library: LibraryStatistics, sample_engine: SearchEngine
) -> None:
    terms = TermEncoder(encoder)
    query = Query.like(1).and_text("but in blue", weight=2.0)
    encoded = terms.encode(query.terms, lambda i: sample_engine.vectors([i])[1][0])
    (example, change), weights = with_edit(query.terms, encoded, terms.texts, library)
    assert weights == [1.0, 2 * EDIT_WEIGHT]
    np.testing.assert_array_equal(example.own, encoded[0].own)
    red, green = encoder.encode_texts(["a photo in red", "a photo in green"])
    assert abs(float(example.ranked[0] @ (red - green))) < 1e-4
    blue = encoder.encode_texts(["a photo in blue"])[0]
    assert float(change.ranked[0] @ blue) > float(change.ranked[0] @ red)
