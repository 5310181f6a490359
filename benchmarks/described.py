"""A library of images of which all that is known is made up: dates, cameras, colours, columns."""

import hashlib
import math
from collections.abc import Iterator
from typing import TypeVar

import numpy as np

from engine.library import Library
from engine.library.known.details import Details
from engine.metadata import Colour, PhotoFacts
from engine.metadata.colours import FAMILIES, named_colour

T = TypeVar("T")

ROOT = "/home/somebody/Pictures"

_BATCH = 10_000
_SHADES = tuple(shade for family in FAMILIES for shade in named_colour(family) or ())
_CAMERAS = (*(f"Canon EOS R{number}" for number in range(8)), "Google Pixel 8", None)
_LENSES = (*(f"EF {number} mm F{number % 4 + 1}" for number in range(14, 114, 4)), None)
_SIDES = ((4032, 3024), (3024, 4032), (6000, 4000), (4000, 6000), (1920, 1080), (1080, 1080))
_EVENTS = ("Alps", "Berlin", "birthday", "garden", "harbour", "wedding", "work", "zoo")
_DAYS = 4_000  # from the first picture to the last
_FIRST = 1_388_534_400.0  # 1 January 2014
_WORDS = 3_000  # that titles are made of
_TAGS = 200


def describe(library: Library, count: int) -> None:
    """Fill an empty library, as if so many photographs had been indexed and a table imported.

    Each has about three and a half colours, a price, one to four tags and a title; most have a
    camera and a lens, four in ten a place.
    """
    chance = np.random.default_rng(7)
    library.catalogue.add_folders([ROOT])
    for first in range(0, count, _BATCH):
        numbers = range(first, min(first + _BATCH, count))
        digests = [hashlib.sha256(b"%d" % number).hexdigest() for number in numbers]
        taken = (np.sort(chance.random(len(numbers))) * len(numbers) + first) / count
        moments = _FIRST + taken * _DAYS * 86_400
        rows = list(map(_row, numbers, digests, moments.tolist(), _choices(chance, _SIDES)))
        library.catalogue.apply(added=rows)
        library.details.add(dict(zip(digests, _details(chance, moments.tolist()), strict=True)))
        columns = _columns(chance)
        library.attributes.put({number + 1: next(columns) for number in numbers})


def _row(number: int, digest: str, moment: float, sides: tuple[int, int]) -> dict[str, object]:
    day = int((moment - _FIRST) / 86_400)
    event = f"{2014 + day // 365}/{day // 30 % 12 + 1:02} {_EVENTS[day // 30 % len(_EVENTS)]}"
    return {
        "path": f"{ROOT}/{event}/IMG_{number:06}.{'jpg' if number % 9 else 'HEIC'}",
        "digest": digest,
        "size": 1_000_000 + number * 7919 % 9_000_000,
        "mtime_ns": int(moment * 1e9),
        "width": sides[0],
        "height": sides[1],
        "vector_row": number,
    }


def _details(chance: np.random.Generator, moments: list[float]) -> Iterator[Details]:
    cameras, lenses = _choices(chance, _CAMERAS), _choices(chance, _LENSES)
    for moment, camera, lens in zip(moments, cameras, lenses, strict=False):
        place = chance.random(2).tolist() if chance.random() < 0.4 else None
        facts = PhotoFacts(
            taken=math.floor(moment) if camera else None,
            camera=camera,
            lens=lens if camera else None,
            latitude=40 + 10 * place[0] if place else None,
            longitude=20 * place[1] if place else None,
        )
        shades = chance.choice(len(_SHADES), chance.integers(2, 6), replace=False)
        shares = (0.05 + (1 - 0.05 * len(shades)) * chance.dirichlet(np.ones(len(shades)))).tolist()
        lab = chance.random((len(shades), 3)).tolist()
        colours = (
            Colour(_SHADES[shade], (one[0], one[1] - 0.5, one[2] - 0.5), share)
            for shade, one, share in zip(shades, lab, shares, strict=True)
        )
        yield Details(facts, tuple(colours))


def _columns(chance: np.random.Generator) -> Iterator[dict[str, tuple[str, ...]]]:
    """A price, some of the tags, of which a few are frequent, and a title of a few words."""
    while True:
        tags = np.unique(np.minimum(chance.zipf(1.5, chance.integers(1, 5)), _TAGS)).tolist()
        words = np.minimum(chance.zipf(1.3, 5), _WORDS).tolist()
        yield {
            "price": (f"{chance.integers(100, 50_000) / 100:.2f}",),
            "tag": tuple(f"tag {number}" for number in tags),
            "title": (" ".join(f"word{number}" for number in words),),
        }


def _choices(chance: np.random.Generator, of: tuple[T, ...]) -> Iterator[T]:
    """Without an end, the first ones more often."""
    while True:
        yield of[int(len(of) * chance.random() ** 2)]
