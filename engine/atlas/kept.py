"""A map as it was made, in a file of the library's folder."""

import logging
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine.atlas.arrays import Ids, Places, Vectors
from engine.atlas.atlas import Atlas
from engine.files import replacing

_log = logging.getLogger(__name__)

_VERSION = 1
_DIRECTION_SEED = 7

Marks = npt.NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class KeptAtlas:
    """A map, and what tells whether its images still are what they were.

    Attributes:
        atlas: as it was made.
        marks: one number of each image's vector, float32 [n]; another vector has another one.
    """

    atlas: Atlas
    marks: Marks


def marks_of(vectors: Vectors) -> Marks:
    """A number for each of the vectors [n, dim]."""
    chance = np.random.default_rng(_DIRECTION_SEED)
    return np.vecdot(vectors, chance.standard_normal(vectors.shape[1], dtype=np.float32))


def write(file: Path, stamp: str, kept: KeptAtlas) -> None:
    """Replace the file; where that fails, the map has to be made again some day.

    Args:
        file: where to keep it.
        stamp: names library and model.
        kept: the map.
    """
    atlas = kept.atlas
    names = [cluster.name for cluster in atlas.clusters]
    try:
        with replacing(file) as part, part.open("wb") as stream:
            np.savez(
                stream,
                header=np.array([_VERSION, atlas.total, atlas.made_in]),
                stamp=np.array(stamp),
                ids=atlas.ids,
                places=atlas.places,
                own=atlas.own,
                names=np.array(names, dtype=np.str_),
                marks=kept.marks,
            )
    except OSError as error:
        _log.warning("%s: cannot be kept: %s", file, error.strerror or error)


def read(file: Path, stamp: str) -> KeptAtlas | None:
    """What `write` has kept; None if it is missing, damaged, or of another library or model."""
    try:
        with np.load(file, allow_pickle=False) as kept:
            version, total, made_in = (int(number) for number in kept["header"])
            if version != _VERSION or str(kept["stamp"]) != stamp:
                return None
            ids, places, own = kept["ids"], kept["places"], kept["own"]
            names, marks = [str(name) for name in kept["names"]], kept["marks"]
            if not _is_sound(ids, places, own, names, marks):
                return None
            return KeptAtlas(Atlas.of(ids, places, own, names, total, made_in, made_in), marks)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error):
        return None


def _is_sound(ids: Ids, places: Places, own: Ids, names: list[str], marks: Marks) -> bool:
    count = len(ids)
    has_shape = places.shape == (count, 2) and own.shape == marks.shape == ids.shape == (count,)
    if not has_shape or ids.dtype.kind != "i" or own.dtype.kind != "i":
        return False
    is_ascending = bool((np.diff(ids) > 0).all())
    is_named = not count or (own.min() >= 0 and own.max() < len(names))
    return is_ascending and bool(is_named) and bool(((places >= 0) & (places <= 1)).all())
