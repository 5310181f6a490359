from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.state import EVEN, LONGEST, MOST_PICTURES, Picture, SearchState, parse, to_params

DIGEST = "0123456789abcdef0123456789abcdef"


def test_an_address_without_parameters_is_an_empty_search():
    state, problems = parse({})
    assert state == SearchState()
    assert state.is_empty
    assert problems == []


@pytest.mark.parametrize(
    "state",
    [
        SearchState(),
        SearchState(text="red shoes -laces"),
        SearchState(text="a", pictures=(Picture("like", "7"),), weight=0.35),
        SearchState(pictures=(Picture("example", DIGEST),), weight=0.95),
        SearchState(
            pictures=(
                Picture("like", "7"),
                Picture("like", "9"),
                Picture("like", "8", wanted=False),
                Picture("example", "a"),
                Picture("example", "b", wanted=False),
            )
        ),
        SearchState(text="a", diversity=0.15, fold=False, view=12),
    ],
)
def test_a_state_survives_its_address(state: SearchState):
    assert parse(to_params(state)) == (state, [])


def test_defaults_are_not_spelled_out():
    assert to_params(SearchState(text="boat")) == {"q": ["boat"]}


@pytest.mark.parametrize(
    "params",
    [
        {"w": "heavy"},
        {"w": "nan"},
        {"w": "1e999"},
        {"w": "-0.1"},
        {"variety": "1.5"},
        {"variety": "nan"},
        {"like": "-1"},
        {"like": "9" * 30},
        {"like": "\u0663"},
        {"unlike": "1; drop table images"},
        {"view": "<script>"},
        {"view": "9" * 5000},
    ],
)
def test_a_value_without_sense_is_left_out_and_explained(params: dict[str, str]):
    ((name, value),) = params.items()
    state, problems = parse({"q": ["boat"], name: [value]})
    assert state == SearchState(text="boat")
    assert len(problems) == 1
    assert f"{name}={value[:20]}" in problems[0]
    assert len(problems[0]) < 200


def test_what_makes_sense_of_repeated_pictures_stays():
    state, problems = parse({"like": ["3", "x", "3", "4"], "unlike": ["3", "5"]})
    assert state.pictures == (
        Picture("like", "3"),
        Picture("like", "4"),
        Picture("like", "5", wanted=False),
    )
    assert len(problems) == 1


def test_too_many_pictures_are_cut_and_explained():
    state, problems = parse({"like": [str(number) for number in range(1000)]})
    assert [picture.image_id for picture in state.pictures] == list(range(MOST_PICTURES))
    assert f"only {MOST_PICTURES} are used" in problems[0]


def test_of_a_repeated_value_the_last_counts():
    assert parse({"q": ["boat", "house"], "w": ["0.1", "0.7"]})[0] == replace(
        SearchState(text="house"), weight=0.7
    )


def test_a_very_long_text_is_cut_and_explained():
    state, problems = parse({"q": ["x" * 100_000]})
    assert state.text == "x" * LONGEST
    assert "very long" in problems[0]


def test_white_space_is_no_search():
    assert parse({"q": [" \n\t \u00a0"], "example": [" "]})[0].is_empty


def test_weights_stay_where_the_slider_can_show_them():
    assert parse({"w": ["0"]})[0].weight == 0.05
    assert parse({"w": ["1"]})[0].weight == 0.95
    assert parse({"w": ["0.333"]})[0].weight == 0.35
    assert parse({"w": [""]})[0].weight == EVEN


def test_a_picture_can_be_turned_around_but_not_given_twice():
    state = SearchState().with_picture(Picture("like", "3")).with_picture(Picture("like", "4"))
    turned = state.with_picture(Picture("like", "3", wanted=False))
    assert turned.pictures == (Picture("like", "4"), Picture("like", "3", wanted=False))


def test_the_last_pictures_are_kept():
    state = SearchState()
    for number in range(MOST_PICTURES + 2):
        state = state.with_picture(Picture("like", str(number)))
    assert [picture.image_id for picture in state.pictures] == list(range(2, MOST_PICTURES + 2))


def test_the_balance_starts_even_with_the_first_wanted_picture():
    one, other = Picture("like", "3"), Picture("like", "4")
    state = replace(SearchState(text="a").with_picture(one), weight=0.8)
    assert state.with_picture(other).weight == 0.8
    assert state.without_picture(one).weight == EVEN
    assert state.with_picture(other).without_picture(one).weight == 0.8


def test_another_picture_closes_the_window():
    assert SearchState(view=3).with_picture(Picture("like", "3")).view is None


NAMES = ["q", "w", "like", "unlike", "example", "unexample", "variety", "copies", "view"]


@given(
    st.dictionaries(
        st.sampled_from(NAMES),
        st.lists(st.text(max_size=700) | st.integers().map(str) | st.floats().map(str)),
    )
)
def test_any_address_gives_a_search_that_keeps_its_address(params: dict[str, list[str]]):
    state, _ = parse(params)
    assert 0 < state.weight < 1
    assert 0 <= state.diversity <= 1
    assert len(state.pictures) <= MOST_PICTURES
    assert parse(to_params(state)) == (state, [])
