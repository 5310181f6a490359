"""What imported columns can be filtered by."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection, func, select

from engine.library.facets.choices import MOST, Choice, telling
from engine.library.known.matching import attribute_passes
from engine.library.store.tables import attributes
from engine.metadata.filters import Is
from engine.metadata.histograms import NumberRange, number_range
from engine.metadata.numbers import as_number
from engine.metadata.texts import is_sayable, words_of

MOST_VALUES = 500
"""Different texts of a column; one with more is for typing, as titles and captions are."""

_NUMERIC = 0.9  # share of numbers in a column of numbers: a few cells may say "unknown"
_LONGEST = 80  # characters of a choice


@dataclass(frozen=True)
class ColumnFacet:
    """An imported column: numbers to choose a range of, or texts to choose from, or neither.

    Attributes:
        name: of the column.
        numbers: where nearly all values are numbers.
        choices: the most frequent values, where there are not too many different ones.
    """

    name: str
    numbers: NumberRange | None = None
    choices: tuple[Choice, ...] = ()


def column_kinds(connection: Connection) -> dict[str, bool]:
    """All columns by name, and whether each holds numbers."""
    count = (func.count(), func.count(attributes.c.number))
    wanted = select(attributes.c.name, *count).group_by(attributes.c.name)
    rows = connection.execute(wanted.order_by(attributes.c.name))
    return {name: numbers >= _NUMERIC * values for name, values, numbers in rows}


def column_facet(
    connection: Connection, name: str, is_numeric: bool, images: int
) -> ColumnFacet | None:
    """What there is in a column; None where it tells no image from another."""
    own = attributes.c.name == name
    if is_numeric:
        counted = select(attributes.c.number, func.count()).where(
            own, attributes.c.number.is_not(None)
        )
        rows = connection.execute(counted.group_by(attributes.c.number)).all()
        numbers, counts = np.array([tuple(row) for row in rows], dtype=np.float64).T
        found = number_range(numbers, counts.astype(np.int64))
        if found is not None:
            return ColumnFacet(name, found)
    different = select(attributes.c.folded).where(own).distinct().limit(MOST_VALUES + 1)
    if len(connection.scalars(different).all()) > MOST_VALUES:
        return ColumnFacet(name)
    choices = telling(_choices(connection, name), images)
    return ColumnFacet(name, choices=choices) if choices else None


def _choices(connection: Connection, name: str) -> Iterator[Choice]:
    own = attributes.c.name == name
    images = func.count(attributes.c.image_id.distinct())
    # The index holds all of this; how a value is spelt is asked for of few.
    counted = select(attributes.c.folded, images, func.min(attributes.c.image_id))
    rows = connection.execute(counted.where(own).group_by(attributes.c.folded)).all()
    numbers = _numbers(connection, name)
    for folded, count, first in sorted(rows, key=lambda row: -row[1])[:MOST]:
        spelt = select(func.min(attributes.c.text)).where(own, attributes.c.folded == folded)
        text = connection.scalar(spelt.where(attributes.c.image_id == first)) or ""
        label = " ".join(text.replace('"', " ").split())
        if len(label) > _LONGEST or not is_sayable(label) or words_of(label) != folded:
            continue
        number = as_number(label)
        # A value also passes a filter that asks for some of its words, or for the same number.
        passing = {row[0] for row in rows if f" {folded} " in f" {row[0]} "}
        passing |= numbers.get(number, set()) if number is not None else set()
        yield Choice(label, count if passing == {folded} else _passing(connection, name, label))


def _numbers(connection: Connection, name: str) -> dict[float, set[str]]:
    """Numbers of a column, and the texts that mean each."""
    columns = (attributes.c.number, attributes.c.folded)
    wanted = select(*columns).where(attributes.c.name == name, attributes.c.number.is_not(None))
    found = defaultdict[float, set[str]](set)
    for number, folded in connection.execute(wanted.distinct()):
        found[number].add(folded)
    return found


def _passing(connection: Connection, name: str, label: str) -> int:
    images = func.count(attributes.c.image_id.distinct())
    passes = attribute_passes(Is(label))
    return connection.scalar(select(images).where(attributes.c.name == name, passes)) or 0
