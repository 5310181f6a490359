"""Where the words match, for the browser to lay over a picture."""

import numpy as np

from engine import HeatMap

_EVEN = 0.25  # differences below it are little more than noise


def levels(found: HeatMap) -> list[list[int]]:
    """Per cent by which each part of a picture stands out, row by row from the top left.

    Where no part does, all stay as they are.
    """
    low, high = float(found.values.min()), float(found.values.max())
    shown = np.ones_like(found.values)
    if high - low >= _EVEN:
        shown = (found.values - low) / (high - low)
    return [[round(100 * float(value)) for value in row] for row in shown]
