"""How well a map keeps neighbours together, and how long it takes to make."""

import time
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine import SearchEngine
from engine.atlas.layout import NEIGHBOURS, principal

Rows = npt.NDArray[np.float32]

_LOOKED_AT = 2_000


def measure(libraries: list[Path]) -> str:
    """A table for docs/map.md; the maps of these libraries are made anew.

    Args:
        libraries: folders of libraries.
    """
    lines = [
        "| library | images | groups | seconds | neighbours kept | by principal components |",
        f"|{' --- |' * 6}",
    ]
    for folder in libraries:
        with SearchEngine.open(folder) as engine:
            started = time.perf_counter()
            atlas = engine.make_atlas()
            seconds = time.perf_counter() - started
            _, vectors = engine.vectors(atlas.ids.tolist())
        kept, by_components = (
            neighbours_kept(vectors, places) for places in (atlas.places, principal(vectors))
        )
        lines.append(
            f"| {folder.name} | {len(vectors):,} | {len(atlas.clusters)} | {seconds:.1f} | "
            f"{kept:.1%} | {by_components:.1%} |"
        )
    return "\n".join(lines)


def neighbours_kept(vectors: Rows, places: Rows, k: int = NEIGHBOURS) -> float:
    """Which share of the `k` nearest vectors are among the `k` nearest places, on average.

    Args:
        vectors: unit rows [n, dim].
        places: of them, [n, 2].
        k: neighbours, less than n.
    """
    chance = np.random.default_rng(0)
    count = len(vectors)
    shares = []
    for one in chance.choice(count, min(count, _LOOKED_AT), replace=False):
        apart = places - places[one]
        far, away = 1 - vectors @ vectors[one], np.vecdot(apart, apart)
        far[one] = away[one] = np.inf
        nearest = (np.argpartition(distances, k)[:k] for distances in (far, away))
        shares.append(len(np.intersect1d(*nearest)) / k)
    return float(np.mean(shares))
