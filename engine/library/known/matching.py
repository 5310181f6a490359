"""Filters as SQL: which images of a library are as asked."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import ColumnElement, Engine, and_, exists, false, func, not_, or_, select

from engine.library.store.database import read_numbers
from engine.library.store.tables import attributes, colours, details, images
from engine.metadata import Around, Between, Is, Test, Where
from engine.metadata.colours import COLOURED, SAME, hex_lab, named_colour
from engine.metadata.filters import DATE, PLACE, TYPES
from engine.metadata.numbers import as_number
from engine.metadata.texts import words_of

Ids = npt.NDArray[np.int64]
Condition = ColumnElement[bool]

_KM_PER_DEGREE = 111.0  # of latitude, a little less than it is
_NUMBERS: dict[str, ColumnElement[Any]] = {
    # Without EXIF, the file's own time is the best guess.
    DATE: func.coalesce(details.c.taken, images.c.mtime_ns / 1e9),
    "width": images.c.width,
    "height": images.c.height,
    "megapixels": images.c.width * images.c.height / 1e6,
    "size": images.c.size,
}
_NEWEST = _NUMBERS[DATE].desc()


def matching_ids(database: Engine, filters: Iterable[Where], newest_first: bool = False) -> Ids:
    """Ids of all images that pass every filter, int64 [n], ascending.

    Args:
        database: of the library.
        filters: all of them have to be true; without any, all images pass.
        newest_first: order them by when they were taken instead.
    """
    joined = images.outerjoin(details, details.c.digest == images.c.digest)
    wanted = select(images.c.id).select_from(joined).where(*map(_condition, filters))
    order = (_NEWEST, images.c.id.desc()) if newest_first else (images.c.id,)
    with database.connect() as connection:
        return read_numbers(connection, wanted.order_by(*order))


def _condition(where: Where) -> Condition:
    if where.is_builtin:
        found = or_(*(_of_field(where.field, test) for test in where.tests))
    else:
        tests = or_(*map(attribute_passes, where.tests))
        own = and_(attributes.c.image_id == images.c.id, attributes.c.name == where.field)
        found = exists().where(own, tests)
    known = func.coalesce(found, false())
    return not_(known) if where.is_not else known


def _of_field(field: str, test: Test) -> Condition:
    if isinstance(test, Between):
        return _between(_NUMBERS[field], test)
    if isinstance(test, Around):
        assert field == PLACE
        return _around(test)
    return _is(field, test)


def _is(field: str, test: Is) -> Condition:
    return _TEXTS[field](test.text.strip().casefold())


def _in_folder(value: str) -> Condition:
    inside = f"/{value.strip('/')}/"
    return func.folded_folder(images.c.path).contains(inside, autoescape=True)


def _of_type(value: str) -> Condition:
    endings = next((some for some in TYPES if value in some), (value,))
    name = func.folded_name(images.c.path)
    return or_(*(name.endswith(f".{ending}", autoescape=True) for ending in endings))


def _oriented(value: str) -> Condition:
    width, height = images.c.width, images.c.height
    return {"landscape": width > height, "portrait": width < height}.get(value, width == height)


def _coloured(value: str) -> Condition:
    lab = hex_lab(value)
    if lab is None:
        alike: Condition = colours.c.name.in_(named_colour(value) or ())
    else:
        columns = (colours.c.lightness, colours.c.a, colours.c.b)
        apart = [
            (column - part) * (column - part) for column, part in zip(columns, lab, strict=True)
        ]
        alike = apart[0] + apart[1] + apart[2] < SAME * SAME
    shown = (
        select(colours.c.digest)
        .where(alike)
        .group_by(colours.c.digest)
        .having(func.sum(colours.c.share) >= COLOURED)
    )
    return images.c.digest.in_(shown)


def _around(test: Around) -> Condition:
    place = (details.c.latitude, details.c.longitude)
    away = func.distance_km(*place, test.latitude, test.longitude)
    degrees = test.km / _KM_PER_DEGREE  # most are farther off than that: no need to reckon
    is_near = place[0].between(test.latitude - degrees, test.latitude + degrees)
    return and_(is_near, away <= test.km)


def attribute_passes(test: Test) -> Condition:
    """Whether a value of an imported column is as asked."""
    if isinstance(test, Between):
        return _between(attributes.c.number, test)
    if isinstance(test, Around):
        return false()
    words = words_of(test.text)
    held = (" " + attributes.c.folded + " ").contains(f" {words} ", autoescape=True)
    number = as_number(test.text)
    return held if number is None else or_(held, attributes.c.number == number)


def _between(value: ColumnElement[float], test: Between) -> Condition:
    ends: list[Condition] = []
    if test.low is not None:
        ends.append(value > test.low if test.over else value >= test.low)
    if test.high is not None:
        ends.append(value < test.high if test.under else value <= test.high)
    return and_(*ends)


_TEXTS: dict[str, Callable[[str], Condition]] = {
    "camera": lambda value: func.casefold(details.c.camera).contains(value, autoescape=True),
    "lens": lambda value: func.casefold(details.c.lens).contains(value, autoescape=True),
    "name": lambda value: func.folded_name(images.c.path).contains(value, autoescape=True),
    "folder": _in_folder,
    "type": _of_type,
    "orientation": _oriented,
    "color": _coloured,
}
