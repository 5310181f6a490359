"""Where the words match, for the browser to lay over a picture."""

from engine import HeatMap

_EVEN = 0.25  # differences below it are little more than noise


def levels(found: HeatMap) -> list[list[int]]:
    """Per cent by which each part of a picture stands out, row by row from the top left."""
    low, high = float(found.values.min()), float(found.values.max())
    shown = (found.values - low) / max(high - low, _EVEN) * min(1.0, 2 * high)
    return [[round(100 * float(value)) for value in row] for row in shown]
