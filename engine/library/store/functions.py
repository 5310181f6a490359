"""Functions that SQL lacks, for the database to call; each gives NULL for NULL."""

import math
from collections.abc import Callable

from engine.metadata.texts import folded_folder, folded_name

_EARTH_KM = 6371.0


def casefold(value: str | None) -> str | None:
    """Without regard to case; SQLite's own lower() knows ASCII only."""
    return None if value is None else value.casefold()


def distance_km(
    latitude: float | None, longitude: float | None, to_latitude: float, to_longitude: float
) -> float | None:
    """Between two places, along the earth's surface (haversine formula)."""
    if latitude is None or longitude is None:
        return None
    here, there = math.radians(latitude), math.radians(to_latitude)
    across = math.radians(to_longitude - longitude)
    part = math.sin((there - here) / 2) ** 2
    part += math.cos(here) * math.cos(there) * math.sin(across / 2) ** 2
    return 2 * _EARTH_KM * math.asin(math.sqrt(min(part, 1.0)))


FUNCTIONS: tuple[tuple[str, int, Callable[..., object]], ...] = (
    ("casefold", 1, casefold),
    ("folded_name", 1, folded_name),
    ("folded_folder", 1, folded_folder),
    ("distance_km", 4, distance_km),
)
"""Name, number of arguments, function."""
