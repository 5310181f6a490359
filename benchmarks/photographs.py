"""JPEG files such as a camera writes, cheaply made: structure of all sizes, and grain."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image

from engine.machine import usable_cores

TWELVE_MEGAPIXELS = (4000, 3000)
_OCTAVES = ((8, 70.0), (40, 40.0), (200, 20.0), (800, 8.0))
"""Cells along the longer side, and how far they stray: about as 1/f, as in photographs."""

_GRAIN = 4.0
_MARGIN = 1.25
_QUALITY = 90


def write_photographs(
    folder: Path, count: int, size: tuple[int, int] = TWELVE_MEGAPIXELS
) -> list[Path]:
    """Write `count` different files: parts of one larger picture, some of them mirrored."""
    folder.mkdir(parents=True, exist_ok=True)
    scene = _scene((int(size[0] * _MARGIN), int(size[1] * _MARGIN)))

    def write(number: int) -> Path:
        rng = np.random.default_rng(number)
        left, top = (int(rng.integers(scene.shape[axis] - size[1 - axis])) for axis in (1, 0))
        part = scene[top : top + size[1], left : left + size[0]]
        part = part[:: rng.choice((-1, 1)), :: rng.choice((-1, 1))]
        path = folder / f"{number:06}.jpg"
        Image.fromarray(np.ascontiguousarray(part)).save(path, "JPEG", quality=_QUALITY)
        return path

    with ThreadPoolExecutor(usable_cores()) as pool:
        return list(pool.map(write, range(count)))


def _scene(size: tuple[int, int]) -> np.ndarray:
    """uint8 [height, width, 3]."""
    rng = np.random.default_rng(0)
    values = np.full((size[1], size[0], 3), 118, dtype=np.float32)
    for cells, far in _OCTAVES:
        shape = tuple(max(2, side * cells // max(size)) for side in size[::-1])
        coarse = rng.normal(0, far, shape).astype(np.float32)
        layer = Image.fromarray(coarse).resize(size, Image.Resampling.BILINEAR)
        values += np.asarray(layer)[:, :, None] * rng.uniform(0.7, 1.0, 3).astype(np.float32)
    values += rng.normal(0, _GRAIN, values.shape).astype(np.float32)
    return np.clip(values, 0, 255).astype(np.uint8)
