"""What the thumbs of many questions have in common: a taste, which orders every search a little.

Each question teaches a direction, from what was not wanted to what was, as `feedback` does. If one
direction is to be right for all questions, it must put the marked images of each in order when it
is learnt from the others alone. By chance it sometimes does: how often is found by taking thumbs up
for down in some of the questions (a sign-flip test: Fisher, "The Design of Experiments", 1935).
Who has no taste, or not the same one for everything, so gets no preference.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.query.scores.ranking import Axis, standardised_rows
from engine.query.scores.statistics import LibraryStatistics, Vector

LEAST_QUESTIONS = 8
"""With thumbs up and thumbs down."""

_WEIGHT = 0.15  # against 1 for the query; docs/search.md
_LEAST_GAIN = 0.3  # in standard deviations of the library
_CHANCE = 0.01
_FLIPS = 2_000


@dataclass(frozen=True, eq=False)
class Preference:
    """What is liked, whatever is asked for.

    Attributes:
        axis: to be added to the terms of a query.
        questions: of which it is learnt.
        agreeing: of them those that the others alone would have put in order.
    """

    axis: Axis
    questions: int
    agreeing: int


def agreed(
    library: LibraryStatistics, questions: Sequence[tuple[Vector, Vector]]
) -> Preference | None:
    """The preference that questions agree on, if they do.

    Args:
        library: of the images.
        questions: of each the vectors of liked and of disliked images, [n, dim] and [m, dim].
    """
    both = [(liked, disliked) for liked, disliked in questions if len(liked) and len(disliked)]
    if len(both) < LEAST_QUESTIONS:
        return None
    differences = np.stack([liked.mean(axis=0) - disliked.mean(axis=0) for liked, disliked in both])
    directions = standardised_rows(differences @ library.discriminant, library)
    whole = directions.sum(axis=0)
    gains = np.vecdot(differences, standardised_rows(whole - directions, library))
    if gains.mean() < _LEAST_GAIN or _by_chance(differences @ directions.T) > _CHANCE:
        return None
    axis = Axis(standardised_rows(whole[None], library), _WEIGHT)
    return Preference(axis, len(both), int((gains > 0).sum()))


def _by_chance(gains: npt.NDArray[np.floating]) -> float:
    """How often questions agree as well whose thumbs mean nothing.

    Args:
        gains: of each question by the direction of each, [n, n].
    """
    others = gains - np.diag(np.diag(gains))
    flips = np.random.default_rng(0).choice([-1.0, 1.0], size=(_FLIPS, len(gains)))
    agreements = np.vecdot(flips @ others, flips)
    return float((1 + (agreements >= others.sum()).sum()) / (1 + _FLIPS))
