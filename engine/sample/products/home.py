"""Candles, vases, lamps, plants."""

from __future__ import annotations

import math
from random import Random

from engine.sample.kind import Attributes, text, whole
from engine.sample.paint import (
    across,
    down,
    tube,
)
from engine.sample.palette import BRIGHT, COLOURS, contrasting, dark, light, mix, shade_of
from engine.sample.pen import Pen
from engine.sample.products.tableware import glaze
from engine.sample.scenes.plants import bloom
from engine.sample.shapes import arc, box, mirrored, oval, smooth
from engine.sample.stage import Product
from engine.sample.words import each_with


def _candle(pen: Pen, facts: Attributes, rng: Random) -> None:
    colour = shade_of(text(facts, "colour"), rng)
    lit = facts["lit"] == "yes"
    pen.fill(oval(0, 0.9, 0.5, 0.1), across((214, 190, 130), (150, 120, 70)))
    pen.fill(oval(0, 0.87, 0.44, 0.08), (120, 96, 60))
    body = [*arc(0, -0.2, 0.27, 0.07, 0, 180), (-0.27, 0.86), *arc(0, 0.86, 0.27, 0.06, 180, 0)]
    pen.fill(body, tube(colour))
    pen.fill(oval(0, -0.2, 0.27, 0.07), light(colour, 0.35))
    pen.line([(0, -0.2), (0.015, -0.34)], (50, 40, 36), 0.03)
    if lit:
        pen.glow(0, -0.5, 0.85, 0.85, (255, 196, 90), 0.75)
        pen.fill(
            smooth([(0, -0.26), (0.11, -0.42), (0.03, -0.72), (-0.02, -0.84), (-0.1, -0.44)]),
            (255, 150, 40),
        )
        pen.fill(smooth([(0, -0.28), (0.06, -0.4), (0.0, -0.62), (-0.055, -0.42)]), (255, 244, 180))
        pen.veil(box(-0.27, -0.2, 0.27, 0.2), (255, 220, 140), 0.5, 0.0)


_PETALS = tuple(colour for colour in BRIGHT if colour != "green")


def _vase(pen: Pen, facts: Attributes, rng: Random) -> None:
    colour, petal = shade_of(text(facts, "colour"), rng), shade_of(text(facts, "flowers"), rng)
    heads = [(-0.44, -0.5), (0.42, -0.52), (-0.2, -0.74), (0.22, -0.78), (0.0, -0.46)]
    for x, y in heads:
        pen.line(
            smooth([(x * 0.2, 0.2), (x * 0.7, -0.15), (x, y)], closed=False), (70, 130, 62), 0.04
        )
    for side in (-1, 1):
        pen.fill(
            smooth([(0, 0.1), (side * 0.4, -0.25), (side * 0.6, -0.2), (side * 0.3, 0.0)]),
            (92, 152, 72),
        )
    for x, y in heads:
        bloom(pen, x, y, 0.25, mix(petal, COLOURS["white"], rng.uniform(0, 0.12)), rng)
    half = [
        (0.0, 0.0),
        (0.2, 0.0),
        (0.18, 0.12),
        (0.36, 0.4),
        (0.38, 0.62),
        (0.26, 0.92),
        (0.22, 1.0),
        (0.0, 1.0),
    ]
    outline = mirrored([half[0], *smooth(half[1:-1], closed=False), half[-1]])
    glaze(pen, outline, down(light(colour, 0.1), colour), -0.2)
    pen.fill(oval(0, 0.0, 0.21, 0.05), dark(colour, 0.4))


