"""A taste that many questions agree on, from thumbs in a library to the order of other searches."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from engine import Query, SearchEngine, Taste
from engine.encoder import Encoder
from engine.sample import SampleItem

LIKED = {"black", "navy", "grey", "brown"}
LEAST = 8  # questions


@pytest.fixture(scope="module")
def shop(
    sample_engine: SearchEngine,
    sample_items: dict[str, SampleItem],
    sample_folder: Path,
    encoder: Encoder,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[SearchEngine]:
    """The sample pictures, and thumbs of somebody who likes them dark, whatever they ask for."""
    library = tmp_path_factory.mktemp("taste") / "library"
    shutil.copytree(sample_engine.info().library, library)
    colours = {name: item.attributes.get("colour") for name, item in sample_items.items()}
    products = [item for item in sample_items.values() if item.attributes["category"] == "product"]
    kinds = sorted({str(item.attributes["kind"]) for item in products})
    with SearchEngine.with_encoder(encoder, library) as engine:
        for kind in kinds[:30]:
            left = {1: 2, -1: 2}
            for hit in engine.search(kind, limit=20, use_marks=False).results:
                mark = (
                    1
                    if colours[Path(hit.path).relative_to(sample_folder).as_posix()] in LIKED
                    else -1
                )
                if left[mark]:
                    left[mark] -= 1
                    engine.mark(engine.parse(kind), hit.id, mark)
        yield engine


@pytest.fixture
def taste(shop: SearchEngine) -> Taste:
    """What the person likes."""
    found = shop.taste()
    assert found is not None
    return found


def by_thumbs(engine: SearchEngine, query: Query | str, use_marks: bool = True) -> list[float]:
    page = engine.search(query, limit=50, use_marks=use_marks)
    return [hit.by_thumbs for hit in page.results]


def test_a_taste_says_what_it_is(shop: SearchEngine, taste: Taste) -> None:
    assert LEAST <= taste.agreeing <= taste.questions <= 30
    assert LIKED & set(taste.more)
    assert not LIKED & set(taste.less)
    assert len(taste.liked_ids) == len(taste.disliked_ids) == 6
    ids, vectors = shop.vectors([*taste.liked_ids, *taste.disliked_ids])
    scores = dict(zip(ids.tolist(), vectors @ taste.direction, strict=True))
    assert min(scores[i] for i in taste.liked_ids) > max(scores[i] for i in taste.disliked_ids)


def test_other_searches_are_ordered_by_it_and_scores_stay(shop: SearchEngine) -> None:
    query = "table"
    assert any(by_thumbs(shop, query))
    plain = shop.search(query, limit=300, use_marks=False)
    taught = shop.search(query, limit=300)
    scores = {hit.id: hit.score for hit in plain.results}
    assert [hit.id for hit in taught.results] != [hit.id for hit in plain.results]
    assert all(hit.score == pytest.approx(scores[hit.id], abs=1e-4) for hit in taught.results)
    sums = [hit.by_thumbs + sum(term.share for term in hit.terms) for hit in taught.results]
    assert np.all(np.diff(sums) <= 1e-4)
    assert plain.verdict == taught.verdict


def test_who_names_a_colour_or_shows_a_picture_means_that(shop: SearchEngine) -> None:
    for query in ("a yellow table", "table -black", "table in summer"):
        assert not any(by_thumbs(shop, query)), query
    image = shop.search("table", limit=1).results[0].id
    assert not any(by_thumbs(shop, Query.like(image)))
    assert not any(by_thumbs(shop, Query.text("table").and_like(image)))
    assert not any(by_thumbs(shop, "table", use_marks=False))


def test_it_is_forgotten_apart_from_the_thumbs(shop: SearchEngine, taste: Taste) -> None:
    """The last test with this library."""
    thumbs = shop.judgements()
    shop.forget_taste()
    assert shop.taste() is None
    assert not any(by_thumbs(shop, "table"))
    assert shop.judgements() == thumbs != []
