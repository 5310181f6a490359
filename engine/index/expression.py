"""Filters as an expression of Milvus, and the fields that images need to be found by it.

`MilvusIndex.add(ids, vectors, fields)` takes the fields, `MilvusIndex.search(queries, k, where)`
the expression: for those who search a collection on a server of their own. Searches of a library
go by SQL whatever its index, so that what was imported a moment ago counts, too.
"""

import json
from collections.abc import Iterable, Mapping, Sequence

from engine.metadata import Around, Between, Colour, FilterError, Is, PhotoFacts, Test, Where
from engine.metadata.colours import COLOURED, colour_names, named_colour
from engine.metadata.filters import DATE, TYPES
from engine.metadata.numbers import as_number
from engine.metadata.texts import folded_folder, folded_name, words_of

_PLAIN = str.maketrans({"%": "\uff05", "_": "\uff3f", "\\": "\uff3c"})
"""LIKE knows these signs, and servers differ in how they are escaped: wide ones stand for them."""


def image_fields(
    path: str,
    width: int,
    height: int,
    size: int,
    modified: float,
    facts: PhotoFacts,
    colours: Sequence[Colour],
    columns: Mapping[str, Sequence[str]],
) -> dict[str, str | float]:
    """The fields of one image; each is there, so that a minus finds what is not known, too.

    Args:
        path: of the original.
        width: pixels.
        height: pixels.
        size: bytes.
        modified: seconds since 1970, for a picture whose camera has not said when.
        facts: that the camera wrote.
        colours: dominant ones.
        columns: imported values.
    """
    name = folded_name(path) or ""
    order = (width > height) - (width < height)
    shown = [one for one in colour_names() if _share(one, colours) >= COLOURED]
    fields: dict[str, str | float] = {
        DATE: modified if facts.taken is None else facts.taken,
        "width": width,
        "height": height,
        "megapixels": width * height / 1e6,
        "size": float(size),
        "camera": _plain((facts.camera or "").casefold()),
        "lens": _plain((facts.lens or "").casefold()),
        "name": _plain(name),
        "folder": _plain(folded_folder(path) or ""),
        "type": _plain(_type(name.rpartition(".")[2] if "." in name else "")),
        "orientation": ("square", "landscape", "portrait")[order],
        "color": _listed(shown),
    }
    for column, values in columns.items():
        fields[_text_field(column)] = _listed(map(words_of, values))
        numbers = [number for number in map(as_number, values) if number is not None]
        if numbers:
            fields[_number_field(column)] = numbers[0]
    return fields


def expression(filters: Iterable[Where]) -> str:
    """What passes all of the filters; empty without any. Of a column's numbers, the first counts.

    Raises:
        FilterError: a place, or a colour by its code, cannot be asked of Milvus.
    """
    return " and ".join(f"({_condition(where)})" for where in filters)


def _condition(where: Where) -> str:
    found = " or ".join(f"({_test(where, test)})" for test in where.tests)
    return f"not ({found})" if where.is_not else found


def _test(where: Where, test: Test) -> str:
    if isinstance(test, Around):
        raise FilterError("Milvus cannot tell how far a place is: leave out near:")
    if not where.is_builtin:
        return _of_column(where.field, test)
    if isinstance(test, Between):
        return _between(where.field, test)
    value = test.text.strip().casefold()
    if where.field == "color" and named_colour(value) is None:
        raise FilterError(f"Milvus cannot compare the colour {value}: use its name")
    if where.field in ("orientation", "type"):
        return f"{where.field} == {_quoted(_type(value))}"
    marked = {"folder": f"/{value.strip('/')}/", "color": f" {value} "}
    return f"{where.field} like {_like(marked.get(where.field, value))}"


def _of_column(column: str, test: Is | Between) -> str:
    """Where there is no such value, it is not so; Milvus itself would say neither yes nor no."""
    field = _number_field(column)
    if isinstance(test, Between):
        return f"{field} is not null and {_between(field, test)}"
    text = _text_field(column)
    held = f"{text} is not null and {text} like {_like(f' {words_of(test.text)} ')}"
    number = as_number(test.text)
    if number is None:
        return held
    return f"({held}) or ({field} is not null and {field} == {number!r})"


def _between(field: str, test: Between) -> str:
    ends = []
    if test.low is not None:
        ends.append(f"{field} {'>' if test.over else '>='} {test.low!r}")
    if test.high is not None:
        ends.append(f"{field} {'<' if test.under else '<='} {test.high!r}")
    return " and ".join(ends)


def _share(name: str, colours: Sequence[Colour]) -> float:
    shades = named_colour(name) or ()
    return sum(colour.share for colour in colours if colour.name in shades)


def _type(ending: str) -> str:
    """One name for endings that mean the same."""
    return next((same[0] for same in TYPES if ending in same), ending)


def _listed(texts: Iterable[str]) -> str:
    """Texts of which each can be found between spaces, and none across two."""
    return _plain(" \n ".join(["", *texts, ""]))


def _like(part: str) -> str:
    return json.dumps(f"%{_plain(part)}%", ensure_ascii=False)


def _plain(text: str) -> str:
    return text.translate(_PLAIN)


def _quoted(text: str) -> str:
    return json.dumps(_plain(text), ensure_ascii=False)


def _text_field(column: str) -> str:
    return f"text_of_{column}"


def _number_field(column: str) -> str:
    return f"number_of_{column}"
