"""Figures of rankings, by ir_measures; `docs/evaluation.md` defines them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.evaluation.collection import Topic

DEPTH = 1_000
"""Answers of each topic that are looked at."""

_BATCH = 200  # topics at a time: ir_measures wants a dictionary entry for each answer

NAMES = (
    "hit@1", "hit@5", "hit@10", "precision@1", "precision@5", "precision@10",
    "recall@1", "recall@5", "recall@10", "mAP", "MRR", "nDCG@10",
)  # fmt: skip
"""Names of all measures, in the order in which they are shown."""

Values = npt.NDArray[np.float64]
Ranked = npt.NDArray[np.int64]
Tell = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Scores:
    """Figures of one way to search.

    Attributes:
        values: by the name of the measure, one for each topic, float64 [topics].
        groups: of each topic, the number of its group, int64 [topics].
    """

    values: Mapping[str, Values]
    groups: Ranked

    @cached_property
    def means(self) -> dict[str, float]:
        """Mean of each measure over all topics."""
        return {name: float(values.mean()) for name, values in self.values.items()}

    def of(self, some: npt.NDArray[np.bool_]) -> "Scores":
        """Of these topics only, bool [topics]."""
        return Scores(
            {name: values[some] for name, values in self.values.items()}, self.groups[some]
        )


def measure(
    topics: Sequence[Topic], rankings: Sequence[Ranked], tell: Tell | None = None
) -> Scores:
    """Judge rankings.

    Args:
        topics: with the right answers.
        rankings: for each topic places of the collection, best first, each at most once; what
            is beyond `DEPTH` does not count.
        tell: called with how many of how many topics are done.
    """
    values = {name: np.zeros(len(topics)) for name in NAMES}
    for at in range(0, len(topics), _BATCH):
        some = range(at, min(at + _BATCH, len(topics)))
        for number, name, value in _judged(topics, rankings, some):
            values[name][number] = value
        if tell:
            tell(some.stop, len(topics))
    numbers: dict[str, int] = {}
    groups = [numbers.setdefault(topic.group, len(numbers)) for topic in topics]
    return Scores(values, np.array(groups, dtype=np.int64))


def _judged(
    topics: Sequence[Topic], rankings: Sequence[Ranked], some: range
) -> Iterator[tuple[int, str, float]]:
    right = {
        str(number): {str(place): grade for place, grade in topics[number].relevant.items()}
        for number in some
    }
    # trec_eval orders by score; falling ones keep the order that was given.
    found = {
        str(number): {
            str(place): float(-rank) for rank, place in enumerate(rankings[number][:DEPTH].tolist())
        }
        for number in some
    }
    import ir_measures  # with all that it brings, which no other command shall wait for

    names = {measure: name for name, measure in _measures().items()}
    for result in ir_measures.iter_calc(list(names), right, found):
        yield int(result.query_id), names[result.measure], result.value


def _measures() -> dict[str, Any]:
    """The library's measure of each name."""
    from ir_measures import AP, RR, P, R, Success, nDCG

    kinds = {"hit": Success, "precision": P, "recall": R, "nDCG": nDCG}
    whole = {"mAP": AP @ DEPTH, "MRR": RR @ DEPTH}
    cut = (name.split("@") for name in NAMES if name not in whole)
    return {**{f"{kind}@{at}": kinds[kind] @ int(at) for kind, at in cut}, **whole}
