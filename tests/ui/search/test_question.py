import pytest
from PIL import Image

from engine import SearchEngine
from ui.search import question
from ui.state import Picture, SearchState

ONE, TWO = Picture("like", "1"), Picture("like", "2")
NOT_TWO = Picture("like", "2", wanted=False)


def weights(state: SearchState, engine: SearchEngine) -> list[tuple[str, float]]:
    return [(term.kind, term.weight) for term in question.build(state, engine).terms]


@pytest.fixture
def example(shared_engine: SearchEngine) -> Picture:
    name = shared_engine.save_example(Image.new("RGB", (64, 64), "red"))
    return Picture("example", name)


def test_words_alone(shared_engine: SearchEngine):
    query = question.build(SearchState(text="boat", weight=0.2), shared_engine)
    assert [(t.kind, t.text, t.weight) for t in query.terms] == [("text", "boat", 1.0)]


def test_a_picture_alone(shared_engine: SearchEngine):
    assert weights(SearchState(pictures=(ONE,), weight=0.2), shared_engine) == [("like", 1.0)]


def test_words_and_picture_share_the_weight(shared_engine: SearchEngine):
    state = SearchState(text="boat", pictures=(ONE,), weight=0.75)
    assert weights(state, shared_engine) == [("text", 0.25), ("like", 0.75)]


def test_two_pictures_share_the_weight_of_one(shared_engine: SearchEngine, example: Picture):
    state = SearchState(text="boat", pictures=(ONE, example), weight=0.5)
    assert weights(state, shared_engine) == [("text", 0.5), ("like", 0.25), ("image", 0.25)]


def test_an_unwanted_picture_counts_fully_and_takes_no_share(shared_engine: SearchEngine):
    state = SearchState(text="boat", pictures=(ONE, NOT_TWO), weight=0.75)
    assert weights(state, shared_engine) == [("text", 0.25), ("like", 0.75), ("like", -1.0)]
    without = SearchState(text="boat", pictures=(NOT_TWO,), weight=0.75)
    assert weights(without, shared_engine) == [("text", 1.0), ("like", -1.0)]


def test_the_weights_that_people_write_keep_their_proportion(shared_engine: SearchEngine):
    terms = question.build(SearchState(text="boats^3, sea"), shared_engine).terms
    assert {t.text: t.weight for t in terms} == {"boats": 0.75, "sea": 0.25}


def test_words_tell_what_is_not_wanted(shared_engine: SearchEngine):
    terms = question.build(SearchState(text="shoes -laces without hats"), shared_engine).terms
    assert [t.text for t in terms] == ["shoes", "laces", "hats"]
    assert [t.weight > 0 for t in terms] == [True, False, False]


def test_pictures_that_are_there_stay(shared_engine: SearchEngine, example: Picture):
    state = SearchState(pictures=(ONE, NOT_TWO, example), view=3)
    assert question.known(state, shared_engine) == (state, [])


@pytest.mark.parametrize("wanted", [True, False])
@pytest.mark.parametrize("image_id", [0, 999, 10**18 - 1])
def test_an_unknown_image_is_left_out_and_explained(
    shared_engine: SearchEngine, image_id: int, wanted: bool
):
    unknown = Picture("like", str(image_id), wanted)
    state, problems = question.known(SearchState("a", (ONE, unknown)), shared_engine)
    assert state == SearchState("a", (ONE,))
    assert f"Picture {image_id} is not in this library" in problems[0]


@pytest.mark.parametrize("name", ["0" * 32, "../../library.db", "a\0b", "\n"])
def test_an_unknown_example_is_left_out_and_explained(shared_engine: SearchEngine, name: str):
    unknown = Picture("example", name)
    state, problems = question.known(SearchState("a", (unknown, TWO)), shared_engine)
    assert state == SearchState("a", (TWO,))
    assert "not kept here" in problems[0]


def test_an_unknown_image_is_not_opened(shared_engine: SearchEngine):
    state, problems = question.known(SearchState("a", view=999), shared_engine)
    assert state == SearchState("a")
    assert "Picture 999 is not in this library" in problems[0]
