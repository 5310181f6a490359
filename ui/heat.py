"""Where the words match, for the browser to lay over a picture."""

from engine import HeatMap


def levels(found: HeatMap) -> list[list[int]]:
    """Per cent of its light that each place of a picture keeps, row by row from the top left.

    Not by the brightest place of the picture: what has nothing of the words has none.
    """
    return [[round(100 * float(value)) for value in row] for row in found.values]