def _table_lamp(pen: Pen, facts: Attributes, rng: Random) -> None:
    colour, lit = shade_of(text(facts, "colour"), rng), facts["lit"] == "yes"
    if lit:
        pen.glow(0, -0.3, 1.9, 1.7, (255, 226, 150), 0.85)
    pen.fill(oval(0, 0.92, 0.42, 0.08), across((150, 122, 90), (84, 62, 44)))
    pen.fill(
        smooth(
            [
                (-0.06, -0.1),
                (0.06, -0.1),
                (0.09, 0.3),
                (0.2, 0.62),
                (0.1, 0.9),
                (-0.1, 0.9),
                (-0.2, 0.62),
                (-0.09, 0.3),
            ]
        ),
        across((186, 154, 116), (150, 118, 84), (92, 68, 48)),
    )
    shade = [*arc(0, -0.86, 0.36, 0.06, 180, 360), *arc(0, -0.02, 0.72, 0.1, 0, 180)]
    pen.fill(shade, across(light(colour, 0.12), colour, dark(colour, 0.24)))
    pen.line(arc(0, -0.02, 0.72, 0.1, 4, 176), dark(colour, 0.25), 0.03)
    if lit:
        with pen.inside(shade) as inner:
            inner.glow(0, -0.25, 0.6, 0.6, (255, 246, 196), 0.75)


def _lamp_details(rng: Random, colour: str) -> Attributes:
    return {"lit": rng.choice(("yes", "no"))}


def _pot_plant(pen: Pen, facts: Attributes, rng: Random) -> None:
    colour = shade_of(text(facts, "colour"), rng)
    for i in range(11):
        turn = math.radians(-170 + i * 16 + rng.uniform(-5, 5))
        reach = rng.uniform(0.75, 1.0)
        tip = (math.cos(turn) * reach * 0.9, 0.25 + math.sin(turn) * reach * 1.2)
        middle = (tip[0] * 0.55, 0.25 + (tip[1] - 0.25) * 0.62)
        across_leaf = (-math.sin(turn) * 0.12, math.cos(turn) * 0.12)
        leaf = smooth(
            [
                (0, 0.36),
                (middle[0] + across_leaf[0], middle[1] + across_leaf[1]),
                tip,
                (middle[0] - across_leaf[0], middle[1] - across_leaf[1]),
            ]
        )
        green = (54 + 22 * (i % 3), 138 + 14 * (i % 2), 74)
        pen.fill(leaf, green)
        pen.line([(0, 0.36), middle, tip], light(green, 0.22), 0.016)
    pen.fill([(-0.4, 0.34), (0.4, 0.34), (0.29, 1.0), (-0.29, 1.0)], tube(colour))
    pen.fill(box(-0.46, 0.24, 0.46, 0.42, 0.03), tube(light(colour, 0.08)))


KINDS = tuple(
    product.kind()
    for product in (
        Product(
            "candle",
            (("candle", "candles"),),
            _candle,
            breadth=0.5,
            counts=(1, 1, 2, 3),
            details=_lamp_details,
            describe=lambda f: (
                f"burning {f['colour']}" if f["lit"] == "yes" else text(f, "colour"),
                "",
            ),
        ),
        Product(
            "vase with flowers",
            (("vase", "vases"), ("flower vase", "flower vases")),
            _vase,
            breadth=0.7,
            counts=(1, 1, 1, 2),
            details=lambda rng, c: {"flowers": rng.choice(contrasting(c, _PETALS))},
            describe=lambda f: (text(f, "colour"), f"with {f['flowers']} flowers"),
        ),
        Product(
            "table lamp",
            (("table lamp", "table lamps"), ("lamp", "lamps")),
            _table_lamp,
            breadth=0.75,
            counts=(1, 1, 1, 2),
            details=_lamp_details,
            describe=lambda f: (
                f"lit {f['colour']}" if f["lit"] == "yes" else text(f, "colour"),
                "",
            ),
        ),
        Product(
            "pot plant",
            (("flower pot", "flower pots"), ("plant pot", "plant pots")),
            _pot_plant,
            counts=(1, 1, 1, 2),
            describe=lambda f: (text(f, "colour"), each_with(whole(f, "count"), "green plant")),
        ),
    )
)
