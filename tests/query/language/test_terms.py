from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from engine.encoder import ImageError
from engine.query import Query, QueryError, Term


def test_a_query_grows_without_changing_the_one_it_came_from() -> None:
    first = Query.text("red shoes")
    second = first.and_image("shoe.jpg", weight=0.5).without("laces")
    assert [term.label for term in first.terms] == ["red shoes"]
    assert [(t.kind, t.label, t.weight) for t in second.terms] == [
        ("text", "red shoes", 1.0),
        ("image", "shoe.jpg", 0.5),
        ("text", "laces", -1.0),
    ]


def test_liked_and_disliked_ids_add_up() -> None:
    query = Query.like(3).liked([1]).liked([2]).disliked([9])
    assert (query.liked_ids, query.disliked_ids) == ((1, 2), (9,))


@pytest.mark.parametrize("weight", [0, 101, -101, float("nan"), float("inf")])
def test_a_weight_without_meaning_is_refused_with_its_value(weight: float) -> None:
    with pytest.raises(QueryError, match=f"{weight}.*dog"):
        Query.text("dog", weight)


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
def test_an_empty_text_is_refused(text: str) -> None:
    with pytest.raises(QueryError, match="empty"):
        Query.text(text)


def test_the_key_ignores_case_spaces_order_and_size_of_weights() -> None:
    key = Query.text("red shoes").without("laces").key()
    assert Query().without(" Laces ", 0.3).and_text("Red   Shoes", 2).key() == key


def test_the_key_tells_wanted_from_unwanted_and_words_from_ids() -> None:
    queries = [
        Query.text("7"),
        Query().without("7"),
        Query.like(7),
        Query.text("7").and_like(7),
        Query.image("http://localhost/7"),
    ]
    assert len({query.key() for query in queries}) == len(queries)


def test_the_key_of_an_example_is_its_content(tmp_path: Path) -> None:
    picture = Image.new("RGB", (8, 8), "red")
    paths = [tmp_path / "a.png", tmp_path / "b.png"]
    for path in paths:
        picture.save(path)
    Image.new("RGB", (8, 8), "blue").save(tmp_path / "c.png")
    first, second = (Query.image(path).key() for path in paths)
    assert first == second == Query.image(paths[0].read_bytes()).key()
    assert Query.image(tmp_path / "c.png").key() != first
    assert Query.image(picture).key() == Query.image(picture.copy()).key()


def test_the_key_of_a_missing_example_is_an_image_error(tmp_path: Path) -> None:
    with pytest.raises(ImageError, match="no such file"):
        Query.image(tmp_path / "gone.jpg").key()


@given(st.text(min_size=1).filter(str.strip))
def test_any_text_has_a_key_and_a_label(text: str) -> None:
    term = Term("text", text=text)
    assert term.label == text
    assert len(Query((term,)).key()) == 64


@given(
    asked=st.lists(
        st.tuples(st.text(min_size=1).filter(str.strip), st.sampled_from([1.0, 0.5, -1.0, 2.25])),
        min_size=1,
        max_size=4,
    )
)
def test_a_question_in_words_can_be_written_down(asked: list[tuple[str, float]]) -> None:
    query = Query(tuple(Term("text", weight, text=text) for text, weight in asked))
    words = query.words()
    assert words is not None
    assert words.isascii()
    assert Query.from_words(words) == query


def test_pictures_are_not_written_down() -> None:
    assert Query.text("red").and_like(3).words() is None
    assert Query().words() is None
    for damaged in ("", "{}", "[1]", '[["x"]]', '[["x", 0]]', "[[3, 1]]", "null"):
        with pytest.raises(QueryError, match=r"no question|weight"):
            Query.from_words(damaged)
