"""Images with all that is known of them, filters, and what passes them, in plain Python."""

import math
from dataclasses import dataclass, field
from pathlib import PurePath

from hypothesis import strategies as st

from engine.metadata import Around, Between, Colour, FilterError, Is, PhotoFacts, Test, Where
from engine.metadata.colours import COLOURED, SAME, hex_lab, named_colour
from engine.metadata.filters import FIELDS, ORIENTATIONS
from engine.metadata.numbers import as_number
from engine.metadata.texts import words_of

_WORDS = ("Übung", "red shoe", "a_b", "50%", "c++", "12", "1200", "straße", "x")
_SHADES = ("navy", "blue", "red", "white")


@dataclass(frozen=True)
class Known:
    """One image as the brute force sees it."""

    path: str
    size: int
    mtime_ns: int
    width: int
    height: int
    facts: PhotoFacts
    colours: tuple[Colour, ...]
    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)


_names = st.sampled_from(["IMG_1.JPG", "Übung.jpeg", "a%b.png", "b_c.tif", "x\udcff.heic", "noend"])
_folders = st.sampled_from(["/pics", "/pics/Holiday", "/pics/holiday 2", "/other/pics"])
_maybe_text = st.none() | st.sampled_from(["Canon EOS R5", "Google Pixel 8", "ÄKTA 50%", "a_b"])
_place = st.none() | st.tuples(st.floats(-90, 90), st.floats(-180, 180))
_share = st.sampled_from([0.1, 0.2, 0.35, 0.6])


@st.composite
def known_images(draw: st.DrawFn) -> Known:
    place = draw(_place)
    shades = draw(st.lists(st.sampled_from(_SHADES), unique=True, max_size=3))
    lab = st.tuples(st.floats(0, 1), st.floats(-0.3, 0.3), st.floats(-0.3, 0.3))
    return Known(
        path=f"{draw(_folders)}/{draw(st.integers(0, 99))}{draw(_names)}",
        size=draw(st.integers(1, 10**7)),
        mtime_ns=draw(st.integers(0, 2 * 10**9)) * 10**9,
        width=draw(st.sampled_from([1, 640, 1200])),
        height=draw(st.sampled_from([1, 640, 900])),
        facts=PhotoFacts(
            taken=draw(st.none() | st.integers(-(10**9), 2 * 10**9).map(float)),
            camera=draw(_maybe_text),
            lens=draw(_maybe_text),
            latitude=place and place[0],
            longitude=place and place[1],
        ),
        colours=tuple(Colour(name, draw(lab), draw(_share)) for name in shades),
        columns={
            name: tuple(
                draw(st.lists(st.sampled_from(_WORDS), min_size=1, max_size=3, unique=True))
            )
            for name in draw(st.sets(st.sampled_from(["tag", "price", "size"])))
        },
    )


_ends = st.none() | st.sampled_from([-1.0, 0.0, 12.0, 640.0, 1e6, 1.2e9])
_between = (
    st.builds(Between, _ends, _ends, st.booleans(), st.booleans())
    .filter(lambda test: (test.low, test.high) != (None, None))
)  # fmt: skip
_around = st.builds(Around, st.floats(-90, 90), st.floats(-180, 180), st.floats(1, 20_000))
_parts = ("jpg", "HEIC", "holiday", "pics/Holiday", "pixel", "%", "_", "img", "ü", "12.0", "shoe")
_is = st.builds(Is, st.sampled_from([*_WORDS, *_SHADES, *ORIENTATIONS, "#203060", *_parts]))


@st.composite
def filters(draw: st.DrawFn) -> Where:
    for _ in range(20):
        field_ = draw(st.sampled_from([*FIELDS, "tag", "price", "size", "none"]))
        tests = tuple(draw(st.lists(_between | _around | _is, min_size=1, max_size=2)))
        try:
            return Where(field_, tests, draw(st.booleans()), is_column=draw(st.booleans()))
        except FilterError:
            continue
    return Where("orientation", (Is("square"),))


def passes(known: Known, where: Where) -> bool:
    return any(_is_true(known, where, test) for test in where.tests) != where.is_not


def _is_true(known: Known, where: Where, test: Test) -> bool:
    if not where.is_builtin:
        return any(_of_value(value, test) for value in known.columns.get(where.field, ()))
    if isinstance(test, Between):
        taken = known.facts.taken
        numbers = {
            "date": known.mtime_ns / 1e9 if taken is None else taken,
            "megapixels": known.width * known.height / 1e6,
        }
        return _within(numbers.get(where.field, getattr(known, where.field, 0)), test)
    if isinstance(test, Around):
        place = (known.facts.latitude, known.facts.longitude)
        return None not in place and _km(*place, test.latitude, test.longitude) <= test.km
    return _is_text(known, where.field, test.text.strip().casefold())


def _is_text(known: Known, name: str, value: str) -> bool:
    path = PurePath(known.path)
    match name:
        case "camera" | "lens":
            return value in (getattr(known.facts, name) or "").casefold()
        case "name":
            return value in path.name.replace("\udcff", "?").casefold()
        case "folder":
            return f"/{value.strip('/')}/" in f"{path.parent}/".casefold()
        case "type":
            same = {"jpg": ("jpg", "jpeg"), "heic": ("heic", "heif")}.get(value, (value,))
            return path.name.casefold().endswith(tuple(f".{ending}" for ending in same))
        case "orientation":
            order = (known.width > known.height) - (known.width < known.height)
            return order == {"landscape": 1, "portrait": -1, "square": 0}[value]
    lab = hex_lab(value)
    shares = [
        colour.share
        for colour in known.colours
        if (
            colour.name in (named_colour(value) or ())
            if lab is None
            else math.dist(colour.lab, lab) < SAME
        )
    ]
    return sum(shares) >= COLOURED


def _of_value(value: str, test: Test) -> bool:
    number = as_number(value)
    if isinstance(test, Between):
        return number is not None and _within(number, test)
    if isinstance(test, Around):
        return False
    wanted = as_number(test.text)
    held = f" {words_of(test.text)} " in f" {words_of(value)} "
    return held or (wanted is not None and wanted == number)


def _within(number: float, test: Between) -> bool:
    low, high = test.low, test.high
    above = low is None or (number > low if test.over else number >= low)
    below = high is None or (number < high if test.under else number <= high)
    return above and below


def _km(*degrees: float) -> float:
    here, east, there, other = map(math.radians, degrees)
    part = math.sin((there - here) / 2) ** 2
    part += math.cos(here) * math.cos(there) * math.sin((other - east) / 2) ** 2
    return 2 * 6371.0 * math.asin(math.sqrt(min(part, 1.0)))
