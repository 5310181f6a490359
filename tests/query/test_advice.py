"""What to ask instead."""

from collections.abc import Callable

import pytest

from engine import parse_query, query_text
from engine.query.advice import Answer, advise
from engine.query.language.terms import Query

KNOWN = frozenset(["sunglasses", "umbrella", "red", "shoes", "dress", "woman", "table", "tables"])
Ask = Callable[[Query], Answer]


def answering(**scores: float) -> Ask:
    """Scores by the words of the query; nothing passes a filter for a camera."""

    def ask(query: Query) -> Answer:
        if any(where.field == "camera" for where in query.filters):
            return Answer(0.0, 0)
        words = "_".join(term.text for term in query.terms).replace(" ", "_")
        return Answer(scores.get(words, 0.0), 5)

    return ask


def advised(text: str, ask: Ask) -> list[tuple[str, str]]:
    found = advise(parse_query(text), ask, KNOWN, least=0.2)
    return [(one.kind, query_text(one.query)) for one in found]


def test_a_word_is_put_right_if_that_finds_more() -> None:
    ask = answering(sunglasses=0.9, red_umbrella=0.5)
    assert advised("sungalsses", ask) == [("spelling", "sunglasses")]
    assert advised("red umbrela", ask) == [("spelling", "red umbrella")]
    assert advised("umbrela", ask) == []


@pytest.mark.parametrize("text", ["sunglasses", "tables", "xqzw", "umb", "straße", "404"])
def test_known_and_hopeless_words_are_left_alone(text: str) -> None:
    everything = answering(sunglasses=0.9, tables=0.9, table=1.0, umbrella=1.0)
    assert advised(text, everything) == []


def test_parts_of_a_text_are_offered_the_best_first() -> None:
    ask = answering(woman_in_a_dress=0.1, woman=0.6, dress=0.8, a_woman_in_a_dress=0.1)
    assert advised("a woman in a dress", ask) == [
        ("fewer words", "dress"),
        ("fewer words", "woman"),
    ]


def test_what_finds_less_is_not_offered() -> None:
    ask = answering(a_woman_in_a_dress=0.4, woman=0.3, dress=0.1)
    assert advised("a woman in a dress", ask) == []


def test_a_filter_that_shuts_all_out_is_left_out() -> None:
    found = advise(parse_query("shoes camera:x color:red"), answering(shoes=0.7), KNOWN, 0.2)
    assert [(one.kind, query_text(one.query), one.matching) for one in found] == [
        ("filter", "color:red shoes", 5)
    ]


def test_at_most_three_are_offered() -> None:
    ask = answering(**dict.fromkeys(("a1", "b1", "c1", "d1", "e1"), 0.5))
    assert len(advised("a1 and b1 and c1 and d1 and e1", ask)) == 3
