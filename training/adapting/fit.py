"""Learns the turn of an adapter: a convex problem, solved whole.

A text's row x becomes x + x U. Its chances of the images with rows V are softmax(s (x + x U) V'),
and the right ones shall share them. That is logistic regression with one class an image (Bishop,
"Pattern Recognition and Machine Learning", 2006, section 4.3.4), so there is one best U. Two terms
hold it small: its own length, and what it does to neutral texts.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize, minimize_scalar
from scipy.special import log_softmax

_ROUNDS = 60
_ENOUGH = 1e-5  # a round that lowers the loss by a smaller share is the last
_NEUTRAL = 0.3  # how firmly neutral texts stay where they are, however free the others are
_SCALES = (5.0, 300.0)

Rows = npt.NDArray[np.float32]
Told = Callable[[int, int], None]


def best_scale(texts: Rows, images: Rows, relevant: npt.NDArray[np.bool_]) -> float:
    """What cosines are multiplied by where they predict best as they are."""
    cosines = (texts @ images.T).astype(np.float64)
    targets = _targets(relevant)

    def loss(exponent: float) -> float:
        found = log_softmax(np.exp(exponent) * cosines, axis=1)
        return float(-(targets * found).sum() / len(texts))

    low, high = np.log(_SCALES)
    return float(np.exp(minimize_scalar(loss, bounds=(low, high), method="bounded").x))


def fit_turn(
    texts: Rows,
    images: Rows,
    relevant: npt.NDArray[np.bool_],
    neutral: Rows,
    scale: float,
    strictness: float,
    start: Rows | None = None,
    tell: Told | None = None,
) -> Rows:
    """The turn U, float32 [dim, dim].

    Args:
        texts: unit rows [n, dim].
        images: unit rows [m, dim].
        relevant: bool [n, m], at least one in each row.
        neutral: unit rows of texts that shall stay where they are [k, dim].
        scale: what cosines are multiplied by.
        strictness: the more, the smaller the turn.
        start: a turn that is near the best one already; none by default.
        tell: told of each round and of how many there are at most.
    """
    dim = texts.shape[1]
    targets = _targets(relevant).astype(np.float32)
    plain = texts @ images.T
    weights = np.float32(_NEUTRAL * dim / len(neutral))
    rounds = 0

    def loss(flat: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        turn = flat.reshape(dim, dim).astype(np.float32)
        moved = texts @ turn
        found = log_softmax(np.float32(scale) * (plain + moved @ images.T), axis=1)
        wrong = (np.exp(found) - targets) * np.float32(scale / len(texts))
        gradient = texts.T @ (wrong @ images)
        stirred = neutral @ turn
        value = -float((targets * found).sum()) / len(texts)
        value += 0.5 * strictness * float((turn * turn).sum())
        value += 0.5 * float(weights * (stirred * stirred).sum())
        gradient += np.float32(strictness) * turn + weights * (neutral.T @ stirred)
        return value, gradient.astype(np.float64).ravel()

    def told(_: object) -> None:
        nonlocal rounds
        rounds += 1
        if tell:
            tell(rounds, _ROUNDS)

    first = np.zeros(dim * dim) if start is None else start.astype(np.float64).ravel()
    options = {"maxiter": _ROUNDS, "ftol": _ENOUGH}
    found = minimize(loss, first, jac=True, method="L-BFGS-B", options=options, callback=told)
    return np.asarray(found.x.reshape(dim, dim), dtype=np.float32)


def _targets(relevant: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    return np.asarray(relevant / relevant.sum(axis=1, keepdims=True), dtype=np.float64)
