"""Fruit by the piece."""

from __future__ import annotations

import math
from random import Random

from engine.sample.kind import Attributes, text
from engine.sample.paint import (
    down,
    sphere,
)
from engine.sample.palette import Colour, dark, light, shade_of
from engine.sample.pen import Pen
from engine.sample.shapes import oval, smooth
from engine.sample.stage import UP_TO_FOUR, Product, colourless

_STEM: Colour = (104, 72, 40)


LEAF: Colour = (86, 156, 62)


def leaf(pen: Pen, x: float, y: float, size: float, tilt: float) -> None:
    """A green leaf that grows from (x, y)."""
    frame = pen.at(x, y, size, tilt)
    frame.fill(smooth([(0, 0), (0.5, -0.32), (1, -0.1), (0.5, 0.2)]), LEAF)
    frame.line([(0.05, 0), (0.9, -0.1)], dark(LEAF, 0.25), 0.05)


def _apple(pen: Pen, facts: Attributes, rng: Random) -> None:
    colour = shade_of(text(facts, "colour"), rng)
    body = smooth(
        [
            (0, -0.5),
            (0.36, -0.66),
            (0.8, -0.42),
            (0.86, 0.16),
            (0.56, 0.84),
            (0.22, 0.98),
            (0, 0.9),
            (-0.22, 0.98),
            (-0.56, 0.84),
            (-0.86, 0.16),
            (-0.8, -0.42),
            (-0.36, -0.66),
        ]
    )
    pen.fill(body, sphere(colour))
    pen.veil(smooth([(-0.26, -0.5), (0, -0.38), (0.26, -0.5), (0, -0.56)]), (40, 20, 0), 0.45, 0.15)
    pen.line(smooth([(0, -0.46), (0.03, -0.7), (0.14, -0.92)], closed=False), _STEM, 0.075)
    leaf(pen, 0.08, -0.72, 0.55, -14)
    pen.glow(-0.42, -0.2, 0.2, 0.28, (255, 255, 255), 0.65)


def _pear(pen: Pen, facts: Attributes, rng: Random) -> None:
    colour = shade_of(text(facts, "colour"), rng)
    body = smooth(
        [
            (0, -0.7),
            (0.24, -0.6),
            (0.34, -0.2),
            (0.62, 0.22),
            (0.62, 0.7),
            (0.3, 0.98),
            (-0.3, 0.98),
            (-0.62, 0.7),
            (-0.62, 0.22),
            (-0.34, -0.2),
            (-0.24, -0.6),
        ]
    )
    pen.fill(body, sphere(colour))
    pen.line(smooth([(0, -0.68), (0.02, -0.84), (0.12, -0.98)], closed=False), _STEM, 0.07)
    leaf(pen, 0.06, -0.82, 0.42, -8)
    pen.glow(-0.26, 0.3, 0.18, 0.3, (255, 255, 255), 0.5)


def _orange(pen: Pen, facts: Attributes, rng: Random) -> None:
    colour = shade_of("orange", rng)
    pen.fill(oval(0, 0.12, 0.88), sphere(colour))
    for _ in range(46):
        t, r = rng.uniform(0, math.tau), rng.uniform(0, 0.8) ** 0.6 * 0.8
        pen.dot(r * math.cos(t), 0.12 + r * math.sin(t), 0.016, dark(colour, 0.12))
    pen.fill(oval(0.02, -0.6, 0.12, 0.06), (120, 140, 60))
    leaf(pen, 0.04, -0.62, 0.6, -18)
    pen.glow(-0.36, -0.24, 0.24, 0.22, (255, 255, 255), 0.55)


def _lemon(pen: Pen, facts: Attributes, rng: Random) -> None:
    colour: Colour = (250, 216, 52)
    frame = pen.at(0, 0.28, 1, -14)
    body = smooth(
        [
            (-0.98, 0.02),
            (-0.8, -0.14),
            (-0.5, -0.52),
            (0, -0.66),
            (0.5, -0.52),
            (0.8, -0.14),
            (0.98, 0.02),
            (0.8, 0.16),
            (0.5, 0.5),
            (0, 0.64),
            (-0.5, 0.5),
            (-0.8, 0.16),
        ]
    )
    frame.fill(body, sphere(colour))
    frame.glow(-0.3, -0.2, 0.3, 0.16, (255, 255, 255), 0.6)


def _bananas(pen: Pen, facts: Attributes, rng: Random) -> None:
    colour: Colour = (250, 212, 60)
    frame = pen.at(0, 0.12, 0.98, -8)
    body = smooth(
        [
            (-0.9, -0.52),
            (-0.74, -0.5),
            (-0.42, 0.16),
            (0.1, 0.36),
            (0.66, 0.16),
            (0.94, -0.16),
            (0.97, -0.06),
            (0.7, 0.54),
            (0.1, 0.84),
            (-0.54, 0.6),
            (-0.86, 0.02),
        ]
    )
    with frame.inside(body) as inner:
        inner.fill(body, down(light(colour, 0.2), colour, dark(colour, 0.2)))
        ridge = smooth(
            [(-0.84, -0.4), (-0.62, 0.26), (0.06, 0.58), (0.66, 0.36), (0.96, -0.1)], closed=False
        )
        inner.line(ridge, dark(colour, 0.14), 0.04)
    frame.line([(-0.84, -0.5), (-0.82, -0.7)], (140, 120, 50), 0.11)
    frame.fill(oval(0.955, -0.12, 0.05, 0.06), (84, 62, 36))


KINDS = tuple(
    product.kind()
    for product in (
        Product(
            "apple", (("apple", "apples"),), _apple, ("red", "green", "yellow"), counts=UP_TO_FOUR
        ),
        Product(
            "pear",
            (("pear", "pears"),),
            _pear,
            ("green", "yellow"),
            breadth=0.66,
            counts=UP_TO_FOUR,
        ),
        Product(
            "orange",
            (("orange", "oranges"), ("fresh orange", "fresh oranges")),
            _orange,
            ("orange",),
            counts=UP_TO_FOUR,
            describe=colourless,
        ),
        Product(
            "lemon",
            (("lemon", "lemons"),),
            _lemon,
            ("yellow",),
            counts=UP_TO_FOUR,
            describe=lambda f: ("yellow", ""),
        ),
        Product(
            "banana",
            (("banana", "bananas"),),
            _bananas,
            ("yellow",),
            counts=UP_TO_FOUR,
            describe=lambda f: ("yellow", ""),
        ),
    )
)
