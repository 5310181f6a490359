"""What an image has to be, beside looking as asked: one small typed tree.

A query holds any number of `Where`, all of which have to be true; each names what is looked at, and
tests of which any will do. `engine.library.known.matching` makes SQL of it, and
`engine.index.expression` an expression for Milvus.
"""

import math
from dataclasses import dataclass

from engine.metadata.colours import colour_names, hex_lab, named_colour


class FilterError(ValueError):
    """A filter that makes no sense; the message quotes it and says what would."""


@dataclass(frozen=True)
class Is:
    """A text: the same but for case; of cameras, lenses, names and captions also a part."""

    text: str


@dataclass(frozen=True)
class Between:
    """A number from `low` on and below or up to `high`; None leaves that side open.

    Attributes:
        low: least number; dates are seconds since 1970.
        high: greatest number.
        over: `low` itself is too little.
        under: `high` itself is too much.
    """

    low: float | None = None
    high: float | None = None
    over: bool = False
    under: bool = False


@dataclass(frozen=True)
class Around:
    """A place on earth, and how far from it, in kilometres."""

    latitude: float
    longitude: float
    km: float


Test = Is | Between | Around

DATE = "date"
TEXTS = ("camera", "lens", "name", "folder", "type", "orientation", "color")
NUMBERS = ("width", "height", "megapixels", "size")
PLACE = "near"
FIELDS = (DATE, *TEXTS, *NUMBERS, PLACE)
"""What is known of every image; any other name is that of an imported column."""

TYPES = (("jpg", "jpeg", "jpe", "jfif"), ("tif", "tiff"), ("heic", "heif", "hif"))
"""Endings of files that mean the same."""

ORIENTATIONS = ("portrait", "landscape", "square")


@dataclass(frozen=True)
class Where:
    """One condition.

    Attributes:
        field: one of `FIELDS`, or the name of an imported column.
        tests: any of them will do.
        is_not: it must not be so; what is not known is not so.
        is_column: an imported column is meant, also where one of `FIELDS` has that name.

    Raises:
        FilterError: a test does not fit the field.
    """

    field: str
    tests: tuple[Test, ...]
    is_not: bool = False
    is_column: bool = False

    def __post_init__(self) -> None:
        if not self.field or not self.tests:
            raise FilterError(f"filter {self.field!r}: name what to look at, and give a value")
        for test in self.tests:
            _require(test)
            if not self.is_column:
                self._require_fit(test)

    @property
    def is_builtin(self) -> bool:
        """Whether the field is one of `FIELDS`."""
        return not self.is_column and self.field in FIELDS

    def _require_fit(self, test: Test) -> None:
        wanted = _WANTED.get(self.field, Is | Between)
        if not isinstance(test, wanted):
            raise FilterError(f"filter {self.field!r}: {test} does not fit")
        if isinstance(test, Is):
            _require_known(self.field, test.text)


_WANTED = {
    **dict.fromkeys((DATE, *NUMBERS), Between),
    **dict.fromkeys(TEXTS, Is),
    PLACE: Around,
}


def _require(test: Test) -> None:
    numbers: list[float] = []
    if isinstance(test, Is):
        if not test.text.strip():
            raise FilterError("a filter without a value: write what it should be")
    elif isinstance(test, Between):
        numbers = [number for number in (test.low, test.high) if number is not None]
        if not numbers:
            raise FilterError("a range needs at least one end")
    else:
        numbers = [test.latitude, test.longitude, test.km]
        if abs(test.latitude) > 90 or abs(test.longitude) > 180 or test.km <= 0:
            raise FilterError(f"{test}: use degrees up to 90 and 180, and some kilometres")
    if not all(map(math.isfinite, numbers)):
        raise FilterError(f"{test}: use finite numbers")


def _require_known(field: str, value: str) -> None:
    if field == "orientation" and value not in ORIENTATIONS:
        raise FilterError(f"orientation {value!r}: use {', '.join(ORIENTATIONS)}")
    if field == "color" and named_colour(value) is None and hex_lab(value) is None:
        known = ", ".join(colour_names())
        raise FilterError(f"colour {value!r}: use #rrggbb, or one of {known}")
