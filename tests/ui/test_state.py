import pytest
from hypothesis import given
from hypothesis import strategies as st
from vs_property import UNHURRIED

from ui.state import EVEN, LONGEST, MOST, PAGE, SearchState, parse, to_params


def test_an_address_without_parameters_is_an_empty_search():
    state, problems = parse({})
    assert state == SearchState()
    assert state.is_empty
    assert problems == []


@pytest.mark.parametrize(
    "state",
    [
        SearchState(),
        SearchState(text="red shoes", without="laces, hats"),
        SearchState(text="a", like=7, weight=0.35, shown=3 * PAGE),
        SearchState(example="0123456789abcdef0123456789abcdef", weight=0.95),
    ],
)
def test_a_state_survives_its_address(state: SearchState):
    assert parse(to_params(state)) == (state, [])


def test_defaults_are_not_spelled_out():
    assert to_params(SearchState(text="boat")) == {"q": "boat"}


@pytest.mark.parametrize(
    "params",
    [
        {"w": "heavy"},
        {"w": "nan"},
        {"w": "1e999"},
        {"w": "-0.1"},
        {"like": "-1"},
        {"like": "9" * 30},
        {"like": "\u0663"},
        {"like": "1; drop table images"},
        {"n": "0"},
        {"n": "1e3"},
        {"n": "9" * 5000},
        {"n": str(MOST + 1)},
    ],
)
def test_a_value_without_sense_is_left_out_and_explained(params: dict[str, str]):
    (name, value), *_ = params.items()
    state, problems = parse({"q": "boat", **params})
    assert state == SearchState(text="boat")
    assert len(problems) == 1
    assert f"{name}={value[:20]}" in problems[0]
    assert len(problems[0]) < 200


def test_a_very_long_text_is_cut_and_explained():
    state, problems = parse({"q": "x" * 100_000})
    assert state.text == "x" * LONGEST
    assert "very long" in problems[0]


def test_white_space_is_no_search():
    assert parse({"q": " \n\t ", "without": "\u00a0"})[0].is_empty


def test_weights_stay_where_the_slider_can_show_them():
    assert parse({"w": "0"})[0].weight == 0.05
    assert parse({"w": "1"})[0].weight == 0.95
    assert parse({"w": "0.333"})[0].weight == 0.35
    assert parse({"w": ""})[0].weight == EVEN


def test_numbers_of_results_are_whole_pages():
    assert parse({"n": "1"})[0].shown == PAGE
    assert parse({"n": str(PAGE + 1)})[0].shown == 2 * PAGE
    assert parse({"n": str(MOST)})[0].shown == MOST


@UNHURRIED
@given(
    st.dictionaries(
        st.sampled_from(["q", "without", "w", "like", "example", "n"]), st.text(max_size=700)
    )
)
def test_any_address_gives_a_search_that_keeps_its_address(params: dict[str, str]):
    state, _ = parse(params)
    assert 0 < state.weight < 1
    assert state.shown % PAGE == 0
    assert 0 < state.shown <= MOST
    assert parse(to_params(state)) == (state, [])
