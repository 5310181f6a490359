"""Functions that SQL lacks, for the database to call; each gives NULL for NULL."""

import math
import re
from collections.abc import Callable
from pathlib import PurePath

_EARTH_KM = 6371.0


def casefold(value: str | None) -> str | None:
    """Without regard to case; SQLite's own lower() knows ASCII only."""
    return None if value is None else value.casefold()


def folded_name(path: str | None) -> str | None:
    """The file's name, without regard to case."""
    return None if path is None else PurePath(_readable(path)).name.casefold()


def folded_folder(path: str | None) -> str | None:
    """The folder of a file, without regard to case, with a slash at both ends."""
    if path is None:
        return None
    return f"{str(PurePath(_readable(path)).parent).casefold().rstrip('/')}/"


def words_of(value: str) -> str:
    """The words of a text without regard to case, one space between them; signs if it has none."""
    return " ".join(re.findall(r"\w+", value.casefold())) or value.casefold().strip()


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


def _readable(path: str) -> str:
    """A path as the database keeps it (see `PathText`), its odd bytes as question marks."""
    return re.sub("//[0-9A-F]{2}", "?", path)


FUNCTIONS: tuple[tuple[str, int, Callable[..., object]], ...] = (
    ("casefold", 1, casefold),
    ("folded_name", 1, folded_name),
    ("folded_folder", 1, folded_folder),
    ("distance_km", 4, distance_km),
)
"""Name, number of arguments, function."""
