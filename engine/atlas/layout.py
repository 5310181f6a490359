"""Vectors laid out on a plane, so that what is alike lies together.

A neighbour embedding in the manner of UMAP (McInnes, Healy, Melville: UMAP: Uniform Manifold
Approximation and Projection for Dimension Reduction, 2018): a graph of near neighbours with fuzzy
weights pulls, and others drawn by chance push away. Two things are done otherwise, so that numpy
alone is quick enough: every step moves all points at once, each no farther than its own neighbours
allow (there is no sampling of edges), and the curve is that of t-SNE, 1 / (1 + d^2).
"""

from collections.abc import Callable
from functools import partial

import numpy as np
from scipy import sparse
from threadpoolctl import threadpool_limits

from engine.atlas.arrays import Ids, Places, Tell, Vectors
from engine.atlas.neighbours import neighbours

NEIGHBOURS = 15
FEWEST = 8
"""Below so many vectors their two principal components say all that there is."""

_PUSHES = 5  # others that each pull is set against, as in the paper
_DRAWN = 5  # others drawn for a point in a step
_STEPS = 400
_STEPS_OF_MANY = 250
_MANY = 20_000
_START = 10.0  # width of the first layout
_MOMENTUM = 0.5
_LONGEST = 2.0  # of a step
_ROUNDS = 40  # of bisection: more change no digit of a float32
_NEAREST = 1e-3  # squared: what lies on one place is not pushed without end
_HARDEST = 4.0  # of a push, as in the paper's own program


def layout(vectors: Vectors, tell: Tell) -> Places:
    """Places of unit rows [n, dim] on a plane, float32 [n, 2], both axes within 0 to 1.

    The same vectors get the same places on every run.
    """
    places = principal(vectors)
    if len(vectors) >= FEWEST:
        k = min(NEIGHBOURS, len(vectors) - 1)
        found = neighbours(vectors, k, partial(tell, "Looking for neighbours"))
        places = _settled(fuzzy_graph(*found), places, partial(tell, "Laying the map out"))
    return _framed(places)


def principal(vectors: Vectors) -> Places:
    """The two principal components of rows [n, dim], float32 [n, 2]."""
    places = np.zeros((len(vectors), 2), dtype=np.float32)
    if len(vectors) > 1:
        centred = vectors - vectors.mean(axis=0)
        scatter = centred.T @ centred
        # On a machine that is busy, BLAS threads that wait for each other take a hundred times as
        # long for a matrix of this size as one thread does.
        with threadpool_limits(1, user_api="blas"):
            _, axes = np.linalg.eigh(scatter)
        axes = axes[:, ::-1][:, :2]
        # An axis may point either way: the way that its largest part is positive.
        largest = axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])]
        axes = axes * np.where(largest < 0, -1, 1)
        places[:, : axes.shape[1]] = centred @ axes
    return places


def fuzzy_graph(found: Ids, far: Vectors) -> sparse.csr_matrix:
    """How much each point belongs to the neighbourhood of each other, symmetric, from 0 to 1.

    Args:
        found: places of the nearest neighbours, int64 [n, k].
        far: their distances, float32 [n, k], ascending.
    """
    count, k = found.shape
    weights = np.exp(-np.maximum(far - far[:, :1], 0) / _widths(far)[:, None])
    heads = np.repeat(np.arange(count), k)
    one = sparse.csr_matrix((weights.ravel(), (heads, found.ravel())), shape=(count, count))
    both = one.multiply(one.T)
    return (one + one.T - both).tocsr().astype(np.float32)


def _widths(far: Vectors) -> Vectors:
    """For each point the width at which its weights add up to log2(k), by bisection."""
    beyond = np.maximum(far - far[:, :1], 0).astype(np.float64)
    target = np.log2(far.shape[1])
    low = np.zeros(len(far))
    high = np.full(len(far), np.inf)
    width = np.ones(len(far))
    for _ in range(_ROUNDS):
        too_wide = np.exp(-beyond / width[:, None]).sum(axis=1) > target
        high = np.where(too_wide, width, high)
        low = np.where(too_wide, low, width)
        width = np.where(np.isinf(high), 2 * width, (low + high) / 2)
    # Where most neighbours are equally far, no width does it.
    least = 1e-3 * max(float(far.mean()), 1e-6)
    widths: Vectors = np.maximum(width, least).astype(np.float32)
    return widths


def _settled(near: sparse.csr_matrix, places: Places, tell: Callable[[int, int], None]) -> Places:
    """Places at which pull and push are in balance."""
    chance = np.random.default_rng(0)
    count = len(places)
    spread = max(float(np.abs(places).max()), 1e-9)
    places = places * np.float32(_START / spread)
    # Copies of one vector begin at one place, and would stay there.
    apart: Places = chance.normal(scale=1e-2, size=places.shape).astype(np.float32)
    places = places + apart
    heads = np.repeat(np.arange(count), np.diff(near.indptr))
    total: Vectors = np.maximum(np.asarray(near.sum(axis=1), dtype=np.float32), 1e-6)
    speed = np.zeros_like(places)
    steps = _STEPS if count <= _MANY else _STEPS_OF_MANY
    for step in range(steps):
        force = _pull(near, heads, places) + _PUSHES * total * _push(places, chance)
        cooling = np.float32(1 - step / steps)
        speed = _MOMENTUM * speed + cooling * force / total
        length = np.sqrt((speed * speed).sum(axis=1, keepdims=True))
        speed *= np.minimum(1, _LONGEST / np.maximum(length, 1e-9))
        places = places + speed
        tell(step + 1, steps)
    return places


def _pull(near: sparse.csr_matrix, heads: Ids, places: Places) -> Places:
    """What neighbours add to the place of each point."""
    between = places[near.indices] - places[heads]
    strength = near.data / (1 + np.vecdot(between, between))
    pulls = sparse.csr_matrix((strength, near.indices, near.indptr), shape=near.shape)
    return pulls @ places - np.asarray(pulls.sum(axis=1)) * places


def _push(places: Places, chance: np.random.Generator) -> Places:
    """The mean of what some others, drawn by chance, add to the place of each point."""
    others = chance.integers(len(places), size=(len(places), _DRAWN))
    between = places[:, None] - places[others]
    squared = np.vecdot(between, between)
    strength = 1 / ((_NEAREST + squared) * (1 + squared))
    return np.clip(strength[..., None] * between, -_HARDEST, _HARDEST).mean(axis=1)


def _framed(places: Places) -> Places:
    """The same, the larger extent from 0 to 1, and the other one in the middle."""
    if not len(places):
        return places
    low, high = places.min(axis=0), places.max(axis=0)
    size = float((high - low).max())
    if size < 1e-9:
        return np.full_like(places, 0.5)
    framed = (places - (low + high) / 2) / size + 0.5
    return np.clip(framed, 0, 1).astype(np.float32)  # rounding may lead a little beyond
