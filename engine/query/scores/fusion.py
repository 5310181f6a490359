"""Reciprocal rank fusion (Cormack, Clarke and Büttcher, 2009)."""

import numpy as np
import numpy.typing as npt

_CONSTANT = 60  # as in the paper


def points(count: int) -> npt.NDArray[np.float64]:
    """What the first, second, ... of a ranking gets; those of several rankings add up."""
    return 1 / (_CONSTANT + 1 + np.arange(count))
