"""Balls, balloons, teddy bears, toy cars."""

from __future__ import annotations

import math
from random import Random

from engine.sample.kind import Attributes, text, whole
from engine.sample.paint import (
    sphere,
)
from engine.sample.palette import COLOURS, Colour, contrasting, dark, mix, shade_of
from engine.sample.pen import Pen
from engine.sample.scenes.things import car_from_side
from engine.sample.shapes import Outline, arc, oval, regular, smooth
from engine.sample.stage import Product
from engine.sample.words import each_with


def _ball(pen: Pen, facts: Attributes, rng: Random) -> None:
    colour = shade_of(text(facts, "colour"), rng)
    ball = oval(0, 0.06, 0.94)
    if facts["pattern"] == "plain":
        pen.fill(ball, sphere(colour))
    else:
        second = COLOURS[text(facts, "second_colour")]
        turned = pen.at(0, 0.06, 0.94, rng.uniform(-25, 25))
        with turned.inside(oval(0, 0, 1)) as inner:
            inner.fill(oval(0, 0, 1.02), colour)
            for west, east in ((-1.0, -0.66), (-0.22, 0.3), (0.72, 1.0)):
                inner.fill(_lune(west, east), second)
        pen.veil(ball, (6, 4, 24), 0.0, 0.04, 0.44)
        pen.veil(ball, (6, 4, 24), 0.0, 0.0, 0.3, across=True)
    pen.glow(-0.34, -0.34, 0.34, 0.28, (255, 255, 255), 0.75)


def _lune(west: float, east: float) -> Outline:
    """The part of the unit ball between two meridians, given by where they cross the middle."""
    levels = [math.cos(math.pi * i / 16) for i in range(17)]
    left = [(west * math.sqrt(1 - y * y), y) for y in levels]
    return [*left, *((east * math.sqrt(1 - y * y), y) for y in reversed(levels))]


def _striped_half(rng: Random, colour: str) -> Attributes:
    if rng.random() < 0.5:
        return {"pattern": "plain"}
    return {"pattern": "striped", "second_colour": rng.choice(contrasting(colour))}


def _ball_words(facts: Attributes) -> tuple[str, str]:
    if facts["pattern"] == "plain":
        return text(facts, "colour"), ""
    return f"{facts['colour']} and {facts['second_colour']} striped", ""


def _football(pen: Pen, facts: Attributes, rng: Random) -> None:
    ball = oval(0, 0.06, 0.94)
    turned = pen.at(0, 0.06, 0.94, rng.uniform(0, 72))
    with turned.inside(oval(0, 0, 1)) as inner:
        inner.fill(oval(0, 0, 1.02), (250, 250, 248))
        ink: Colour = (34, 34, 38)
        for i in range(5):
            sector = inner.at(0, 0, angle=72 * i)
            sector.line([(0, -0.3), (0, -0.5)], ink, 0.035)
            sector.at(0, -0.8, squeeze=1.15).fill(regular(0, 0, 0.3, 5, 90), ink)
            sector.line([(0.328, -0.707), (0.571, -0.530)], ink, 0.035)
        inner.fill(regular(0, 0, 0.33, 5), ink)
    pen.veil(ball, (6, 4, 24), 0.0, 0.03, 0.4)
    pen.glow(-0.34, -0.34, 0.32, 0.26, (255, 255, 255), 0.5)


def _balloon(pen: Pen, facts: Attributes, rng: Random) -> None:
    colour = shade_of(text(facts, "colour"), rng)
    pen.line(
        smooth([(0, 0.36), (0.08, 0.56), (-0.06, 0.78), (0.03, 1.0)], closed=False),
        (120, 120, 126),
        0.018,
    )
    pen.fill([(0, 0.28), (0.09, 0.4), (-0.09, 0.4)], dark(colour, 0.2))
    body = smooth(
        [
            (0, -0.98),
            (0.42, -0.84),
            (0.58, -0.42),
            (0.38, 0.08),
            (0, 0.32),
            (-0.38, 0.08),
            (-0.58, -0.42),
            (-0.42, -0.84),
        ]
    )
    pen.fill(body, sphere(colour))
    pen.glow(-0.24, -0.6, 0.14, 0.22, (255, 255, 255), 0.85)


