import pytest
from PIL import Image

from engine import SearchEngine
from ui import question
from ui.state import SearchState


def weights(state: SearchState, engine: SearchEngine) -> list[tuple[str, float]]:
    return [(term.kind, term.weight) for term in question.build(state, engine).terms]


@pytest.fixture
def example(shared_engine: SearchEngine) -> str:
    return shared_engine.save_example(Image.new("RGB", (64, 64), "red"))


def test_words_alone(shared_engine: SearchEngine):
    query = question.build(SearchState(text="boat", weight=0.2), shared_engine)
    assert [(t.kind, t.text, t.weight) for t in query.terms] == [("text", "boat", 1.0)]


def test_a_picture_alone(shared_engine: SearchEngine):
    assert weights(SearchState(like=1, weight=0.2), shared_engine) == [("like", 1.0)]


def test_words_and_picture_share_the_weight(shared_engine: SearchEngine):
    state = SearchState(text="boat", like=1, weight=0.75)
    assert weights(state, shared_engine) == [("text", 0.25), ("like", 0.75)]


def test_two_pictures_share_the_weight_of_one(shared_engine: SearchEngine, example: str):
    state = SearchState(text="boat", like=1, example=example, weight=0.5)
    assert weights(state, shared_engine) == [("text", 0.5), ("like", 0.25), ("image", 0.25)]


def test_commas_separate_what_is_not_wanted(shared_engine: SearchEngine):
    state = SearchState(text="shoes", without="laces, , hats ,")
    terms = question.build(state, shared_engine).terms
    assert [(t.text, t.weight) for t in terms] == [("shoes", 1), ("laces", -1), ("hats", -1)]


def test_pictures_that_are_there_stay(shared_engine: SearchEngine, example: str):
    state = SearchState(like=1, example=example)
    assert question.known(state, shared_engine) == (state, [])


@pytest.mark.parametrize("image_id", [0, 999, 10**18 - 1])
def test_an_unknown_image_is_left_out_and_explained(shared_engine: SearchEngine, image_id: int):
    state, problems = question.known(SearchState(text="a", like=image_id), shared_engine)
    assert state == SearchState(text="a")
    assert f"Image {image_id} is not in this library" in problems[0]


@pytest.mark.parametrize("name", ["0" * 32, "../../library.db", "a\0b", "\n"])
def test_an_unknown_example_is_left_out_and_explained(shared_engine: SearchEngine, name: str):
    state, problems = question.known(SearchState(text="a", example=name), shared_engine)
    assert state == SearchState(text="a")
    assert "not kept here" in problems[0]
