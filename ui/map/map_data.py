"""A map of the library as the browser gets it: small enough for 50,000 pictures."""

from base64 import b64encode
from typing import Any

import numpy as np
import numpy.typing as npt
import streamlit as st

from engine import Atlas, SearchEngine
from ui import serving
from ui.text import file_name

_STEPS = 65_535  # of a place, in two bytes
_KEPT = 4  # maps in memory
_DIGEST = "DIGEST"  # stands in the address where a picture's own comes
_BYTES = 32  # of a digest


@st.cache_resource(show_spinner=False, max_entries=_KEPT)
def of(_engine: SearchEngine, library: str, stamp: str, _atlas: Atlas) -> dict[str, Any]:
    """What `map/data.js` reads. Arrays are little-endian, in base64.

    Args:
        _engine: whose map it is.
        library: its folder; tells one from another.
        stamp: of the map; tells one from another.
        _atlas: the map.

    Returns:
        `places`: uint16 [n, 2]; `own`: uint8 [n], clusters; `ids`: float64 [n]; `digests`: 32 bytes
        each; `names`: of files, a line each; `address`: of thumbnails.
    """
    atlas = _atlas
    records = _engine.records([int(image_id) for image_id in atlas.ids])
    there = np.array([int(image_id) in records for image_id in atlas.ids], dtype=bool)
    shown = [records[int(image_id)] for image_id in atlas.ids[there]]
    digests = b"".join(bytes.fromhex(record.digest).ljust(_BYTES, b"\0") for record in shown)
    return {
        "stamp": f"{library}-{stamp}",
        "places": _packed(np.rint(atlas.places[there] * _STEPS).astype("<u2")),
        "own": _packed(atlas.own[there].astype("<u1")),
        "ids": _packed(atlas.ids[there].astype("<f8")),
        "digests": b64encode(digests).decode("ascii"),
        "names": "\n".join(file_name(record.path) for record in shown),
        "clusters": [
            {"name": cluster.name, "x": cluster.centre[0], "y": cluster.centre[1]}
            for cluster in atlas.clusters
        ],
        "address": serving.small(_DIGEST),
    }


def _packed(values: npt.NDArray[Any]) -> str:
    return b64encode(np.ascontiguousarray(values).tobytes()).decode("ascii")