def _teddy(pen: Pen, facts: Attributes, rng: Random) -> None:
    fur = shade_of(text(facts, "colour"), rng)
    pale, bow = mix(fur, (255, 240, 214), 0.55), COLOURS[text(facts, "bow")]
    for side in (-1, 1):
        pen.fill(oval(side * 0.42, -0.8, 0.2), dark(fur, 0.1))
        pen.fill(oval(side * 0.42, -0.8, 0.12), pale)
        pen.fill(oval(side * 0.56, 0.26, 0.2, 0.36, side * -32), dark(fur, 0.12))
    pen.fill(oval(0, 0.42, 0.56, 0.54), sphere(fur))
    pen.fill(oval(0, 0.48, 0.36, 0.36), pale)
    for side in (-1, 1):
        pen.fill(oval(side * 0.48, 0.78, 0.25, 0.22), sphere(fur))
        pen.fill(oval(side * 0.5, 0.8, 0.15, 0.14), pale)
    pen.fill(oval(0, -0.42, 0.54, 0.48), sphere(fur))
    pen.fill(oval(0, -0.26, 0.26, 0.2), pale)
    pen.fill(oval(0, -0.36, 0.09, 0.065), (40, 30, 30))
    pen.line(arc(0, -0.25, 0.09, 0.08, 10, 170), (60, 40, 36), 0.025)
    for side in (-1, 1):
        pen.fill(oval(side * 0.2, -0.52, 0.062), (30, 26, 30))
        pen.dot(side * 0.2 - 0.02, -0.54, 0.02, (255, 255, 255))
        pen.fill(smooth([(0, 0.02), (side * 0.26, -0.1), (side * 0.26, 0.14)]), bow)
    pen.fill(oval(0, 0.02, 0.07), dark(bow, 0.2))


def _toy_car(pen: Pen, facts: Attributes, rng: Random) -> None:
    car_from_side(pen, 0, 1.0, 0.98, shade_of(text(facts, "colour"), rng), False)


KINDS = tuple(
    product.kind()
    for product in (
        Product(
            "ball",
            (("ball", "balls"), ("beach ball", "beach balls")),
            _ball,
            place="outdoors",
            breadth=0.95,
            counts=(1, 1, 2, 3, 4),
            details=_striped_half,
            describe=_ball_words,
        ),
        Product(
            "football",
            (("football", "footballs"), ("soccer ball", "soccer balls")),
            _football,
            ("black",),
            "outdoors",
            0.95,
            (1, 1, 1, 2),
            describe=lambda f: ("black and white", ""),
        ),
        Product(
            "balloon",
            (("balloon", "balloons"), ("party balloon", "party balloons")),
            _balloon,
            place="outdoors",
            breadth=0.62,
            counts=(1, 2, 3, 4),
        ),
        Product(
            "teddy bear",
            (("teddy bear", "teddy bears"), ("stuffed bear", "stuffed bears")),
            _teddy,
            ("brown", "white", "pink", "grey", "yellow", "blue"),
            breadth=0.75,
            counts=(1, 1, 1, 2),
            details=lambda rng, c: {
                "bow": rng.choice(
                    ("red", "blue", "green") if c not in ("blue",) else ("red", "yellow")
                )
            },
            describe=lambda f: (text(f, "colour"), each_with(whole(f, "count"), f"{f['bow']} bow")),
        ),
        Product(
            "toy car",
            (("toy car", "toy cars"), ("model car", "model cars")),
            _toy_car,
            breadth=1.0,
            counts=(1, 1, 1, 2),
        ),
    )
)
