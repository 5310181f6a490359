"""Searches over the sample pictures, whose content is known exactly."""

from collections.abc import Callable
from pathlib import Path

import pytest

from engine import Hit, Query, QueryError, SearchEngine
from engine.sample import SampleItem

Truth = Callable[[Hit], SampleItem]


@pytest.fixture
def truth(sample_items: dict[str, SampleItem], sample_folder: Path) -> Truth:
    """The sample item behind a hit."""
    return lambda hit: sample_items[Path(hit.path).relative_to(sample_folder).as_posix()]


def find(items: dict[str, SampleItem], folder: Path, **attributes: str) -> Path:
    """The first sample picture with these attributes."""
    for name, item in items.items():
        if all(item.attributes.get(key) == value for key, value in attributes.items()):
            return folder / name
    raise LookupError(f"no sample picture has {attributes}")


def test_an_image_finds_itself_first(sample_engine: SearchEngine, sample_folder: Path) -> None:
    for path in sorted(sample_folder.rglob("*.jpg"))[:25]:
        (hit,) = sample_engine.search(Query.image(path), limit=1).results
        assert hit.path == str(path)
        assert hit.similarity > 0.99


def test_an_image_of_the_library_finds_itself_first(sample_engine: SearchEngine) -> None:
    hits = sample_engine.search("a sunset over the sea", limit=5).results
    for hit in hits:
        assert sample_engine.search(Query.like(hit.id), limit=1).results[0].id == hit.id


@pytest.mark.parametrize("kind", ["shoes", "mug", "umbrella", "guitar"])
def test_words_find_the_kind(sample_engine: SearchEngine, truth: Truth, kind: str) -> None:
    hits = sample_engine.search(kind, limit=3).results
    assert kind in {truth(hit).attributes["kind"] for hit in hits}


def test_scores_fall_and_shares_add_up_to_the_order(sample_engine: SearchEngine) -> None:
    query = Query.text("red shoes").and_text("on a white background", 0.5).without("laces", 0.7)
    page = sample_engine.search(query, limit=50)
    scores = [hit.score for hit in page.results]
    sums = [sum(term.share for term in hit.terms) for hit in page.results]
    assert scores == sorted(scores, reverse=True)
    assert sums == sorted(sums, reverse=True)
    assert [term.label for term in page.results[0].terms] == [
        "red shoes",
        "on a white background",
        "laces",
    ]
    assert all(0 <= score <= 1 for score in scores)


def test_paging_gives_every_image_once(sample_engine: SearchEngine) -> None:
    pages = [sample_engine.search("blue", limit=70, offset=at).results for at in range(0, 350, 70)]
    ids = [hit.id for page in pages for hit in page]
    assert len(ids) == len(set(ids)) == 300
    assert ids == [hit.id for hit in sample_engine.search("blue", limit=300).results]


def test_every_page_has_the_verdict_of_the_best_result(sample_engine: SearchEngine) -> None:
    first = sample_engine.search("sunset over the sea", limit=5)
    last = sample_engine.search("sunset over the sea", limit=5, offset=290)
    assert first.verdict == last.verdict == "strong"
    assert last.results[0].score < 0.2


@pytest.mark.parametrize(("limit", "offset"), [(60, 0), (5, 0), (60, 3), (10, 40)])
def test_pages_agree_where_likely_matches_end(
    sample_engine: SearchEngine, limit: int, offset: int
) -> None:
    words = "sunset over the sea"
    whole = sample_engine.search(words, limit=300, fold=True)
    assert whole.likely is not None
    assert whole.possible == sum(hit.score >= 0.2 for hit in whole.results)
    assert sum(hit.score >= 0.5 for hit in whole.results) <= whole.likely <= whole.possible
    page = sample_engine.search(words, limit, offset, fold=True)
    expected = [min(max(end - offset, 0), limit) for end in (whole.likely, whole.possible)]
    assert [page.likely, page.possible] == expected
    verdicts = [page.verdict_of(place) for place in range(limit)]
    assert verdicts == [whole.verdict_of(offset + place) for place in range(limit)]


def test_no_end_is_told_that_was_not_seen(sample_engine: SearchEngine) -> None:
    page = sample_engine.search("sunset over the sea", limit=2)
    assert (page.likely, page.possible) == (None, None)
    assert page.verdict_of(0) == "strong"


def test_what_is_liked_stands_before_the_end_of_likely_matches(sample_engine: SearchEngine) -> None:
    query = Query.text("sunset over the sea")
    plain = sample_engine.search(query, limit=60)
    liked = plain.results[50].id
    page = sample_engine.search(query.liked([liked]), limit=60)
    assert page.results[0].id == liked
    assert None not in (plain.likely, page.likely)
    assert page.likely == plain.likely + 1


def test_what_thumbs_have_taught_moves_the_end(sample_engine: SearchEngine) -> None:
    query = Query.text("a bird")
    ids = [hit.id for hit in sample_engine.search(query, limit=12).results]
    page = sample_engine.search(query.liked(ids[:6]).disliked(ids[6:]), limit=60)
    assert page.likely is not None


def test_no_end_is_told_where_others_than_likely_ones_come_first(
    sample_engine: SearchEngine,
) -> None:
    spread = sample_engine.search("sunset over the sea", limit=60, diversity=0.7)
    assert (spread.likely, spread.possible) == (None, None)
    browsed = sample_engine.search("orientation:landscape")
    assert (browsed.likely, browsed.possible) == (None, None)


