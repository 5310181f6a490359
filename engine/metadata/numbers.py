"""Numbers and dates as people write them."""

import math
import re
from datetime import UTC, datetime

_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d{1,3})?", re.IGNORECASE | re.ASCII)
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)
_MONTHS = 12


def as_number(text: str) -> float | None:
    """A finite number, or None; a sign of money and thousands' commas are passed over."""
    plain = text.strip().strip("$€£").strip()
    if re.fullmatch(r"[-+]?\d{1,3}(,\d{3})+(\.\d*)?", plain):
        plain = plain.replace(",", "")
    if not _NUMBER.fullmatch(plain):
        return None
    number = float(plain)
    return number if math.isfinite(number) else None


def period(text: str) -> tuple[float, float] | None:
    """First and end of a year, month or day, `2023`, `2023-06` or `2023-06-01`.

    Seconds since 1970, the end not included; None if it is no date.
    """
    found = _DATE.fullmatch(text.strip())
    if not found:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        first = datetime(year or 0, month or 1, day or 1, tzinfo=UTC)
        if day is not None:
            return first.timestamp(), first.timestamp() + 86_400
        last = (year or 0) * _MONTHS + (month or _MONTHS)  # months, counted from 0: the next one
        end = datetime(last // _MONTHS, last % _MONTHS + 1, 1, tzinfo=UTC)
    except ValueError:
        return None
    return first.timestamp(), end.timestamp()
