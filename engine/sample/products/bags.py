"""Handbags, backpacks, suitcases."""

from __future__ import annotations

from random import Random

from engine.sample.kind import Attributes, text, whole
from engine.sample.paint import (
    across,
    down,
)
from engine.sample.palette import (
    COLOURS,
    GOLD,
    STEEL,
    contrasting,
    dark,
    light,
    shade_of,
)
from engine.sample.pen import Pen
from engine.sample.shapes import arc, box, oval, smooth
from engine.sample.stage import Product
from engine.sample.words import each_with


def _handbag(pen: Pen, facts: Attributes, rng: Random) -> None:
    colour = shade_of(text(facts, "colour"), rng)
    pen.line(arc(0, 0.0, 0.46, 0.86, 180, 360), dark(colour, 0.3), 0.09)
    pen.line(arc(-0.02, 0.0, 0.44, 0.84, 182, 358), light(colour, 0.1), 0.03)
    body = smooth(
        [
            (-0.66, -0.06),
            (0, -0.1),
            (0.66, -0.06),
            (0.84, 0.5),
            (0.88, 0.96),
            (0, 1.0),
            (-0.88, 0.96),
            (-0.84, 0.5),
        ]
    )
    pen.fill(body, across(light(colour, 0.1), colour, dark(colour, 0.25)))
    flap = smooth(
        [
            (-0.68, -0.08),
            (0, -0.12),
            (0.68, -0.08),
            (0.76, 0.28),
            (0.4, 0.42),
            (0, 0.48),
            (-0.4, 0.42),
            (-0.76, 0.28),
        ]
    )
    pen.shadow(flap, 0, 0.05, 0.04, 0.4)
    pen.fill(flap, down(light(colour, 0.22), colour))
    pen.fill(box(-0.11, 0.36, 0.11, 0.58, 0.04), down(light(GOLD, 0.4), dark(GOLD, 0.2)))
    pen.dot(0, 0.49, 0.03, dark(GOLD, 0.5))
    for x in (-0.46, 0.46):
        pen.fill(oval(x, -0.02, 0.075), GOLD)


def _backpack(pen: Pen, facts: Attributes, rng: Random) -> None:
    colour, pocket = shade_of(text(facts, "colour"), rng), COLOURS[text(facts, "pocket")]
    pen.line(arc(0, -0.82, 0.2, 0.16, 180, 360), dark(colour, 0.4), 0.07)
    for side in (-1, 1):
        pen.line(
            smooth([(side * 0.55, -0.5), (side * 0.86, 0.0), (side * 0.72, 0.72)], closed=False),
            dark(colour, 0.42),
            0.11,
        )
    pen.fill(
        box(-0.68, -0.86, 0.68, 1.0, 0.44), across(light(colour, 0.12), colour, dark(colour, 0.28))
    )
    pen.line(arc(0, -0.18, 0.56, 0.5, 180, 360), dark(colour, 0.4), 0.03)
    pen.fill(box(0.5, -0.22, 0.58, 0.0, 0.03), STEEL)
    pouch = box(-0.5, 0.2, 0.5, 0.9, 0.16)
    pen.shadow(pouch, 0.0, 0.03, 0.04, 0.4)
    pen.fill(pouch, down(light(pocket, 0.14), pocket, dark(pocket, 0.2)))
    pen.line([(-0.44, 0.38), (0.44, 0.38)], dark(pocket, 0.4), 0.03)
    pen.fill(box(0.28, 0.36, 0.34, 0.52, 0.02), STEEL)


def _backpack_details(rng: Random, colour: str) -> Attributes:
    return {"pocket": rng.choice(contrasting(colour))}


def _suitcase(pen: Pen, facts: Attributes, rng: Random) -> None:
    colour = shade_of(text(facts, "colour"), rng)
    for x in (-0.22, 0.22):
        pen.line([(x, -0.5), (x, -0.94)], STEEL, 0.05)
    pen.line([(-0.24, -0.95), (0.24, -0.95)], (50, 52, 58), 0.09)
    for x in (-0.4, 0.4):
        pen.fill(oval(x, 0.93, 0.075), (40, 42, 48))
    pen.fill(
        box(-0.58, -0.6, 0.58, 0.9, 0.14), across(light(colour, 0.18), colour, dark(colour, 0.28))
    )
    for x in (-0.38, -0.19, 0.0, 0.19, 0.38):
        pen.line([(x, -0.5), (x, 0.8)], dark(colour, 0.2), 0.035)
        pen.line([(x - 0.03, -0.5), (x - 0.03, 0.8)], light(colour, 0.22), 0.015)
    pen.fill(box(-0.14, -0.7, 0.14, -0.58, 0.04), dark(colour, 0.5))


KINDS = tuple(
    product.kind()
    for product in (
        Product(
            "handbag", (("handbag", "handbags"), ("bag", "bags")), _handbag, counts=(1, 1, 1, 2)
        ),
        Product(
            "backpack",
            (("backpack", "backpacks"), ("school bag", "school bags")),
            _backpack,
            place="floor",
            breadth=0.85,
            counts=(1, 1, 1, 2),
            details=_backpack_details,
            describe=lambda f: (
                text(f, "colour"),
                each_with(whole(f, "count"), f"{f['pocket']} pocket"),
            ),
        ),
        Product(
            "suitcase",
            (("suitcase", "suitcases"), ("trolley case", "trolley cases")),
            _suitcase,
            place="floor",
            breadth=0.6,
            counts=(1, 1, 1, 2),
        ),
    )
)
