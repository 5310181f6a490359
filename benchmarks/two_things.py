"""Drawn pictures of two things in two colours, and the same with the colours exchanged."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from PIL import Image

from engine.sample.backdrops import draw_backdrop
from engine.sample.palette import contrasting
from engine.sample.patterns import KINDS as PATTERNS
from engine.sample.pen import Pen
from engine.sample.products import PRODUCTS
from engine.sample.stage import Product

_SIZES = ((384, 288), (384, 384), (420, 300), (336, 384))
_GROUNDS = ("white", "grey", "light blue", "beige", "wooden table")
_PARTS = {"shoes": "laces", "gift": "ribbon", "backpack": "pocket", "sofa": "cushions"}
"""Things that have a part of another colour."""


@dataclass(frozen=True)
class Case:
    """Two pictures that differ in which of two things has which colour.

    Attributes:
        first: colour and name of the one thing in the right picture.
        second: of the other.
        right: the picture that is as they say.
        exchanged: the picture in which each has the other's colour.
    """

    first: str
    second: str
    right: Image.Image
    exchanged: Image.Image


Make = Callable[[Random], Case | None]


def cases(make: Make, count: int) -> Iterator[Case]:
    """So many cases of a set, always the same ones."""
    chance = Random(f"{make.__name__} {count}")
    done = 0
    while done < count:
        if case := make(chance):
            yield case
            done += 1


def beside(chance: Random) -> Case | None:
    """Two things beside each other."""
    return _two_products(chance, _beside)


def before(chance: Random) -> Case | None:
    """A small thing before a large one, which it hides in part."""
    return _two_products(chance, _before)


def shapes(chance: Random) -> Case | None:
    """Two shapes, beside or above each other."""
    fitting = [k for k in PATTERNS if any(w in k.draw.__name__ for w in ("side", "above"))]
    kind = chance.choice(fitting)
    facts = kind.choose(chance, chance.choice(kind.colours))
    one, other = str(facts["colour"]), str(facts["other_colour"])
    size, seed = chance.choice(_SIZES), chance.getrandbits(32)
    pictures = []
    for colour, other_colour in ((one, other), (other, one)):
        image, pen = _canvas(size)
        kind.draw(pen, {**facts, "colour": colour, "other_colour": other_colour}, Random(seed))
        pictures.append(image.reduce(2))
    return Case(f"{one} {facts['shape']}", f"{other} {facts['other_shape']}", *pictures)


def parts(chance: Random) -> Case | None:
    """A thing, and a part of it."""
    name = chance.choice(list(_PARTS))
    product, part = next(p for p in _products() if p.name == name), _PARTS[name]
    one = chance.choice(product.colours)
    other = chance.choice([colour for colour in contrasting(one) if colour in product.colours])
    size, seed = chance.choice(_SIZES), chance.getrandbits(32)
    kind = product.kind()
    pictures = []
    for colour, of_part in ((one, other), (other, one)):
        image, pen = _canvas(size)
        facts = {"background": "white", "count": 1, "position": "centre"}
        facts |= {**product.details(Random(seed), colour), "colour": colour, part: of_part}
        if product.pair:
            facts["unit"] = "pair"
        kind.draw(pen, facts, Random(seed))
        pictures.append(image.reduce(2))
    noun = product.nouns[0][1 if product.pair else 0]
    return Case(f"{one} {noun}", f"{other} {part}", *pictures)


SETS: dict[str, Make] = {
    "two things beside each other": beside,
    "a small one before a large one": before,
    "two shapes": shapes,
    "a thing and a part of it": parts,
}

_Spots = list[tuple[float, float, float]]


def _two_products(
    chance: Random, place: Callable[[Random, float, float, float], _Spots]
) -> Case | None:
    fitting = [
        product
        for product in _products()
        if product.place in ("table", "floor", "flat", "desk")
        and len(product.colours) > 7
        and not product.pair
    ]
    first, second = chance.sample(fitting, 2)
    shared = [colour for colour in first.colours if colour in second.colours]
    one = chance.choice(shared)
    others = [colour for colour in contrasting(one) if colour in shared]
    if not others:
        return None
    other = chance.choice(others)
    ground = chance.choice([each for each in _GROUNDS if each not in (one, other)])
    size, seed = chance.choice(_SIZES), chance.getrandbits(32)
    pictures = []
    for colours in ((one, other), (other, one)):
        image, pen = _canvas(size)
        draw_backdrop(pen, ground, "table", 0.6, Random(seed))
        spots = place(Random(seed), pen.wide, first.breadth, second.breadth)
        for product, colour, spot in zip((first, second), colours, spots, strict=True):
            facts = {"colour": colour, "count": 1, **product.details(Random(seed), colour)}
            product.draw(pen.at(*spot), facts, Random(seed))
        pictures.append(image.reduce(2))
    names = (first.nouns[0][0], second.nouns[0][0])
    return Case(f"{one} {names[0]}", f"{other} {names[1]}", *pictures)


def _beside(chance: Random, wide: float, breadth: float, other: float) -> _Spots:
    found = []
    for x, half in ((0.26, breadth), (0.74, other)):
        scale = min(wide * 0.23 / half, 0.36) * chance.uniform(0.75, 1.0)
        place = wide * x + chance.uniform(-0.02, 0.02)
        found.append((place, chance.uniform(0.42, 0.82 - scale * 0.6), scale))
    return found


def _before(chance: Random, wide: float, breadth: float, other: float) -> _Spots:
    large = min(wide * 0.34 / breadth, 0.34)
    small = min(wide * 0.2 / other, 0.2) * chance.uniform(0.9, 1.1)
    x, y = wide * chance.uniform(0.38, 0.62), chance.uniform(0.42, 0.5)
    aside = chance.choice((-1, 1)) * large * breadth * 0.7
    return [(x, y, large), (x + aside, y + large * 0.75, small)]


def _products() -> list[Product]:
    owners = (getattr(kind.draw, "__self__", None) for kind in PRODUCTS)
    return [owner for owner in owners if isinstance(owner, Product)]


def _canvas(size: tuple[int, int]) -> tuple[Image.Image, Pen]:
    """Twice as large, to be reduced: smooth edges."""
    image = Image.new("RGB", (2 * size[0], 2 * size[1]))
    height = float(image.height)
    return image, Pen(image, (height, 0.0, 0.0, 0.0, height, 0.0))
