"""Watches and clocks."""

from __future__ import annotations

import math
from random import Random

from engine.sample.kind import Attributes, text, whole
from engine.sample.paint import (
    across,
)
from engine.sample.palette import (
    COLOURS,
    STEEL,
    Colour,
    dark,
    light,
    shade_of,
)
from engine.sample.pen import Pen
from engine.sample.shapes import arc, box, mirrored, oval
from engine.sample.stage import Product
from engine.sample.words import each_with


def _watch(pen: Pen, facts: Attributes, rng: Random) -> None:
    strap, face = shade_of(text(facts, "colour"), rng), COLOURS[text(facts, "face")]
    band = mirrored(
        [(0.0, -0.98), (0.2, -0.98), (0.27, -0.4), (0.27, 0.4), (0.2, 0.98), (0.0, 0.98)]
    )
    pen.shadow(band, 0.04, 0.05, 0.04, 0.4)
    pen.fill(band, across(light(strap, 0.14), strap, dark(strap, 0.26)))
    for y in (0.6, 0.7, 0.8):
        pen.dot(0, y, 0.025, dark(strap, 0.5))
    pen.shadow(oval(0, 0, 0.5), 0.04, 0.06, 0.05, 0.5)
    pen.fill(box(0.46, -0.07, 0.58, 0.07, 0.03), dark(STEEL, 0.1))
    pen.fill(oval(0, 0, 0.5), across(light(STEEL, 0.5), STEEL, dark(STEEL, 0.3)))
    pen.fill(oval(0, 0, 0.42), face)
    dial(pen, 0.42, (30, 30, 34) if sum(face) > 300 else (244, 244, 244), rng)
    pen.veil(oval(-0.12, -0.14, 0.22, 0.16, -40), (255, 255, 255), 0.25, 0.05)


def dial(pen: Pen, radius: float, ink: Colour, rng: Random) -> None:
    """Marks and hands of a clock around the origin."""
    for hour in range(12):
        t = math.tau * hour / 12
        inner = 0.76 if hour % 3 else 0.68
        a, b = radius * inner, radius * 0.88
        pen.line(
            [(a * math.cos(t), a * math.sin(t)), (b * math.cos(t), b * math.sin(t))],
            ink,
            radius * (0.045 if hour % 3 else 0.075),
        )
    hours = rng.uniform(0, 12)
    for turn, length, width in ((hours / 12, 0.48, 0.075), (hours % 1, 0.7, 0.055)):
        t = math.tau * turn - math.pi / 2
        pen.line(
            [(0, 0), (radius * length * math.cos(t), radius * length * math.sin(t))],
            ink,
            radius * width,
        )
    pen.dot(0, 0, radius * 0.07, ink)


def _clock(pen: Pen, facts: Attributes, rng: Random) -> None:
    rim = shade_of(text(facts, "colour"), rng)
    pen.shadow(oval(0, 0, 0.94), 0.05, 0.08, 0.06, 0.45)
    pen.fill(oval(0, 0, 0.94), across(light(rim, 0.25), rim, dark(rim, 0.3)))
    pen.fill(oval(0, 0, 0.8), dark(rim, 0.35))
    pen.fill(oval(0.01, 0.015, 0.78), (250, 249, 244))
    dial(pen, 0.78, (34, 34, 40), rng)


def _alarm_clock(pen: Pen, facts: Attributes, rng: Random) -> None:
    colour = shade_of(text(facts, "colour"), rng)
    for side in (-1, 1):
        pen.line([(side * 0.4, 0.6), (side * 0.58, 0.96)], (90, 92, 98), 0.1)
        bell = pen.at(side * 0.42, -0.62, 1, side * 32)
        bell.fill(
            [*arc(0, 0, 0.28, 0.27, 180, 360)],
            across(light(colour, 0.3), colour, dark(colour, 0.3)),
        )
        bell.dot(0, -0.28, 0.05, (90, 92, 98))
    pen.line(arc(0, -0.7, 0.14, 0.2, 180, 360), (90, 92, 98), 0.05)
    pen.fill(oval(0, 0.16, 0.74), across(light(colour, 0.25), colour, dark(colour, 0.3)))
    pen.fill(oval(0, 0.16, 0.58), (250, 249, 244))
    dial(pen.at(0, 0.16), 0.58, (34, 34, 40), rng)


KINDS = tuple(
    product.kind()
    for product in (
        Product(
            "wrist watch",
            (("wrist watch", "wrist watches"), ("watch", "watches")),
            _watch,
            place="desk",
            breadth=0.6,
            details=lambda rng, c: {"face": rng.choice(("white", "black", "white"))},
            describe=lambda f: (
                text(f, "colour"),
                each_with(whole(f, "count"), f"{f['face']} face"),
            ),
        ),
        Product(
            "wall clock",
            (("wall clock", "wall clocks"), ("clock", "clocks")),
            _clock,
            place="wall",
            counts=(1, 1, 1, 2),
        ),
        Product(
            "alarm clock",
            (("alarm clock", "alarm clocks"), ("clock", "clocks")),
            _alarm_clock,
            breadth=0.8,
            counts=(1, 1, 1, 2),
        ),
    )
)
