"""Whether two pictures are copies of one: laid over each other, they agree everywhere.

A copy may be a little cropped, brighter or paler; what is left after undoing that is noise of
compression. Two photographs of one scene, or two products in one pose, differ somewhere by much.
"""

import numpy as np
import numpy.typing as npt
from PIL import Image

Miniature = npt.NDArray[np.uint8]
"""A picture squashed to [64, 64, 3], RGB."""

SIDE = 64
_BLOCKS = 8  # a side; differences are looked for in each of them
_FURTHEST = 0.15  # of a side: shifts and croppings beyond are other pictures
_GAINS = (0.5, 2.0)  # of brightness, between copies
_MOST = 16.0  # levels of 255, root mean square within a block; measured, see docs/duplicates.md
_MOST_OF_CONTRAST = 0.3  # the same, in standard deviations of the picture
_WHITE = 250  # brighter values may have been cut off
_STEPS = 6

_Values = npt.NDArray[np.float32]
_Warp = npt.NDArray[np.float64]  # scale and shift in x, in y; gain and offset of brightness


def miniature(image: Image.Image) -> Miniature:
    """A picture of any size, small enough to compare quickly."""
    small = image.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BICUBIC, reducing_gap=3.0)
    return np.asarray(small, dtype=np.uint8)


def are_same(first: Miniature, second: Miniature) -> bool:
    """Whether one picture is a copy of the other, in either direction."""
    a, b = first.astype(np.float32), second.astype(np.float32)
    if a.mean() < b.mean():
        a, b = b, a  # the darker one is brightened: what a brighter copy has cut off is not made up
    warp = _aligned(a, b)
    if warp is None:
        return False
    limit = min(_MOST, _MOST_OF_CONTRAST * min(float(a.std()), float(b.std())))
    return bool(_differences(a, b, warp).max() <= limit)


def _aligned(a: _Values, b: _Values) -> _Warp | None:
    """The warp and the tone that take `b` closest to `a`; None if they are too far apart.

    Least squares by Gauss-Newton steps, coarse to fine: Lucas and Kanade, "An iterative image
    registration technique" (1981), with a gain and an offset of brightness.
    """
    warp = np.array([0, 0, 0, 0, 1, 0], dtype=np.float64)
    for side in (SIDE // 2, SIDE):
        first, second = _grey_and_peak(a, side), _grey_and_peak(b, side)
        for _ in range(_STEPS):
            step = _step(first, second, warp)
            warp = warp + step
            if np.abs(warp[:4]).max() > _FURTHEST or not _GAINS[0] <= warp[4] <= _GAINS[1]:
                return None
            if np.abs(step[:4]).max() < 0.1 / side:
                break
    return warp


def _grey_and_peak(picture: _Values, side: int) -> _Values:
    """Mean and largest of the three colours, float32 [side, side, 2]."""
    factor = SIDE // side
    small = picture.reshape(side, factor, side, factor, 3).mean(axis=(1, 3))
    red, green, blue = small[..., 0], small[..., 1], small[..., 2]
    peak = np.maximum(np.maximum(red, green), blue)
    return np.stack([(red + green + blue) / 3, peak], axis=-1)


def _step(a: _Values, b: _Values, warp: _Warp) -> _Warp:
    """One Gauss-Newton step from `warp`, for what `_grey_and_peak` gives."""
    side = len(a)
    warped, inside = _warped(b, warp)
    grey = warped[..., 0]
    seen = inside & (a[..., 1] < _WHITE) & (warped[..., 1] < _WHITE)
    if seen.sum() < side * side / 16:
        seen = inside
    down, right = np.gradient(grey, 2 / side)
    x = _centres(side)[None, :]
    y = _centres(side)[:, None]
    slopes = [right * x, right, down * y, down]
    columns = [*(warp[4] * slope for slope in slopes), grey, np.ones_like(grey)]
    jacobian = np.stack([column[seen] for column in columns]).astype(np.float64)
    wrong = (a[..., 0] - (warp[4] * grey + warp[5]))[seen]
    # Where a picture has no edges to hold on to, it stays where it is.
    damping = np.diag([0.1 * len(wrong)] * 4 + [1e-3] * 2)
    return np.linalg.solve(jacobian @ jacobian.T + damping, jacobian @ wrong)


def _differences(a: _Values, b: _Values, warp: _Warp) -> _Values:
    """Root mean square difference in each block, float32 [8, 8], levels of 255."""
    warped, inside = _warped(b, warp)
    expected = np.clip(warp[4] * warped + warp[5], 0, 255)
    wrong = a - expected
    # A value that was cut off says only that it was at least this bright.
    wrong[(warped >= _WHITE) & (a > expected)] = 0
    wrong[(a >= _WHITE) & (expected > 0.8 * _WHITE)] = 0
    wrong[~inside] = 0
    # Laying a picture between its pixels blurs it: what only the finest detail says is no news.
    wrong[:-1] = (wrong[:-1] + wrong[1:]) / 2
    wrong[:, :-1] = (wrong[:, :-1] + wrong[:, 1:]) / 2
    step = SIDE // _BLOCKS
    squares = (wrong**2).reshape(_BLOCKS, step, _BLOCKS, step, 3)
    return np.sqrt(squares.mean(axis=(1, 3, 4)))


def _warped(picture: _Values, warp: _Warp) -> tuple[_Values, npt.NDArray[np.bool_]]:
    """The picture at warped places, bilinear, and which of these places are inside of it."""
    side = len(picture)
    centres = _centres(side)
    columns, fine_x, inside_x = _places(centres * (1 + warp[0]) + warp[1], side)
    rows, fine_y, inside_y = _places(centres * (1 + warp[2]) + warp[3], side)
    fine_x, fine_y = fine_x[None, :, None], fine_y[:, None, None]
    mixed = picture[rows] * (1 - fine_y) + picture[rows + 1] * fine_y
    mixed = mixed[:, columns] * (1 - fine_x) + mixed[:, columns + 1] * fine_x
    return mixed.astype(np.float32), inside_y[:, None] & inside_x[None, :]


def _places(
    at: npt.NDArray[np.float64], side: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64], npt.NDArray[np.bool_]]:
    """Pixel before each coordinate (-1 to 1), the fraction beyond it, and whether it is inside."""
    pixel = (at + 1) * side / 2 - 0.5
    inside = (pixel >= -0.5) & (pixel <= side - 0.5)
    pixel = np.clip(pixel, 0, side - 1)
    before = np.minimum(pixel.astype(np.int64), side - 2)
    return before, pixel - before, inside


def _centres(side: int) -> npt.NDArray[np.float64]:
    """Centres of pixels, from -1 to 1."""
    return (np.arange(side) + 0.5) * 2 / side - 1
