"""Runs the frozen image tower once over every view of every picture and keeps what it says.

The cache of one data set is a folder: `files.json` (order of the pictures), `pooled.npy`
[pictures, views, POOLED], `maps.npy` [pictures, views, 32, 28, 28] (what the frozen stages see, 50
kB each) and `logits.npy` [pictures, 1001] as float16, and `done`, the number of finished pictures,
so that a stopped run goes on.
"""

import json
import logging
import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime
from PIL import Image

from training.mobilenet import CLASSES
from training.pixels import to_pixels
from training.pooling import POOLED
from training.statistics import MAP
from training.views import view

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Features:
    """One data set's cache; row i belongs to `files[i]`."""

    files: list[str]
    pooled: np.ndarray
    maps: np.ndarray
    logits: np.ndarray

    def row_of(self) -> dict[str, int]:
        """File name to row."""
        return {file: row for row, file in enumerate(self.files)}


def open_features(folder: Path) -> Features:
    """A finished cache, memory-mapped."""
    files = json.loads((folder / "files.json").read_text())
    if _done(folder) < len(files):
        raise ValueError(f"{folder} is not finished; run `python -m training features` again")
    arrays = (np.load(folder / f"{name}.npy", mmap_mode="r") for name in _shapes(0, 0))
    return Features(files, *arrays)


def cache_features(
    session: onnxruntime.InferenceSession, images: Path, files: list[str], folder: Path, views: int
) -> None:
    """Fill the cache of `files` (paths below `images`); goes on where an earlier run stopped."""
    folder.mkdir(parents=True, exist_ok=True)
    listing = folder / "files.json"
    if not listing.exists() or json.loads(listing.read_text()) != files:
        listing.write_text(json.dumps(files))
        (folder / "done").write_text("0")
        for name, shape in _shapes(len(files), views).items():
            np.lib.format.open_memmap(folder / f"{name}.npy", "w+", np.float16, shape)
    arrays = [np.load(folder / f"{name}.npy", mmap_mode="r+") for name in _shapes(0, 0)]
    with ThreadPoolExecutor(2) as pool:
        start = _done(folder)
        loaded = pool.map(lambda file: _load(images / file, file, views), files[start:])
        for row, pixels in enumerate(loaded, start):
            pooled, maps, logits = session.run(None, {"pixel_values": pixels})
            arrays[0][row], arrays[1][row], arrays[2][row] = pooled, maps, logits[0]
            if (row + 1) % 200 == 0 or row + 1 == len(files):
                for array in arrays:
                    array.flush()
                (folder / "done").write_text(str(row + 1))
                log.info("%s: %d of %d pictures", folder.name, row + 1, len(files))


def _load(path: Path, seed: str, views: int) -> np.ndarray:
    source = random.Random(seed)
    with Image.open(path) as opened:
        image = opened.convert("RGB")
        return np.stack([to_pixels(view(image, index, source)) for index in range(views)])


def _shapes(pictures: int, views: int) -> dict[str, tuple[int, ...]]:
    return {
        "pooled": (pictures, views, POOLED),
        "maps": (pictures, views, *MAP),
        "logits": (pictures, CLASSES),
    }


def _done(folder: Path) -> int:
    marker = folder / "done"
    return int(marker.read_text()) if marker.exists() else 0
