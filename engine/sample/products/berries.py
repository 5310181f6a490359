"""Cherries, strawberries, slices of watermelon."""

from __future__ import annotations

from random import Random

from engine.sample.kind import Attributes
from engine.sample.paint import (
    down,
    sphere,
)
from engine.sample.palette import Colour, mix
from engine.sample.pen import Pen
from engine.sample.products.fruit import LEAF, leaf
from engine.sample.shapes import arc, oval, smooth
from engine.sample.stage import UP_TO_FOUR, Product, colourless


def _cherries(pen: Pen, facts: Attributes, rng: Random) -> None:
    red: Colour = (196, 18, 44)
    top = (0.16, -0.92)
    for x, y in ((-0.46, 0.52), (0.46, 0.58)):
        pen.line(
            smooth([(x, y - 0.3), (x * 0.6 + 0.06, -0.3), top], closed=False), (96, 128, 50), 0.06
        )
    leaf(pen, top[0], top[1] + 0.04, 0.75, 16)
    for x, y in ((-0.46, 0.52), (0.46, 0.58)):
        pen.fill(oval(x, y, 0.44, 0.42), sphere(red))
        pen.glow(x - 0.16, y - 0.16, 0.13, 0.12, (255, 255, 255), 0.8)


def _strawberry(pen: Pen, facts: Attributes, rng: Random) -> None:
    red: Colour = (222, 34, 52)
    body = smooth(
        [
            (0, -0.5),
            (0.42, -0.58),
            (0.78, -0.3),
            (0.66, 0.26),
            (0.3, 0.8),
            (0, 0.99),
            (-0.3, 0.8),
            (-0.66, 0.26),
            (-0.78, -0.3),
            (-0.42, -0.58),
        ]
    )
    with pen.inside(body) as inner:
        inner.fill(body, sphere(red))
        for row in range(7):
            for column in range(-3, 4):
                x = column * 0.24 + (0.12 if row % 2 else 0)
                inner.fill(oval(x, -0.36 + row * 0.2, 0.028, 0.042), (252, 214, 120))
    for i in range(7):
        crown = pen.at(0, -0.54, 1, -200 + i * 36)
        crown.fill(
            smooth([(0, -0.06), (0.32, -0.1), (0.56, 0.04), (0.3, 0.09), (0, 0.06)]),
            mix(LEAF, (40, 110, 40), 0.2 * (i % 2)),
        )
    pen.line([(0, -0.56), (0.06, -0.82)], (96, 140, 60), 0.07)


def _watermelon(pen: Pen, facts: Attributes, rng: Random) -> None:
    frame = pen.at(0, -0.4, 1.0)
    frame.fill(arc(0, 0, 0.98, 1.36, 0, 180), (44, 122, 58))
    frame.fill(arc(0, 0, 0.9, 1.26, 0, 180), (222, 240, 190))
    frame.fill(arc(0, 0, 0.83, 1.17, 0, 180), down((240, 84, 92), (222, 44, 62)))
    for x, y in (
        (-0.5, 0.24),
        (-0.2, 0.3),
        (0.14, 0.26),
        (0.48, 0.28),
        (-0.32, 0.62),
        (0.02, 0.66),
        (0.34, 0.6),
        (0.0, 0.98),
    ):
        frame.fill(oval(x, y, 0.035, 0.06), (40, 26, 24))


KINDS = tuple(
    product.kind()
    for product in (
        Product(
            "cherries",
            (("cherries", "cherries"),),
            _cherries,
            ("red",),
            counts=(1, 1, 2),
            pair=True,
        ),
        Product(
            "strawberry",
            (("strawberry", "strawberries"),),
            _strawberry,
            ("red",),
            breadth=0.8,
            counts=UP_TO_FOUR,
            describe=colourless,
        ),
        Product(
            "watermelon",
            (
                ("slice of watermelon", "slices of watermelon"),
                ("watermelon slice", "watermelon slices"),
            ),
            _watermelon,
            ("red",),
            counts=(1, 1, 2, 3),
            describe=colourless,
        ),
    )
)
