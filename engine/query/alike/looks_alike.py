"""`LooksAlike`: whether images of the library look the same, by hash first, then by pixels."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from engine.library import ImageRecord, Library
from engine.library.intake.looks import LookStore, perceptual_hash
from engine.machine import usable_cores
from engine.query.alike.same_picture import Miniature, are_same, miniature

MOST_BITS = 14
"""Bits of 63 in which hashes of copies may differ; measured, see docs/duplicates.md."""

_KEPT = 4_000  # miniatures of 12 KB
_REMEMBERED = 1_000_000  # pairs; each comes up twice

Ids = npt.NDArray[np.int64]
Thumbnail = Callable[[str, str], Path | None]
"""Digest and path of an original to a small picture of it, or None."""

_UNKNOWN, _HASHED, _NOTHING = 0, 1, 2


class LooksAlike:
    """Looks of images, each thumbnail opened only when it is needed."""

    def __init__(self, library: Library, thumbnail: Thumbnail, ids: Ids) -> None:
        """
        Args:
            library: with the images.
            thumbnail: where to look at them.
            ids: all that may be asked for, int64 [n], ascending.
        """
        self._catalogue, self._thumbnail, self._ids = library.catalogue, thumbnail, ids
        self._store = LookStore(library.database)
        self._hashes = np.zeros(len(ids), dtype=np.int64)
        self._states = np.zeros(len(ids), dtype=np.uint8)
        self._miniatures: OrderedDict[int, Miniature | None] = OrderedDict()
        self._compared: dict[tuple[int, int], bool] = {}

    def confirmed(self, first: Ids, second: Ids) -> npt.NDArray[np.bool_]:
        """Which pairs are copies, for ids [n] and ids [n]; bool [n]."""
        a, b = np.searchsorted(self._ids, first), np.searchsorted(self._ids, second)
        self._learn(np.unique(np.concatenate([a, b])))
        hashed = (self._states[a] == _HASHED) & (self._states[b] == _HASHED)
        bits = np.bitwise_count(self._hashes[a] ^ self._hashes[b])
        same = hashed & (bits <= MOST_BITS)
        for place in np.flatnonzero(same).tolist():
            same[place] = self._are_same(int(first[place]), int(second[place]))
        return same

    def _learn(self, places: Ids) -> None:
        """Hashes of images that are not known yet: stored ones, or from their thumbnails."""
        unknown = places[self._states[places] == _UNKNOWN]
        if not len(unknown):
            return
        records = self._catalogue.records_of(self._ids[unknown].tolist())
        stored = self._store.of({record.digest for record in records.values()})
        fresh = {r.digest: r for r in records.values() if r.digest not in stored}
        with ThreadPoolExecutor(usable_cores()) as pool:
            seen = zip(fresh, pool.map(self._hash, fresh.values()), strict=True)
            # What cannot be looked at now may be there again at the next run: not stored.
            made = {digest: value for digest, (is_there, value) in seen if is_there}
        if made:
            self._store.add(made)
        known = stored | made
        for place in unknown.tolist():
            record = records.get(int(self._ids[place]))
            value = known.get(record.digest) if record else None
            self._states[place] = _NOTHING if value is None else _HASHED
            self._hashes[place] = value or 0

    def _hash(self, record: ImageRecord) -> tuple[bool, int | None]:
        """Whether there is a picture to look at, and its hash."""
        image = self._small(record)
        return image is not None, perceptual_hash(image) if image else None

    def _are_same(self, first: int, second: int) -> bool:
        pair = (min(first, second), max(first, second))
        if pair not in self._compared:
            if len(self._compared) >= _REMEMBERED:
                self._compared.clear()
            a, b = (self._miniature(image_id) for image_id in pair)
            self._compared[pair] = a is not None and b is not None and are_same(a, b)
        return self._compared[pair]

    def _miniature(self, image_id: int) -> Miniature | None:
        if image_id not in self._miniatures:
            record = self._catalogue.records_of([image_id]).get(image_id)
            image = self._small(record) if record else None
            self._miniatures[image_id] = miniature(image) if image else None
            if len(self._miniatures) > _KEPT:
                self._miniatures.popitem(last=False)
        self._miniatures.move_to_end(image_id)
        return self._miniatures[image_id]

    def _small(self, record: ImageRecord) -> Image.Image | None:
        return small_picture(self._thumbnail, record)


def small_picture(thumbnail: Thumbnail, record: ImageRecord) -> Image.Image | None:
    """The thumbnail of an image, RGB; None if there is none, or it is damaged."""
    path = thumbnail(record.digest, record.path)
    if path is None:
        return None
    try:
        with Image.open(path, formats=("JPEG",)) as image:
            return image.convert("RGB")
    except (OSError, SyntaxError, ValueError):
        return None


def ranks(records: Sequence[ImageRecord]) -> dict[int, tuple[int, int]]:
    """How good images are among copies: more pixels first, then the larger file."""
    return {record.id: (record.width * record.height, record.size) for record in records}
