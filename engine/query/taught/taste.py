"""A preference as people can look at it: words and images that it raises and lowers most."""

from dataclasses import dataclass

import numpy as np

from engine.products import inner_products
from engine.query.encode import Encode
from engine.query.language.families import FAMILIES, PLAIN
from engine.query.scores.ranking import standardised_rows, unit
from engine.query.scores.statistics import Vector
from engine.query.taught.preference import Preference
from engine.query.view import LibraryView

_WORDS, _IMAGES = 5, 6  # each, at most
_LEAST_CORRELATION = 0.2


@dataclass(frozen=True, eq=False)
class Taste:
    """What somebody likes whatever they ask for.

    Attributes:
        questions: that taught it.
        agreeing: of them those that the others alone would have put in order.
        more: words for what is liked, of colours, seasons and such; may be none.
        less: words for what is not.
        liked_ids: images that gain most.
        disliked_ids: images that lose most.
        direction: what images are compared with, float32 [dim].
    """

    questions: int
    agreeing: int
    more: tuple[str, ...]
    less: tuple[str, ...]
    liked_ids: tuple[int, ...]
    disliked_ids: tuple[int, ...]
    direction: Vector


def describe(preference: Preference, view: LibraryView, encode: Encode) -> Taste:
    """Say what a preference means in a library.

    Args:
        preference: what is liked.
        view: of the library.
        encode: for words.
    """
    direction = preference.axis.directions[0]
    more, less = (_words(sign * direction, view, encode) for sign in (1, -1))
    liked, disliked = (_images(sign * direction, view) for sign in (1, -1))
    return Taste(
        preference.questions, preference.agreeing, more, less, liked, disliked, unit(direction)
    )


def _words(direction: Vector, view: LibraryView, encode: Encode) -> tuple[str, ...]:
    """Those whose scores correlate with the preference over the library, the most first."""
    library = view.statistics
    words = [(word, form) for form, family in FAMILIES.values() for word in family]
    rows = encode([f"{PLAIN} {form.format(word)}" for word, form in words])
    found = standardised_rows(rows, library) @ library.covariance @ direction
    best = np.argsort(-found, kind="stable")[:_WORDS]
    return tuple(words[place][0] for place in best if found[place] >= _LEAST_CORRELATION)


def _images(direction: Vector, view: LibraryView) -> tuple[int, ...]:
    """Those with the highest scores, the best first."""
    ids, vectors = view.vectors(view.nearest(unit(direction)[None], _IMAGES))
    scores = inner_products(vectors, direction[None])[:, 0]
    return tuple(int(ids[place]) for place in np.lexsort((ids, -scores))[:_IMAGES])
