"""What to ask instead, where little or nothing is found. Only what finds more is offered."""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Literal

from engine.query.language.compositional import parts_of
from engine.query.language.terms import Query, Term

AdviceKind = Literal["filter", "spelling", "fewer words"]

_SIMILAR = 0.8  # of difflib, from 0 to 1
_SHORTEST = 4  # letters of a word that may be misspelt
_LONGER = 2  # letters that a correction may have more, or fewer
_MOST = 3  # pieces of advice
_MOST_ASKED = 8  # searches for them


@dataclass(frozen=True)
class Advice:
    """Another query that finds more.

    Attributes:
        kind: a filter is left out, a word is spelt otherwise, or some words are left out.
        query: to ask instead.
        matching: images that pass its filters.
    """

    kind: AdviceKind
    query: Query
    matching: int


@dataclass(frozen=True)
class Answer:
    """What a query finds.

    Attributes:
        score: of the best image; 0 if there is none.
        matching: images that pass the filters.
    """

    score: float
    matching: int


Ask = Callable[[Query], Answer]


def advise(query: Query, ask: Ask, known: Collection[str], least: float) -> list[Advice]:
    """Other queries that find something, the best first.

    Args:
        query: that finds little.
        ask: answers a query.
        known: words that the model or the library knows, in lower case.
        least: score of the best image that something has to have to be offered.
    """
    before = ask(query)
    found: list[tuple[float, Advice]] = []
    for kind, other in [*_variants(query, known)][:_MOST_ASKED]:
        answer = ask(other)
        is_better = answer.score >= max(least, before.score)
        if kind == "filter":
            shut_all_out = before.matching == 0 < answer.matching
            is_better = shut_all_out or (is_better and answer.matching > before.matching)
        if is_better:
            found.append((answer.score, Advice(kind, other, answer.matching)))
    found.sort(key=lambda each: -each[0])
    return [advice for _, advice in found[:_MOST]]


def _variants(query: Query, known: Collection[str]) -> Iterator[tuple[AdviceKind, Query]]:
    for number in range(len(query.filters)):
        rest = (*query.filters[:number], *query.filters[number + 1 :])
        if rest or query.terms:
            yield "filter", replace(query, filters=rest)
    for number, term in enumerate(query.terms):
        if term.kind != "text" or term.weight < 0 or term.others:
            continue
        for text in _respelt(term.text, known):
            yield "spelling", _with(query, number, text)
        for text in parts_of(term.text):
            yield "fewer words", _with(query, number, text)


def _with(query: Query, number: int, text: str) -> Query:
    terms: list[Term] = list(query.terms)
    terms[number] = replace(terms[number], text=text)
    return replace(query, terms=tuple(terms))


def _respelt(text: str, known: Collection[str]) -> Iterator[str]:
    """The text with each unknown word put right, if that is one that is known."""
    put_right = {
        word: found
        for word in re.findall(rf"[^\W\d_]{{{_SHORTEST},}}", text)
        if word.casefold() not in known and (found := _nearest(word.casefold(), known))
    }
    if put_right:
        yield re.sub(r"[^\W\d_]+", lambda found: put_right.get(found[0], found[0]), text)


def _nearest(word: str, known: Collection[str]) -> str | None:
    # The first letter is seldom wrong; without these limits, all words would take a second.
    some = [
        other for other in known if other[:1] == word[:1] and abs(len(other) - len(word)) <= _LONGER
    ]
    return next(iter(get_close_matches(word, sorted(some), 1, _SIMILAR)), None)
