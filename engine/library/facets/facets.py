"""What the images of a library can be filtered by: what there is, and how many images have it."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from sqlalchemy import (
    BigInteger,
    Connection,
    Engine,
    Text,
    cast,
    func,
    select,
    type_coerce,
)

from engine.library.facets.choices import (
    Choice,
    folder_choices,
    part_choices,
    telling,
    type_choices,
)
from engine.library.facets.column_facets import ColumnFacet, column_facet, column_kinds
from engine.library.store.database import bare_rows, read_numbers
from engine.library.store.tables import colours, details, folders, images
from engine.metadata.colours import COLOURED, FAMILIES, named_colour
from engine.metadata.filters import ORIENTATIONS
from engine.metadata.histograms import DateRange, NumberRange, date_range, number_range
from engine.metadata.texts import readable

T = TypeVar("T")
Numbers = npt.NDArray[np.int64]

_AT_ONCE = 4  # statements


@dataclass(frozen=True)
class Facets:
    """What there is to choose from; what would tell no image from another is left out.

    Attributes:
        images: in the library.
        dates: when they were taken; of those that do not say, the times of their files.
        dated: how many images say when they were taken.
        folders: those with the most images, named relative to the folders that were indexed.
        cameras: the most frequent ones.
        lenses: the most frequent ones.
        types: endings of files, one for all that mean the same.
        orientations: portrait, landscape, square.
        colours: families of colours.
        numbers: `width` and `height` (pixels), `megapixels`, `size` (bytes), by these names.
        places: how many images say where they were taken.
        columns: that were imported.
    """

    images: int
    dates: DateRange | None
    dated: int
    folders: tuple[Choice, ...]
    cameras: tuple[Choice, ...]
    lenses: tuple[Choice, ...]
    types: tuple[Choice, ...]
    orientations: tuple[Choice, ...]
    colours: tuple[Choice, ...]
    numbers: dict[str, NumberRange]
    places: int
    columns: tuple[ColumnFacet, ...]


@dataclass
class _Photos:
    """What cameras say: how many images have each, and how many a place and a time."""

    cameras: Counter[str]
    lenses: Counter[str]
    places: int
    dated: int


@dataclass
class _Paths:
    """Folders, each with a slash at its end, and endings: how many images have each."""

    folders: Counter[str]
    endings: Counter[str]


@dataclass
class _Sizes:
    """Different pairs of width and height, [n], images that have each, [n]; bytes, [images]."""

    width: Numbers
    height: Numbers
    counts: Numbers
    sizes: Numbers


_WITH_DETAILS = images.outerjoin(details, details.c.digest == images.c.digest)
_DAYS_BEFORE = 10_000_000  # a cast cuts towards 0, so days are made positive first


def gather_facets(database: Engine) -> Facets:
    """Look at everything that is known of all images; see docs/performance.md for its time."""
    # The database counts, some statements at a time, and few rows come to Python. What needs many
    # rows has one thread for all of it: two would wait for each other at every row.
    with ThreadPoolExecutor(_AT_ONCE) as workers, ThreadPoolExecutor(1) as reader:

        def later(work: Callable[..., T], *args: object, of_rows: bool = False) -> Future[T]:
            return (reader if of_rows else workers).submit(_connected, database, work, *args)

        paths, sizes = later(_paths, of_rows=True), later(_sizes, of_rows=True)
        total, kinds = later(_count).result(), later(column_kinds)
        days, photos = later(_days), later(_photos)
        if later(_knows_families).result():
            shades = [later(_families)]
        else:  # until the library of an older version is indexed again
            shades = [later(_coloured, family) for family in FAMILIES]
        columns = [
            later(column_facet, name, is_numeric, total, of_rows=is_numeric)
            for name, is_numeric in kinds.result().items()
        ]
        roots = later(_roots)
        return Facets(
            images=total,
            dates=date_range(days.result()),
            dated=photos.result().dated,
            folders=folder_choices(paths.result().folders, roots.result(), total),
            cameras=part_choices(photos.result().cameras, total),
            lenses=part_choices(photos.result().lenses, total),
            types=type_choices(paths.result().endings, total),
            orientations=_orientations(sizes.result(), total),
            colours=tuple(
                Choice(name, count)
                for found in shades
                for name, count in found.result().items()
                if count
            ),
            numbers=_numbers(sizes.result()),
            places=photos.result().places,
            columns=tuple(facet for one in columns if (facet := one.result()) is not None),
        )


def _connected(database: Engine, work: Callable[..., T], *args: object) -> T:
    with database.connect() as connection:
        return work(connection, *args)


def _count(connection: Connection) -> int:
    return connection.scalar(select(func.count()).select_from(images)) or 0


def _knows_families(connection: Connection) -> bool:
    """Whether it was noted of all pictures of which families of colours they are."""
    unknown = select(details.c.digest).where(details.c.families.is_(None))
    return connection.execute(unknown.limit(1)).first() is None


def _families(connection: Connection) -> dict[str, int]:
    """Families of colours, and how many images pass the filter `color` for each."""
    bits = details.c.families
    counted = select(bits, func.count()).select_from(_WITH_DETAILS).where(bits.is_not(None))
    found = dict.fromkeys(FAMILIES, 0)
    for families, count in connection.execute(counted.group_by(bits)):
        for place, name in enumerate(FAMILIES):
            found[name] += count if families & 1 << place else 0
    return found


def _coloured(connection: Connection, family: str) -> dict[str, int]:
    """The same of one family, from all colours; their index holds all it needs."""
    shown = (
        select(colours.c.digest)
        .where(colours.c.name.in_(named_colour(family) or ()))
        .group_by(colours.c.digest)
        .having(func.sum(colours.c.share) >= COLOURED)
    )
    of_images = select(func.count()).select_from(images).where(images.c.digest.in_(shown))
    return {family: connection.scalar(of_images) or 0}


def _days(connection: Connection) -> dict[int, int]:
    """Days since 1970, and how many images were taken on each."""
    moment = func.coalesce(details.c.taken, images.c.mtime_ns / 1e9)  # as the filter `date` has it
    day = cast(moment / 86_400 + _DAYS_BEFORE, BigInteger) - _DAYS_BEFORE
    wanted = select(day, func.count()).select_from(_WITH_DETAILS).group_by(day)
    return {row[0]: row[1] for row in connection.execute(wanted)}


def _photos(connection: Connection) -> _Photos:
    says = (details.c.latitude.is_not(None), details.c.taken.is_not(None))
    columns = (details.c.camera, details.c.lens, *says)
    wanted = select(*columns, func.count()).select_from(_WITH_DETAILS).group_by(*columns)
    found = _Photos(Counter(), Counter(), 0, 0)
    for camera, lens, has_place, has_time, count in connection.execute(wanted):
        found.cameras.update({camera: count} if camera else {})
        found.lenses.update({lens: count} if lens else {})
        found.places += count if has_place else 0
        found.dated += count if has_time else 0
    return found


def _paths(connection: Connection) -> _Paths:
    # SQLite takes several times as long as Python to cut a text into parts.
    wanted = select(type_coerce(images.c.path, Text))
    paths = [readable(stored) for (stored,) in bare_rows(connection, wanted)]
    return _Paths(
        folders=Counter(path[: path.rfind("/") + 1] for path in paths),
        endings=Counter(path.rpartition(".")[2] for path in paths),
    )


def _roots(connection: Connection) -> list[str]:
    return [
        readable(root) for root in connection.scalars(select(type_coerce(folders.c.path, Text)))
    ]


def _sizes(connection: Connection) -> _Sizes:
    sides = (images.c.width, images.c.height)
    counted = select(*sides, func.count()).group_by(*sides)
    width, height, counts = read_numbers(connection, counted).reshape(-1, 3).T
    return _Sizes(width, height, counts, read_numbers(connection, select(images.c.size)))


def _orientations(sizes: _Sizes, total: int) -> tuple[Choice, ...]:
    width, height = sizes.width, sizes.height
    turns = {"landscape": width > height, "portrait": width < height, "square": width == height}
    counts = {name: int(sizes.counts[turns[name]].sum()) for name in ORIENTATIONS}
    return telling((Choice(name, count) for name, count in counts.items() if count), total)


def _numbers(sizes: _Sizes) -> dict[str, NumberRange]:
    width, height = sizes.width.astype(np.float64), sizes.height.astype(np.float64)
    sides = {"width": width, "height": height, "megapixels": width * height / 1e6}
    ranges = {name: number_range(numbers, sizes.counts) for name, numbers in sides.items()}
    ranges["size"] = number_range(sizes.sizes.astype(np.float64))
    return {name: found for name, found in ranges.items() if found is not None}
