"""Guitars, gifts, hearts, treasure chests."""

from __future__ import annotations

import math
from random import Random

from engine.sample.kind import Attributes, text, whole
from engine.sample.paint import (
    Paint,
    across,
    down,
    grain,
    sphere,
)
from engine.sample.palette import COLOURS, contrasting, dark, light, shade_of
from engine.sample.pen import Pen
from engine.sample.shapes import arc, box, heart, oval, smooth
from engine.sample.stage import Product
from engine.sample.words import each_with


def _guitar(pen: Pen, facts: Attributes, rng: Random) -> None:
    colour = shade_of(text(facts, "colour"), rng)
    frame = pen.at(0, 0, 1, 12)
    half = [
        (0.14, -0.14),
        (0.32, -0.04),
        (0.34, 0.18),
        (0.26, 0.34),
        (0.42, 0.56),
        (0.4, 0.84),
        (0.16, 0.98),
    ]
    body = smooth([*half, *((-x, y) for x, y in reversed(half))])
    frame.shadow(body, 0.04, 0.05, 0.05, 0.4)
    frame.fill(body, dark(colour, 0.4))
    frame.at(0, 0.035, 0.94).fill(body, across(light(colour, 0.2), colour, dark(colour, 0.15)))
    frame.fill(box(-0.055, -0.86, 0.055, 0.2), across((112, 76, 50), (64, 42, 30)))
    frame.fill(oval(0, 0.26, 0.15), (226, 196, 140))
    frame.fill(oval(0, 0.26, 0.125), (34, 24, 22))
    frame.fill(box(-0.17, 0.66, 0.17, 0.72, 0.02), (60, 38, 28))
    frame.fill([(-0.085, -1.0), (0.085, -1.0), (0.065, -0.84), (-0.065, -0.84)], (78, 50, 34))
    for i in range(3):
        for side in (-1, 1):
            frame.dot(side * 0.11, -0.97 + i * 0.05, 0.018, (216, 216, 220))
    for i in range(8):
        frame.line([(-0.055, -0.78 + i * 0.11), (0.055, -0.78 + i * 0.11)], (196, 190, 176), 0.01)
    for x in (-0.036, -0.012, 0.012, 0.036):
        frame.line([(x, -0.9), (x, 0.69)], (232, 228, 216), 0.007)


def _gift(pen: Pen, facts: Attributes, rng: Random) -> None:
    colour, ribbon = shade_of(text(facts, "colour"), rng), COLOURS[text(facts, "ribbon")]
    pen.fill(
        box(-0.74, -0.2, 0.74, 1.0, 0.02), across(light(colour, 0.08), colour, dark(colour, 0.2))
    )
    pen.fill(box(-0.14, -0.2, 0.14, 1.0), across(light(ribbon, 0.16), ribbon, dark(ribbon, 0.16)))
    lid = box(-0.84, -0.44, 0.84, -0.1, 0.03)
    pen.veil(box(-0.74, -0.1, 0.74, 0.02), (0, 0, 20), 0.35, 0.0)
    pen.fill(lid, across(light(colour, 0.2), light(colour, 0.06), dark(colour, 0.14)))
    pen.fill(box(-0.15, -0.44, 0.15, -0.1), across(light(ribbon, 0.22), ribbon))
    for side in (-1, 1):
        bow = smooth([(0, -0.46), (side * 0.3, -0.94), (side * 0.66, -0.84), (side * 0.52, -0.52)])
        pen.fill(bow, down(light(ribbon, 0.12), dark(ribbon, 0.16)))
        pen.fill(
            smooth(
                [
                    (side * 0.1, -0.52),
                    (side * 0.32, -0.76),
                    (side * 0.5, -0.74),
                    (side * 0.38, -0.56),
                ]
            ),
            dark(ribbon, 0.35),
        )
    pen.fill(oval(0, -0.5, 0.13, 0.11), light(ribbon, 0.18))


def _heart(pen: Pen, facts: Attributes, rng: Random) -> None:
    colour = shade_of(text(facts, "colour"), rng)
    outline = heart(0, 0.0, 0.9)
    pen.shadow(outline, 0.04, 0.07, 0.05, 0.4)
    pen.fill(outline, sphere(colour))
    pen.glow(-0.42, -0.4, 0.24, 0.2, (255, 255, 255), 0.7)


def _chest(pen: Pen, facts: Attributes, rng: Random) -> None:
    wood: Paint = grain((158, 106, 62), rng.getrandbits(30), 0.24)
    pen.fill(box(-0.9, -0.1, 0.9, 1.0), wood)
    lid = arc(0, -0.1, 0.9, 0.62, 180, 360)
    pen.fill(lid, grain((172, 118, 70), rng.getrandbits(30), 0.24))
    pen.veil([*lid, (0.9, 1.0), (-0.9, 1.0)], (10, 0, 0), 0.1, 0.0, 0.1, 0.35, across=True)
    iron = (226, 180, 80)
    for x in (-0.6, 0.6):
        top = -0.1 - 0.62 * math.sqrt(1 - (x / 0.9) ** 2)
        pen.fill(box(x - 0.07, top, x + 0.07, 1.0), across(light(iron, 0.2), dark(iron, 0.25)))
    pen.fill(box(-0.92, -0.16, 0.92, -0.04), down(light(iron, 0.2), dark(iron, 0.25)))
    pen.fill(box(-0.15, -0.22, 0.15, 0.16, 0.04), down(light(iron, 0.3), dark(iron, 0.15)))
    pen.dot(0, -0.03, 0.05, (50, 34, 24))
    pen.fill([(-0.025, -0.02), (0.025, -0.02), (0.035, 0.1), (-0.035, 0.1)], (50, 34, 24))


KINDS = tuple(
    product.kind()
    for product in (
        Product(
            "guitar",
            (("guitar", "guitars"), ("acoustic guitar", "acoustic guitars")),
            _guitar,
            ("brown", "orange", "black", "red", "blue", "white"),
            "flat",
            0.62,
            (1, 1, 1, 2),
        ),
        Product(
            "gift",
            (("gift box", "gift boxes"), ("present", "presents")),
            _gift,
            breadth=0.85,
            counts=(1, 1, 1, 2, 3),
            details=lambda rng, c: {"ribbon": rng.choice(contrasting(c))},
            describe=lambda f: (
                text(f, "colour"),
                each_with(whole(f, "count"), f"{f['ribbon']} ribbon"),
            ),
        ),
        Product(
            "heart",
            (("heart", "hearts"), ("shiny heart", "shiny hearts")),
            _heart,
            place="desk",
            counts=(1, 1, 2, 3),
        ),
        Product(
            "treasure chest",
            (("treasure chest", "treasure chests"), ("wooden chest", "wooden chests")),
            _chest,
            ("brown",),
            breadth=0.95,
            counts=(1,),
            describe=lambda f: ("", "with golden fittings"),
        ),
    )
)
