"""The rounding of each precision in plain numpy: a float32 matrix -> what is left of it."""

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float32]

_TINY = 1e-12  # keeps the scale of an empty channel above zero


def to_range(values: Matrix, low: float, high: float) -> Matrix:
    """uint8 steps between two ends, which are widened to take in zero; beyond them it is cut."""
    low, high = min(low, 0.0), max(high, 0.0)
    scale = max(high - low, _TINY) / 255
    zero = round(-low / scale)
    return ((np.clip(np.round(values / scale) + zero, 0, 255) - zero) * scale).astype(np.float32)


def to_columns(weight: Matrix, steps: int) -> Matrix:
    """`steps` steps on either side of zero, with a scale for each column."""
    scale = np.maximum(np.abs(weight).max(axis=0, keepdims=True), _TINY) / steps
    return (np.round(weight / scale) * scale).astype(np.float32)


def to_row_blocks(values: Matrix, size: int) -> Matrix:
    """int8 with a scale for each run of `size` values in a row."""
    count, width = values.shape
    padded = np.pad(values, ((0, 0), (0, -width % size))).reshape(count, -1, size)
    scale = np.maximum(np.abs(padded).max(axis=2, keepdims=True), _TINY) / 127
    rounded = (np.round(padded / scale) * scale).reshape(count, -1)
    return rounded[:, :width].astype(np.float32)


def to_half(values: Matrix) -> Matrix:
    """float16; what does not fit is infinite."""
    with np.errstate(over="ignore"):
        return values.astype(np.float16).astype(np.float32)
