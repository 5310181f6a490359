"""How far an index has to search for a stated recall; measured, with a lower bound.

recall@10 of a setting is the share of the true ten nearest images that are among the candidates
the index gives: they are scored again exactly, which then ranks them right. Texts and images are
judged apart, because texts lie elsewhere in the space and need a wider search.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from math import ceil, isfinite
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from engine.index.base import Ids, Vectors
from engine.index.bound import recall_bound
from engine.index.exact import MISSING, ReadChunks, exact_neighbours, recall
from engine.index.projection import Projection

TARGET = 0.97
"""The recall@10 that a setting has to reach, by its lower bound, if no other is asked for."""

TOP = 10
"""How many of the nearest images count."""

CANDIDATES = (20, 50, 100, 150, 200, 400)
"""Numbers of candidates that are tried."""

DIMS = (64, 96, 112, 128, 160, 192, 256, 384)
"""Widths of reduced vectors that are tried; all suit SIMD instructions."""

_REDUCED_RECALL = 0.98
_JUDGED_CANDIDATES = 200
_FIT = 50_000
_CHUNK = 8_192

Search = Callable[[Vectors, int, int], Ids]
"""(queries, effort, candidates) to the ids an index gives, best first, int64 [m, candidates]."""


@dataclass(frozen=True, eq=False)
class Queries:
    """What an index is measured with.

    Attributes:
        texts: float32 [m, width], in an order that means nothing.
        images: float32 [n, width], of the library.
        own: int64 [n], the ids of `images`: no image counts as its own neighbour.
        sources: where the texts came from, in words.
    """

    texts: Vectors
    images: Vectors
    own: Ids
    sources: tuple[str, ...] = ()

    @property
    def shaping(self) -> Vectors:
        """The half of the texts that a projection may be fitted to."""
        return self.texts[::2]

    @property
    def judging(self) -> Vectors:
        """The other half: a recall measured on texts it was fitted to would be too good."""
        return self.texts[1::2]


@dataclass(frozen=True)
class Tuning:
    """A setting of an index, and the recall it was measured to have.

    Attributes:
        backend: the index's.
        dim: width of the vectors in the index.
        effort: as `VectorIndex.effort`.
        candidates: how many are scored again.
        recall_text, recall_image: means over the queries.
        bound_text, bound_image: their lower 95 % bounds.
        target: what the bounds should reach.
        texts, images: how many queries of each kind.
        sources: where the texts came from, in words.
    """

    backend: str
    dim: int
    effort: int
    candidates: int
    recall_text: float
    recall_image: float
    bound_text: float
    bound_image: float
    target: float
    texts: int
    images: int
    sources: tuple[str, ...] = ()

    @property
    def bound(self) -> float:
        """The lower of both bounds; of a kind without queries nothing is known."""
        return min(self.bound_text, self.bound_image)

    @property
    def is_reached(self) -> bool:
        """Whether both bounds reach the target; with few queries not even a perfect recall does."""
        return self.bound >= self.target or self.recall_text == self.recall_image == 1

    def to_json(self) -> dict[str, Any]:
        """As plain values."""
        return {**asdict(self), "sources": list(self.sources)}

    @classmethod
    def from_json(cls, stored: object) -> Self:
        """What `to_json` gave; unknown names are passed over.

        Raises:
            ValueError: a value is missing or cannot be right.
        """
        if not isinstance(stored, dict):
            raise ValueError(f"a tuning is an object, not {type(stored).__name__}")
        values: dict[str, Any] = {}
        for field in fields(cls):
            value = stored.get(field.name, [] if field.name == "sources" else None)
            values[field.name] = _read(field.name, field.type, value)
        return cls(**values)


def choose_dim(
    sample: npt.NDArray[np.floating[Any]],
    queries: Queries,
    size: int,
    least: int = 0,
    ids: Ids | None = None,
) -> int:
    """The least width of reduced vectors that hardly changes which images are nearest.

    It is the first of `DIMS` whose exact search keeps 0.98 of the nearest ten among the first two
    hundred, for both kinds. In a sample both numbers are smaller by its share of the library.

    Args:
        sample: vectors of the library, any float [n, width]; up to 200,000, in any order.
        queries: what to judge with.
        size: of the library.
        least: narrower ones are not tried.
        ids: of the sample, int64 [n].

    Returns:
        One of `DIMS`, or the full width.
    """
    width, share = sample.shape[1], min(1.0, len(sample) / max(size, 1))
    top, candidates = ceil(TOP * share), ceil(_JUDGED_CANDIDATES * share)
    stride = max(1, ceil(len(sample) / _FIT))
    fitted_on = sample[::stride].astype(np.float32)
    judges = [
        (some, own)
        for some, own in ((queries.judging, None), (queries.images, queries.own))
        if len(some)
    ]
    full = _chunks(sample, ids, lambda rows: rows)
    truths = [exact_neighbours(some, full, top, own) for some, own in judges]
    for dim in (one for one in DIMS if least <= one < width):
        projection = Projection.fit(fitted_on, dim, queries.shaping)
        reduced = _chunks(sample, ids, projection.images)
        found = (
            exact_neighbours(projection.queries(some), reduced, candidates, own)
            for some, own in judges
        )
        recalls = (recall(*pair).mean() for pair in zip(found, truths, strict=True))
        if all(one >= _REDUCED_RECALL for one in recalls):
            return dim
    return width


def tune(
    search: Search,
    queries: Queries,
    truth_text: Ids,
    truth_image: Ids,
    efforts: Sequence[int],
    candidates: Sequence[int] = CANDIDATES,
    *,
    backend: str,
    dim: int,
    target: float = TARGET,
    narrow: bool = False,
) -> Tuning:
    """The cheapest setting whose lower bounds reach the target for both kinds of queries.

    Cheapest is the lowest effort, then the fewest candidates. More of either are taken to find no
    less. If none reaches the target it is the one with the best bound.

    Args:
        search: the index.
        queries: `judging` and `images` of them are searched.
        truth_text: int64 [m, 10], `exact_neighbours` of `queries.judging`.
        truth_image: int64 [n, 10], those of `queries.images` without `queries.own`.
        efforts: to try, ascending; none for an index that is exact.
        candidates: to try, ascending.
        backend: the index's name.
        dim: width of its vectors.
        target: recall@10.
        narrow: candidates beyond the effort raise the effort, as in a graph; they are not tried.
    """
    kinds = ((queries.judging, None, truth_text), (queries.images, queries.own, truth_image))

    def measured(effort: int, count: int) -> Tuning:
        text, image = (_recalls(search, effort, count, *kind) for kind in kinds)
        return Tuning(
            backend=backend,
            dim=dim,
            effort=effort,
            candidates=count,
            recall_text=_mean(text),
            recall_image=_mean(image),
            bound_text=recall_bound(text),
            bound_image=recall_bound(image),
            target=target,
            texts=len(queries.judging),
            images=len(queries.images),
            sources=queries.sources,
        )

    best: Tuning | None = None
    for effort in efforts or (0,):
        counts = [count for count in candidates if not narrow or not efforts or count <= effort]
        if not counts:
            continue
        widest = measured(effort, counts[-1])
        if widest.is_reached:
            fewer = (measured(effort, count) for count in counts[:-1])
            return next((one for one in fewer if one.is_reached), widest)
        if best is None or widest.bound > best.bound:
            best = widest
    if best is None:
        raise ValueError(f"no candidates to try: {list(candidates)} with efforts {list(efforts)}")
    return best


def _recalls(
    search: Search, effort: int, count: int, queries: Vectors, own: Ids | None, truth: Ids
) -> npt.NDArray[np.float64]:
    """That of each query, float64 [m]."""
    if not len(queries):
        return np.zeros(0)
    found = search(queries, effort, count)
    if own is not None:
        found = np.where(found == own[:, None], MISSING, found)
    return recall(found, truth)


def _mean(recalls: npt.NDArray[np.float64]) -> float:
    """0 without queries: nothing is known."""
    return float(recalls.mean()) if len(recalls) else 0.0


def _chunks(
    sample: npt.NDArray[np.floating[Any]], ids: Ids | None, mapped: Callable[[Vectors], Vectors]
) -> ReadChunks:
    """Reads a sample through a map; under places below all ids if the ids are not known."""
    names = -2 - np.arange(len(sample)) if ids is None else ids

    def read() -> Iterable[tuple[Ids, Vectors]]:
        for first in range(0, len(sample), _CHUNK):
            rows = sample[first : first + _CHUNK].astype(np.float32, copy=False)
            yield names[first : first + len(rows)], mapped(rows)

    return read


def _read(name: str, kind: object, value: object) -> object:
    """A stored value of a `Tuning`, checked."""
    wrong = ValueError(f"a tuning's {name} cannot be {value!r}")
    if name == "sources":
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise wrong
        return tuple(value)
    if kind is str:
        if not isinstance(value, str):
            raise wrong
        return value
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        raise wrong
    if kind is int:
        if value != int(value) or value < 0:
            raise wrong
        return int(value)
    if not 0 <= value <= 1:
        raise wrong
    return float(value)
