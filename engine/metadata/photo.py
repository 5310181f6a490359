"""What a camera wrote into a picture: when, where, and with what it was taken."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from PIL import ExifTags, Image

from engine.metadata.texts import tidy

_LONGEST = 200  # characters of a name; more is junk
_TIMES = (
    (ExifTags.IFD.Exif, ExifTags.Base.DateTimeOriginal),
    (ExifTags.IFD.Exif, ExifTags.Base.DateTimeDigitized),
    (None, ExifTags.Base.DateTime),
)
"""From the moment of the picture to that of the file."""


@dataclass(frozen=True)
class PhotoFacts:
    """What EXIF says of a picture; None is unknown.

    Attributes:
        taken: seconds since 1970 on the clock where it was taken, whatever its time zone.
        camera: maker and model.
        lens: model.
        latitude: degrees, north positive.
        longitude: degrees, east positive.
    """

    taken: float | None = None
    camera: str | None = None
    lens: str | None = None
    latitude: float | None = None
    longitude: float | None = None


def photo_facts(exif: Image.Exif) -> PhotoFacts:
    """Facts from an EXIF block. What is damaged or makes no sense is unknown."""
    base: Mapping[int, Any] = exif
    detail = _part(exif, ExifTags.IFD.Exif)
    latitude, longitude = _position(_part(exif, ExifTags.IFD.GPSInfo))
    return PhotoFacts(
        taken=_taken(base, detail),
        camera=_camera(_name(base, ExifTags.Base.Make), _name(base, ExifTags.Base.Model)),
        lens=_name(detail, ExifTags.Base.LensModel),
        latitude=latitude,
        longitude=longitude,
    )


def _part(exif: Image.Exif, which: ExifTags.IFD) -> Mapping[int, Any]:
    try:
        return exif.get_ifd(which)
    except Exception:  # a damaged block raises anything
        return {}


def _taken(base: Mapping[int, Any], detail: Mapping[int, Any]) -> float | None:
    for part, tag in _TIMES:
        said = _name(base if part is None else detail, tag) or ""
        try:
            moment = datetime.strptime(said[:19], "%Y:%m:%d %H:%M:%S").replace(tzinfo=UTC)
        except ValueError:
            continue
        if moment.year > 1800:  # cameras whose clock was never set write zeros, or the year 1
            return moment.timestamp()
    return None


def _name(part: Mapping[int, Any], tag: ExifTags.Base) -> str | None:
    value = part.get(tag)
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if not isinstance(value, str):
        return None
    return tidy(value, _LONGEST) or None


def _camera(maker: str | None, model: str | None) -> str | None:
    """ "Canon" and "Canon EOS R5" are one name, "Google" and "Pixel 8" are put together."""
    if maker is None or model is None:
        return model or maker
    starts = model.casefold().startswith(maker.split()[0].casefold())
    return model if starts else f"{maker} {model}"


def _position(gps: Mapping[int, Any]) -> tuple[float | None, float | None]:
    latitude = _degrees(gps.get(ExifTags.GPS.GPSLatitude), gps.get(ExifTags.GPS.GPSLatitudeRef))
    longitude = _degrees(gps.get(ExifTags.GPS.GPSLongitude), gps.get(ExifTags.GPS.GPSLongitudeRef))
    if latitude is None or longitude is None or abs(latitude) > 90 or abs(longitude) > 180:
        return None, None
    if latitude == 0 == longitude:  # a receiver that had no fix yet
        return None, None
    return latitude, longitude


def _degrees(parts: Any, side: Any) -> float | None:
    """Degrees, minutes and seconds as one number."""
    try:
        degrees, minutes, seconds = (float(part) for part in parts)
        value = degrees + minutes / 60 + seconds / 3600
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    if isinstance(side, bytes):
        side = side.decode("ascii", "replace")
    sign = -1 if isinstance(side, str) and side.strip().upper() in ("S", "W") else 1
    return sign * value if math.isfinite(value) else None
