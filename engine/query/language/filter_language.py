"""Filters in the language of the search box: `after:2023-06 camera:"Pixel 8" -tag:sale price:<50`.

A name, a colon, and one or more values with commas between; a minus turns it around. What is no
filter stays in the text, and is searched as words.
"""

import re
from collections.abc import Callable, Collection
from datetime import UTC, datetime

from engine.metadata import Around, Between, FilterError, Is, Test, Where
from engine.metadata.filters import DATE, NUMBERS, PLACE, TEXTS
from engine.metadata.numbers import as_number, period

USUAL_COLUMNS = frozenset({"tag", "caption", "title"})
"""Columns that are asked for even where none was imported: then nothing is found."""

_ITEM = r"""(?:"[^"]*"|[^\s,;()"]+)"""
_FILTER = rf"(?<!\S)(?P<sign>-?)(?P<name>[^\W\d]\w*):(?P<values>{_ITEM}(?:,{_ITEM})*)(?=[\s;,]|$)"
_PARTS = re.compile(rf'{_FILTER}|"[^"]*"|\([^()"]*\)|[^"(\s]+|.', re.DOTALL)
_VALUE = re.compile(_ITEM)
_BARE = re.compile(r"[\w#][\w#./-]*")
_COMPARED = re.compile(r"(<=|>=|<|>|=)(.+)")
_SIZE = re.compile(r"(.+?)\s*([kmg]?)b", re.IGNORECASE)
_UNITS = {"": 1.0, "k": 1e3, "m": 1e6, "g": 1e9}
_NAMES = {
    **dict.fromkeys(("date", "taken", "year", "month", "day", "after", "since", "before"), DATE),
    **{name: name for name in (*TEXTS, *NUMBERS, PLACE)},
    **{"colour": "color", "file": "name", "filename": "name", "album": "folder", "in": "folder"},
    **{"format": "type", "ext": "type", "mp": "megapixels", "tags": "tag"},
}
_NEAR_KM = 10.0


def take_filters(text: str, columns: Collection[str] = ()) -> tuple[str, tuple[Where, ...]]:
    """The filters in a text, and the text without them.

    Args:
        text: whatever was typed.
        columns: names of imported columns, which are filters, too.
    """
    found: list[Where] = []

    def taken(part: re.Match[str]) -> str:
        if part["name"] is None:
            return part[0]
        where = _filter(part["name"], part["values"], bool(part["sign"]), columns)
        if where is None:
            return part[0]
        found.append(where)
        return " "

    rest = _PARTS.sub(taken, text)
    return rest, tuple(dict.fromkeys(found))


def filter_text(where: Where) -> str:
    """A filter as it is typed."""
    sign = "-" if where.is_not else ""
    if where.field == DATE and where.is_builtin and len(where.tests) == 1:
        (test,) = where.tests
        if isinstance(test, Between) and not test.over:
            if test.high is None:
                return f"{sign}after:{_moment(test.low or 0.0)}"
            if test.low is None and test.under:
                return f"{sign}before:{_moment(test.high)}"
    return f"{sign}{where.field}:{','.join(_written(where, test) for test in where.tests)}"


def _filter(name: str, values: str, is_not: bool, columns: Collection[str]) -> Where | None:
    """None where it makes no sense."""
    key = name.casefold()
    field = _NAMES.get(key, key)
    is_column = key in columns or (key not in _NAMES and field in columns)
    if not is_column and key not in _NAMES and key not in USUAL_COLUMNS:
        return None
    column = key if key in columns else field
    try:
        if is_column or field in USUAL_COLUMNS:
            tests = tuple(_column_test(value) for value in _VALUE.findall(values))
            return Where(column, tests, is_not, is_column=column in _NAMES)
        if field == PLACE:
            return Where(field, (_place(values),), is_not)
        read = _READ.get(key) or _READ.get(field) or _text
        return Where(field, tuple(read(value) for value in _VALUE.findall(values)), is_not)
    except FilterError:
        return None


def _text(value: str) -> Test:
    return Is(value.strip('"').strip().casefold())


def _column_test(value: str) -> Test:
    """A text, unless it is compared with a number."""
    if not value.startswith('"') and (_COMPARED.fullmatch(value) or ".." in value):
        return _range(value, _number)
    return Is(value.strip('"'))


