"""What pictures look like, as 63 bits: a perceptual hash, and where the library keeps it."""

from collections.abc import Iterable, Mapping

import numpy as np
from PIL import Image
from sqlalchemy import Engine, delete, insert, select

from engine.library.store.database import pieces, writing
from engine.library.store.tables import images, looks

_SIDE = 32
_LOW = 8
_FLATTEST = 3.0  # levels of 255; what compression does to a flat surface is of this size


def perceptual_hash(image: Image.Image) -> int | None:
    """The 63 lowest frequencies of a picture, each above or below their median.

    As in Zauner, "Implementation and benchmarking of perceptual image hash functions" (2010):
    the discrete cosine transform of the picture in grey, 32 x 32, without the mean.

    Args:
        image: of any size and mode.

    Returns:
        63 bits; None for a picture so flat that they would be noise.
    """
    small = image.convert("L").resize((_SIDE, _SIDE), Image.Resampling.LANCZOS, reducing_gap=3.0)
    grey = np.asarray(small, dtype=np.float64)
    if grey.std() < _FLATTEST:
        return None
    low = (_COSINES @ grey @ _COSINES.T).ravel()[1:]
    return sum(1 << int(place) for place in np.flatnonzero(low > np.median(low)))


class LookStore:
    """Hashes by content, so that a thumbnail is opened once. Every method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of(self, digests: Iterable[str]) -> dict[str, int | None]:
        """The hashes that are known; see `perceptual_hash` for None."""
        wanted, found = list(digests), dict[str, int | None]()
        with self._engine.connect() as connection:
            for part in pieces(wanted):
                some = looks.c.digest.in_(part)
                rows = connection.execute(select(looks.c.digest, looks.c.hash).where(some))
                found.update((row[0], row[1]) for row in rows)
        return found

    def add(self, hashes: Mapping[str, int | None]) -> None:
        """Keep hashes; those that another process has brought meanwhile stay."""
        with writing(self._engine) as connection:
            names = list(hashes)
            for some in pieces(names):
                present = select(looks.c.digest).where(looks.c.digest.in_(some))
                known = set(connection.scalars(present))
                new = [{"digest": n, "hash": hashes[n]} for n in some if n not in known]
                if new:
                    connection.execute(insert(looks), new)

    def forget_unused(self) -> None:
        """Drop the hashes of contents that no image has any more."""
        with writing(self._engine) as connection:
            connection.execute(delete(looks).where(looks.c.digest.not_in(select(images.c.digest))))


def _cosines() -> np.ndarray:
    """The first rows of the orthonormal DCT-II."""
    frequency, place = np.mgrid[0:_LOW, 0:_SIDE]
    rows: np.ndarray = np.cos(np.pi * frequency * (2 * place + 1) / (2 * _SIDE))
    rows *= np.sqrt(2 / _SIDE)
    rows[0] /= np.sqrt(2)
    return rows


_COSINES = _cosines()