def test_words_change_what_an_example_finds(
    sample_engine: SearchEngine,
    sample_items: dict[str, SampleItem],
    sample_folder: Path,
    truth: Truth,
) -> None:
    """A picture of red shoes with the word "mug": results of both kinds, by weight."""
    example = find(sample_items, sample_folder, kind="shoes")

    def kinds(text_weight: float) -> list[str | int]:
        query = Query.image(example).and_text("a mug", text_weight)
        hits = sample_engine.search(query, limit=10).results
        return [truth(hit).attributes["kind"] for hit in hits]

    assert kinds(0.05).count("shoes") > kinds(5).count("shoes")
    assert kinds(5).count("mug") > kinds(0.05).count("mug")


def test_without_pushes_the_thing_down(sample_engine: SearchEngine, truth: Truth) -> None:
    def umbrellas(query: Query) -> int:
        hits = sample_engine.search(query, limit=20).results
        return [truth(hit).attributes["kind"] for hit in hits].count("umbrella")

    plain = umbrellas(Query.text("a beach"))
    assert umbrellas(Query.text("a beach").without("umbrella")) <= plain
    assert umbrellas(Query.text("umbrella").without("umbrella", 2)) <= umbrellas(
        Query.text("umbrella")
    )


def test_disliked_images_are_left_out_and_counted(sample_engine: SearchEngine) -> None:
    first = sample_engine.search("shoes", limit=5)
    away = [hit.id for hit in first.results[:2]]
    second = sample_engine.search(Query.text("shoes").disliked(away), limit=5)
    assert second.hidden == 2
    assert not {hit.id for hit in second.results} & set(away)


def test_liked_images_come_up_with_their_like(sample_engine: SearchEngine) -> None:
    page = sample_engine.search("picture", limit=300)
    low = page.results[200]
    taught = sample_engine.search(Query.text("picture").liked([low.id]), limit=300).results
    assert [hit.id for hit in taught].index(low.id) < 20
    assert next(hit for hit in taught if hit.id == low.id).mark == 1


def test_thumbs_change_the_order_but_not_scores_and_verdict(sample_engine: SearchEngine) -> None:
    plain = sample_engine.search("an x-ray of a hand", limit=300)
    liked = plain.results[100].id
    taught = sample_engine.search(Query.text("an x-ray of a hand").liked([liked]), limit=300)
    assert plain.verdict == taught.verdict == "none"
    assert liked in [hit.id for hit in taught.results[:10]]
    scores = {hit.id: hit.score for hit in plain.results}
    assert all(hit.score == pytest.approx(scores[hit.id], abs=1e-4) for hit in taught.results)


def test_only_liked_images_are_a_query(sample_engine: SearchEngine) -> None:
    liked = sample_engine.search("mug", limit=1).results[0].id
    assert sample_engine.search(Query().liked([liked]), limit=1).results[0].id == liked


@pytest.mark.parametrize(
    ("query", "limit", "offset", "message"),
    [
        (Query(), 5, 0, "empty"),
        (Query.like(987654), 5, 0, "987654"),
        (Query.text("dog"), 0, 0, "limit 0"),
        (Query.text("dog"), 10**9, 0, "limit 1000000000"),
        (Query.text("dog"), 5, -1, "offset -1"),
    ],
)
def test_what_cannot_be_answered_is_said(
    sample_engine: SearchEngine, query: Query, limit: int, offset: int, message: str
) -> None:
    with pytest.raises(QueryError, match=message):
        sample_engine.search(query, limit, offset)


@pytest.mark.parametrize("text", ["🏖️", "' OR 1=1 --", "%s", "{}", "\x00", "\udcff", "a " * 5000])
def test_any_words_are_answered(sample_engine: SearchEngine, text: str) -> None:
    assert len(sample_engine.search(text, limit=3).results) == 3


def test_words_that_say_what_is_not_wanted_keep_it_away(
    sample_engine: SearchEngine, truth: Truth
) -> None:
    def shown(query: Query | str, kind: str, colour: str) -> tuple[int, int]:
        found = [truth(hit).attributes for hit in sample_engine.search(query, limit=8).results]
        return (
            sum(each.get("colour") == colour for each in found),
            sum(each["kind"] == kind for each in found),
        )

    asked = [("shoes", "red"), ("mug", "blue"), ("chair", "red"), ("umbrella", "yellow")]
    literal = [
        shown(Query.text(f"{kind} without {colour}"), kind, colour) for kind, colour in asked
    ]
    read = [shown(f"{kind} without {colour}", kind, colour) for kind, colour in asked]
    assert sum(unwanted for unwanted, _ in literal) > 0
    assert sum(unwanted for unwanted, _ in read) <= 0.2 * sum(n for n, _ in literal)
    assert sum(kind for _, kind in read) >= sum(kind for _, kind in literal) - 1


def test_either_of_two_things_is_found(sample_engine: SearchEngine) -> None:
    hits = sample_engine.search("(mug OR umbrella)", limit=8).results
    ids = [hit.id for hit in hits]
    for word in ("mug", "umbrella"):
        assert sample_engine.search(word, limit=1).results[0].id in ids[:4]
    assert all(hit.terms[0].label == "mug OR umbrella" for hit in hits)
    assert sorted((hit.score for hit in hits), reverse=True) == [hit.score for hit in hits]
