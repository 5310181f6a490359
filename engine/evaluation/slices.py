"""Kinds of topics, by their words and by their labels: where does a way to search fail?"""

import re
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from engine.evaluation.collection import Topic


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_COLOURS = _words(
    "red orange yellow green blue purple pink brown black white grey gray golden silver beige navy "
    "maroon turquoise violet tan cream"
)
_COUNTS = _words(
    "one two three four five six seven eight nine ten several many few both pair couple group dozen"
)
_PLACES = _words(
    "above below under over behind beside between inside outside left right front near next top "
    "bottom against across through"
)
_NEGATIONS = _words("no not without except none never nobody nothing")
_SHORT, _LONG = 5, 12  # words

Members = npt.NDArray[np.bool_]


def slices(topics: Sequence[Topic]) -> Mapping[str, Members]:
    """Which topics are of each kind, bool [topics]; only kinds that there are, and only of texts.

    A topic may be of several kinds. Words are English ones.
    """
    words = [re.findall(r"[\w']+", topic.text.casefold()) for topic in topics]
    found = {
        name: np.array([bool(said) and is_one(said) for said in words], dtype=np.bool_)
        for name, is_one in _KINDS.items()
    }
    return {name: members for name, members in found.items() if members.any()}


def by_label(topics: Sequence[Topic]) -> Mapping[str, Members]:
    """Which topics are about each label, bool [topics]; none unless there are two labels."""
    labels = np.array([topic.label for topic in topics])
    found = {str(label): labels == label for label in np.unique(labels) if label}
    return found if len(found) > 1 else {}


_KINDS: Mapping[str, Callable[[list[str]], bool]] = {
    f"up to {_SHORT} words": lambda said: len(said) <= _SHORT,
    f"{_SHORT + 1} to {_LONG} words": lambda said: _SHORT < len(said) <= _LONG,
    f"more than {_LONG} words": lambda said: len(said) > _LONG,
    "a colour": lambda said: not _COLOURS.isdisjoint(said),
    "several colours": lambda said: len(_COLOURS.intersection(said)) > 1,
    "two kinds of attributes": lambda said: (
        sum(not words.isdisjoint(said) for words in (_COLOURS, _COUNTS, _PLACES)) > 1
    ),
    "a number of things": lambda said: not _COUNTS.isdisjoint(said) or _has_digits(said),
    "where things are": lambda said: not _PLACES.isdisjoint(said),
    "what is not there": lambda said: not _NEGATIONS.isdisjoint(said),
}


def _has_digits(said: list[str]) -> bool:
    return any(word.isdigit() for word in said)