def _number_test(value: str) -> Test:
    return _range(value, _number)


def _size_test(value: str) -> Test:
    return _range(value, _bytes)


def _range(value: str, read: Callable[[str], float]) -> Between:
    """`5`, `<5`, `>=5`, `5..9`; with `>5..<9` the ends themselves do not count."""
    low, dots, high = value.partition("..")
    if dots:
        return Between(
            read(low.removeprefix(">")) if low else None,
            read(high.removeprefix("<")) if high else None,
            over=low.startswith(">"),
            under=high.startswith("<"),
        )
    if found := _COMPARED.fullmatch(value):
        sign, number = found[1], read(found[2])
        if sign == "=":
            return Between(number, number)
        if sign.startswith(">"):
            return Between(low=number, over=sign == ">")
        return Between(high=number, under=sign == "<")
    return Between(read(value), read(value))


def _number(value: str) -> float:
    number = as_number(value)
    if number is None:
        raise FilterError(f"{value!r}: no number")
    return number


def _bytes(value: str) -> float:
    if found := _SIZE.fullmatch(value):
        return _number(found[1]) * _UNITS[found[2].casefold()]
    return _number(value)


def _date_test(value: str) -> Test:
    """A year, month or day, or from one to another; a comparison goes by its first or last day."""
    low, dots, high = value.partition("..")
    if dots:
        return Between(
            _period(low.removeprefix(">"))[0] if low else None,
            _period(high.removeprefix("<"))[0 if high.startswith("<") else 1] if high else None,
            under=bool(high),
        )
    if found := _COMPARED.fullmatch(value):
        sign, (first, end) = found[1], _period(found[2])
        if sign == "=":
            return Between(first, end, under=True)
        if sign.startswith(">"):
            return Between(low=end if sign == ">" else first)
        return Between(high=first if sign == "<" else end, under=True)
    first, end = _period(value)
    return Between(first, end, under=True)


def _after(value: str) -> Test:
    return Between(low=_period(value)[0])


def _before(value: str) -> Test:
    return Between(high=_period(value)[0], under=True)


def _period(value: str) -> tuple[float, float]:
    """First and end of what is said; `@` and seconds since 1970 are a moment."""
    if value.startswith("@"):
        moment = _number(value[1:])
        return moment, moment
    found = period(value)
    if found is None:
        raise FilterError(f"{value!r}: no date")
    return found


def _place(values: str) -> Test:
    numbers = [_number(part.removesuffix("km")) for part in values.split(",")]
    if len(numbers) not in (2, 3):
        raise FilterError(f"{values!r}: give latitude, longitude and kilometres")
    return Around(numbers[0], numbers[1], numbers[2] if len(numbers) > 2 else _NEAR_KM)


def _written(where: Where, test: Test) -> str:
    if isinstance(test, Is):
        is_bare = _BARE.fullmatch(test.text) and ".." not in test.text
        return test.text if is_bare else '"{}"'.format(test.text.replace('"', " "))
    if isinstance(test, Around):
        return f"{_digits(test.latitude)},{_digits(test.longitude)},{_digits(test.km)}"
    write = _moment if where.field == DATE and where.is_builtin else _digits
    if write is _digits and test.low is None and test.high is not None:
        return f"<{'' if test.under else '='}{_digits(test.high)}"
    if write is _digits and test.high is None and test.low is not None:
        return f">{'' if test.over else '='}{_digits(test.low)}"
    low = "" if test.low is None else (">" if test.over else "") + write(test.low)
    high = "" if test.high is None else ("<" if test.under else "") + write(test.high)
    return f"{low}..{high}"


def _digits(number: float) -> str:
    return repr(number).removesuffix(".0")


def _moment(seconds: float) -> str:
    """A day where it begins one, else seconds."""
    try:
        day = datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return f"@{_digits(seconds)}"
    text = f"{day.year:04}-{day.month:02}-{day.day:02}"
    known = period(text)
    return text if known and known[0] == seconds else f"@{_digits(seconds)}"


_READ: dict[str, Callable[[str], Test]] = {
    "after": _after,
    "since": _after,
    "before": _before,
    DATE: _date_test,
    "size": _size_test,
    **dict.fromkeys(("width", "height", "megapixels"), _number_test),
}
