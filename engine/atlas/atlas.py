"""`Atlas`: a map of a library, as plain data."""

import hashlib
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from engine.atlas.arrays import Ids, Places


@dataclass(frozen=True)
class Cluster:
    """Images that lie together on a map.

    Attributes:
        name: a word or two that set it apart from the other clusters; may be empty.
        centre: the place of an image in its middle, across and down, from 0 to 1.
        size: number of its images on the map.
    """

    name: str
    centre: tuple[float, float]
    size: int


@dataclass(frozen=True, eq=False)
class Atlas:
    """A map of a library: what is alike lies together.

    Attributes:
        ids: of the images on it, int64 [n], ascending.
        places: where they are, across and down, float32 [n, 2], from 0 to 1.
        own: the cluster of each, int64 [n], a place in `clusters`.
        clusters: the largest first, as it was made.
        total: images of the library; more than are on the map if it shows a sample.
        made_in: generation of the library in which it was made.
        generation: generation of the library that it shows.
    """

    ids: Ids
    places: Places
    own: Ids
    clusters: tuple[Cluster, ...]
    total: int
    made_in: int
    generation: int

    @classmethod
    def of(
        cls, ids: Ids, places: Places, own: Ids, names: list[str], total: int, made_in: int,
        generation: int,
    ) -> "Atlas":  # fmt: skip
        """With what follows from places: centres and sizes. Names without an image are left out."""
        sizes = np.bincount(own, minlength=len(names))
        there = np.flatnonzero(sizes)
        own = np.searchsorted(there, own)
        clusters = tuple(
            Cluster(names[old], _middle(places[own == new]), int(sizes[old]))
            for new, old in enumerate(there.tolist())
        )
        return cls(ids, places, own, clusters, total, made_in, generation)

    @property
    def is_sample(self) -> bool:
        """Whether the library holds images that are not on the map."""
        return len(self.ids) < self.total

    @cached_property
    def stamp(self) -> str:
        """Another one for another map."""
        content = hashlib.blake2b(digest_size=12)
        for array in (self.ids, self.places, self.own):
            content.update(np.ascontiguousarray(array).tobytes())
        content.update(repr([cluster.name for cluster in self.clusters]).encode())
        return content.hexdigest()

    def inside(self, polygon: Places) -> Ids:
        """Ids of the images within a polygon, float32 [m, 2]; where it crosses itself, even-odd."""
        if len(polygon) < 3:
            return self.ids[:0]
        x, y = self.places.T
        is_inside = np.zeros(len(self.ids), dtype=bool)
        for (x1, y1), (x2, y2) in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
            crosses = (y1 > y) != (y2 > y)
            with np.errstate(divide="ignore", invalid="ignore"):
                is_inside ^= crosses & (x < (x2 - x1) * (y - y1) / (y2 - y1) + x1)
        return self.ids[is_inside]


def _middle(places: Places) -> tuple[float, float]:
    """The place nearest to the median, so that it is never between two islands."""
    away = places - np.median(places, axis=0)
    across, down = places[np.vecdot(away, away).argmin()]
    return float(across), float(down)
