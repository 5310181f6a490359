from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import Query, Term, parse_query, query_text
from engine.query.language.language import MOST_ALTERNATIVES


def read(text: str) -> dict[str, float]:
    """Label to weight of every term."""
    return {term.label: term.weight for term in parse_query(text).terms}


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("red shoes with white laces", {"red shoes with white laces": 1}),
        ("a man, a dog; a (small) cat", {"a man, a dog; a (small) cat": 1}),
        ("dog without a leash", {"dog": 1, "leash": -1}),
        ("dog without a leash on the beach", {"dog on the beach": 1, "leash": -1}),
        ("a beach with no people", {"a beach": 1, "people": -1}),
        ("a street but no cars or lorries", {"a street": 1, "cars": -1, "lorries": -1}),
        ("no cars", {"cars": -1}),
        ("no cars, no people", {"cars": -1, "people": -1}),
        ("a man who isn't smiling", {"a man who": 1, "smiling": -1}),
        ("a man wearing no shirt climbs a rock", {"a man a rock": 1, "shirt climbs": -1}),
        ("a man without a shirt is walking", {"a man is walking": 1, "shirt": -1}),
        ("boots, no laces", {"boots": 1, "laces": -1}),
        ("the do not walk light", {"the do not walk light": 1}),
        (
            "a girl in a red dress without shoes plays with two dogs on the grass",
            {"a girl in a red dress without shoes plays with two dogs on the grass": 1},
        ),
        ("fruit except any bananas", {"fruit": 1, "bananas": -1}),
        ("beach -people", {"beach": 1, "people": -1}),
        ('beach -"parked cars"^3', {"beach": 1, "parked cars": -3}),
        ("t-shirt x-ray", {"t-shirt x-ray": 1}),
        ("sunset^2 boats^0.5", {"sunset": 2, "boats": 0.5}),
        ("old house^2 garden", {"old garden": 1, "house": 2}),
        ('"red shoes"^2 box', {"box": 1, "red shoes": 2}),
        ("(cat OR dog) sofa", {"cat sofa OR dog sofa": 1}),
        ("cat OR a black dog", {"cat OR a black dog": 1}),
        ("sofa -(cat OR dog)", {"sofa": 1, "cat OR dog": -1}),
        ("(boat OR ship)^2 night", {"night": 1, "boat OR ship": 2}),
        ("a no smoking sign", {"a no smoking sign": 1}),
        ("\N{SNOWMAN} -people", {"\N{SNOWMAN}": 1, "people": -1}),
        ('"no smoking"', {"no smoking": 1}),
        ('room without "a window"', {"room": 1, "a window": -1}),
        (
            "don\N{RIGHT SINGLE QUOTATION MARK}t look",
            {"don\N{RIGHT SINGLE QUOTATION MARK}t look": 1},
        ),
    ],
)
def test_what_a_text_means(text: str, terms: dict[str, float]) -> None:
    assert read(text) == terms


@pytest.mark.parametrize(
    "text",
    ["5\" screen", "yes or no", "not", "without", "a ^ b", "a^x", "x^0", "x^1e9", "rock & roll",
     "- -", "a -", "AT&T (red", "OR", "(OR)", "a | b", "c++", "!?", '""', "{}", "\N{SNOWMAN}",
     "50% off", "no, no", "--help", "cat^-2"],
)  # fmt: skip
def test_what_makes_no_sense_as_a_sign_is_words(text: str) -> None:
    terms = parse_query(text).terms
    assert all(term.weight == 1 for term in terms)
    assert len(terms) <= 1


@pytest.mark.parametrize("text", ["", "  ", "\n\t"])
def test_an_empty_text_asks_for_nothing(text: str) -> None:
    assert parse_query(text).terms == ()


def test_alternatives_are_limited() -> None:
    groups = " ".join("(a OR b OR c)" for _ in range(12))
    (term,) = parse_query(groups).terms
    assert len(term.texts) <= MOST_ALTERNATIVES


def test_a_weight_for_all_that_is_wanted() -> None:
    query = parse_query("old house^2 -car^3").weighted(0.25)
    assert [term.weight for term in query.terms] == [0.25, 0.5, -3]


_WORDS = st.sampled_from(
    ["red", "cat", "a", "no", "not", "without", "with", "and", "or", "OR", "|", "on", "sign", ",",
     "(", ")", '"', "-", "^2", "^0.5", "-dog", "house^3", '"old car"', '-"two men"^2', "(x OR y)",
     "(x OR y)^2", "isn't", "NOT", "é", "猫", "\N{RIGHT SINGLE QUOTATION MARK}"]
)  # fmt: skip


_FILTERS = st.builds(
    "{}{}:{}".format,
    st.sampled_from(["", "-"]),
    st.sampled_from(
        ["after", "before", "date", "camera", "Colour", "size", "width", "near", "price", "tag",
         "folder", "name", "odd", "orientation", "type", "year"]
    ),
    st.lists(
        st.sampled_from(
            ["2023", "2023-06", "2023-02-30", "<2020", ">=2023-06", "2023..2024-02", "..5", "..",
             "@12.5", "5MB", "<=1.5kb", "navy", "#123abc", "portrait", '"Pixel 8"', '""', '"<5"',
             "1e400", "48.1", "x", "a-b", "Straße", "5..", "12km", "=7", '"a..b"', "90", ">1..<9"]
        )
        | st.text(max_size=5),
        min_size=1,
        max_size=3,
    ).map(",".join),
)  # fmt: skip


@settings(max_examples=400)
@given(
    st.text(max_size=60)
    | st.lists(_WORDS | _FILTERS, max_size=12).map(" ".join)
    | st.lists(_FILTERS | st.text(max_size=8), max_size=4).map(" ".join),
    st.sets(st.sampled_from(["price", "size", "year", "tag"])),
)
def test_nothing_is_an_error_and_all_is_written_back_to_the_same_meaning(
    text: str, columns: set[str]
) -> None:
    query = parse_query(text, columns)
    again = parse_query(query_text(query, columns), columns)
    assert again == query, query_text(query, columns)
    words = replace(query, filters=())
    assert Query.from_words(query.words()) == words if query.terms else query.words() is None


def test_pictures_are_not_written() -> None:
    assert query_text(Query.like(3).and_text("a cat").without("dog")) == 'a cat -"dog"'
    assert query_text(Query((Term("text", 2.0, text="cat", others=("dog",)),))) == "(cat OR dog)^2"
