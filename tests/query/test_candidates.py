"""Filtered searches: in the order of unfiltered ones, and never fewer than there are."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import Between, Is, Query, SearchEngine, Where
from engine.encoder import Encoder
from engine.query import candidates
from engine.sample import SampleItem

FILTERS = {
    "few": [Where("name", (Is("1"),)), Where("orientation", (Is("square"),), is_not=True)],
    "many": [Where("color", (Is("red"),), is_not=True)],
    "all": [Where("width", (Between(low=1),))],
    "none": [Where("camera", (Is("pixel"),))],
    "two": [Where("color", (Is("red"), Is("blue"))), Where("megapixels", (Between(high=1),))],
}


@pytest.fixture(params=["one by one", "by the index", "by the index, then one by one"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """How many images are compared one by one."""
    if request.param != "one by one":
        monkeypatch.setattr(candidates, "NARROW", 0)
    if request.param == "by the index":
        monkeypatch.setattr(candidates, "_SPARE", 50)
    if request.param == "by the index, then one by one":
        monkeypatch.setattr(candidates, "_SPARE", 0.01)


@pytest.mark.usefixtures("way")
@pytest.mark.parametrize("name", FILTERS)
@pytest.mark.parametrize("limit", [1, 20, 300])
def test_results_are_those_of_the_whole_that_pass(
    sample_engine: SearchEngine, name: str, limit: int
) -> None:
    query = Query.text("a red shoe").without("laces")
    everything = [hit.id for hit in sample_engine.search(query, limit=300).results]
    page = sample_engine.search(query.where(*FILTERS[name]), limit=limit)
    passing = set(sample_engine.search(Query().where(*FILTERS[name]), limit=300).results)
    ids = {hit.id for hit in passing}
    expected = [image_id for image_id in everything if image_id in ids][:limit]
    assert [hit.id for hit in page.results] == expected
    assert page.matching == len(ids) == sample_engine.matching(FILTERS[name])
    assert page.verdict == "none" if not ids else len(page.results) == min(limit, len(ids))


def test_filters_hold_for_liked_images_and_paging(sample_engine: SearchEngine) -> None:
    red = Where("color", (Is("red"),))
    query = Query.text("shoe").where(red)
    ids = [hit.id for hit in sample_engine.search(query, limit=300).results]
    outside = next(
        hit.id for hit in sample_engine.search("shoe", limit=300).results if hit.id not in ids
    )
    liked = sample_engine.search(query.liked([outside, ids[-1]]), limit=300)
    assert [hit.id for hit in liked.results] == [ids[-1], *ids[:-1]]
    pages = [sample_engine.search(query, limit=7, offset=at).results for at in range(0, 300, 7)]
    assert [hit.id for page in pages for hit in page] == ids


def test_filters_alone_show_the_newest_first(sample_engine: SearchEngine) -> None:
    page = sample_engine.search("color:red", limit=5)
    assert page.verdict == "strong"
    assert page.matching == sample_engine.matching([Where("color", (Is("red"),))])
    assert all(hit.score == 1 and not hit.terms for hit in page.results)
    more = sample_engine.search("color:red", limit=5, offset=3)
    assert [hit.id for hit in more.results[:2]] == [hit.id for hit in page.results[3:]]
    assert sample_engine.search("camera:none").verdict == "none"


@pytest.fixture
def described(
    sample_folder: Path, sample_items: dict[str, SampleItem], encoder: Encoder, tmp_path: Path
) -> Iterator[SearchEngine]:
    """Some sample pictures, with words about them that are not to be seen."""
    files = sorted(sample_folder.rglob("*.jpg"))[:40]
    with SearchEngine.with_encoder(encoder, tmp_path / "library") as engine:
        engine.index(files)
        with (tmp_path / "words.csv").open("w", newline="") as stream:
            rows = csv.writer(stream)
            rows.writerow(["file", "caption", "price"])
            for place, file in enumerate(files):
                said = "bought in Lisbon" if place == 7 else "made by Anna in Porto"
                rows.writerow([file, said, 10 * place])
        assert engine.import_metadata(tmp_path / "words.csv").images == 40
        yield engine


def test_what_is_written_brings_an_image_up(described: SearchEngine) -> None:
    (wanted,) = (hit.id for hit in described.search('caption:"bought in lisbon"').results)
    assert described.search("bought in Lisbon").results[0].id == wanted
    without = described.search("bought in Lisbon without Lisbon").results
    assert without[0].id != wanted


def test_imported_columns_filter_and_pages_hold_everything_once(described: SearchEngine) -> None:
    page = described.search("anna price:100..<200", limit=40)
    assert page.matching == len(page.results) == 10
    known = described.known([hit.id for hit in page.results]).values()
    assert all(100 <= float(one.attributes["price"][0]) < 200 for one in known)
    pages = [described.search("anna in porto", limit=9, offset=at) for at in range(0, 45, 9)]
    ids = [hit.id for page in pages for hit in page.results]
    assert len(ids) == len(set(ids)) == 40
    assert ids == [hit.id for hit in described.search("anna in porto", limit=40).results]


def test_a_column_is_forgotten(described: SearchEngine) -> None:
    assert described.columns() == {"caption": 40, "price": 40}
    assert described.forget_column("price") == 40
    assert described.parse("price:50").filters == ()
