"""Eggs, cake, ice cream, doughnuts, pizza."""

from __future__ import annotations

import math
from random import Random

from engine.sample.kind import Attributes, text
from engine.sample.paint import (
    across,
    down,
    sphere,
)
from engine.sample.palette import COLOURS, Colour, dark, light, shade_of
from engine.sample.pen import Pen
from engine.sample.products.fruit import leaf
from engine.sample.shapes import arc, box, oval, smooth
from engine.sample.stage import UP_TO_FOUR, Product


def _cake(pen: Pen, facts: Attributes, rng: Random) -> None:
    icing = shade_of(text(facts, "colour"), rng)
    sponge: Colour = (222, 176, 112)
    pen.fill(oval(0, 0.88, 0.98, 0.12), down((250, 250, 250), (200, 204, 210)))
    body = [*arc(0, 0.0, 0.76, 0.16, 0, 180), (-0.76, 0.82), *arc(0, 0.82, 0.76, 0.12, 180, 0)]
    pen.fill(body, across(light(sponge, 0.16), sponge, dark(sponge, 0.25)))
    with pen.inside(body) as inner:
        inner.fill(
            [*arc(0, 0.44, 0.9, 0.14, 0, 180), *arc(0, 0.34, 0.9, 0.14, 180, 0)], light(icing, 0.2)
        )
    drip = [*arc(0, 0.0, 0.77, 0.17, 180, 360)]
    for i in range(8):
        x = 0.77 - 1.54 * (i + 0.5) / 8
        drip += arc(x, 0.14 + 0.09 * (i % 2) - 0.1 * (x / 0.77) ** 2 + 0.06, 0.096, 0.1, 0, 180)
    pen.fill(drip, across(light(icing, 0.14), icing, dark(icing, 0.22)))
    pen.fill(oval(0, 0.0, 0.76, 0.16), light(icing, 0.2))
    for i in range(5):
        x, y = -0.48 + i * 0.24, -0.04 + (0.05 if i % 2 else -0.03)
        candle = COLOURS[("red", "yellow", "blue", "green", "orange")[i]]
        pen.fill(box(x - 0.03, y - 0.4, x + 0.03, y + 0.03), across(light(candle, 0.3), candle))
        pen.glow(x, y - 0.5, 0.2, 0.2, (255, 214, 120), 0.7)
        pen.fill(
            smooth([(x, y - 0.4), (x + 0.05, y - 0.48), (x, y - 0.66), (x - 0.05, y - 0.48)]),
            (255, 150, 40),
        )


def _ice_cream(pen: Pen, facts: Attributes, rng: Random) -> None:
    scoop = shade_of(text(facts, "colour"), rng)
    cone = [(-0.4, -0.02), (0.4, -0.02), (0.03, 0.99), (-0.03, 0.99)]
    with pen.inside(cone) as inner:
        inner.fill(cone, (226, 168, 92))
        for i in range(-6, 9):
            inner.line([(i * 0.16 - 0.5, -0.1), (i * 0.16 + 0.1, 1.0)], (184, 122, 56), 0.022)
            inner.line([(i * 0.16 + 0.3, -0.1), (i * 0.16 - 0.3, 1.0)], (184, 122, 56), 0.022)
        inner.veil(cone, (40, 10, 0), 0.0, 0.1, 0.4, across=True)
    for x, y, r in ((0, -0.58, 0.38), (0, -0.2, 0.44)):
        pen.fill(oval(x, y, r), sphere(scoop))
    for i in range(5):
        pen.fill(oval(-0.36 + i * 0.18, 0.03 + 0.03 * (i % 2), 0.12, 0.09), dark(scoop, 0.1))
    pen.fill(oval(0.04, -0.96, 0.1), sphere((206, 24, 40)))


def _doughnut(pen: Pen, facts: Attributes, rng: Random) -> None:
    icing = shade_of(text(facts, "colour"), rng)
    pen.shadow(oval(0, 0, 0.92), 0.04, 0.08, 0.06, 0.45)
    pen.fill(oval(0, 0, 0.94), sphere((214, 156, 90)))
    wave = [
        (
            math.cos(t) * (0.8 + 0.045 * math.sin(7 * t)),
            math.sin(t) * (0.8 + 0.045 * math.sin(7 * t)),
        )
        for t in (math.tau * i / 60 for i in range(60))
    ]
    pen.fill(wave, sphere(icing))
    pen.fill(oval(0, 0, 0.34), (196, 138, 76))
    pen.fill(oval(0.015, 0.03, 0.28), (96, 62, 40))
    sprinkle = [
        c for c in ("yellow", "blue", "green", "white", "red", "pink") if c != facts["colour"]
    ]
    for i in range(34):
        t, r = math.tau * i / 34 + rng.uniform(-0.1, 0.1), rng.uniform(0.42, 0.7)
        bit = pen.at(r * math.cos(t), r * math.sin(t), 1, rng.uniform(0, 180))
        bit.line([(-0.045, 0), (0.045, 0)], COLOURS[rng.choice(sprinkle)], 0.038)


def _pizza(pen: Pen, facts: Attributes, rng: Random) -> None:
    pen.shadow(oval(0, 0, 0.95), 0.04, 0.07, 0.05, 0.45)
    pen.fill(oval(0, 0, 0.97), sphere((218, 164, 96)))
    pen.fill(oval(0, 0, 0.84), (204, 74, 44))
    pen.fill(oval(0, 0, 0.8), (246, 206, 104))
    for _ in range(16):
        t, r = rng.uniform(0, math.tau), rng.uniform(0.1, 0.72)
        pen.fill(
            oval(
                r * math.cos(t), r * math.sin(t), rng.uniform(0.06, 0.13), 0.07, rng.uniform(0, 90)
            ),
            (252, 226, 150),
        )
    for i in range(9):
        r, t = (
            (0.0, 0.0)
            if i == 0
            else (0.3 if i < 4 else 0.62, i * math.tau / (3 if i < 4 else 5) + 0.4)
        )
        x, y = r * math.cos(t), r * math.sin(t)
        if facts["topping"] == "salami":
            pen.fill(oval(x, y, 0.13), (150, 36, 34))
            pen.fill(oval(x - 0.01, y - 0.01, 0.11), (196, 58, 50))
        else:
            pen.fill(oval(x, y, 0.12), (206, 40, 34))
            pen.fill(oval(x - 0.02, y - 0.02, 0.08), (230, 84, 64))
        leaf(pen, x + 0.12, y + 0.1, 0.16, rng.uniform(-60, 60))
    for i in range(3):
        line = pen.at(0, 0, 1, 60 * i + 10)
        line.line([(-0.9, 0), (0.9, 0)], (186, 128, 70), 0.014)


def _egg_words(facts: Attributes) -> tuple[str, str]:
    return text(facts, "colour"), ""


def _egg(pen: Pen, facts: Attributes, rng: Random) -> None:
    tone: Colour = (214, 154, 108) if facts["colour"] == "brown" else (248, 244, 236)
    pen.fill(
        smooth(
            [
                (0, -0.9),
                (0.44, -0.52),
                (0.66, 0.24),
                (0.42, 0.84),
                (0, 1.0),
                (-0.42, 0.84),
                (-0.66, 0.24),
                (-0.44, -0.52),
            ]
        ),
        sphere(tone),
    )


KINDS = tuple(
    product.kind()
    for product in (
        Product(
            "egg",
            (("egg", "eggs"),),
            _egg,
            ("white", "brown"),
            breadth=0.7,
            counts=UP_TO_FOUR,
            describe=_egg_words,
        ),
        Product(
            "birthday cake",
            (("birthday cake", "birthday cakes"), ("cake", "cakes")),
            _cake,
            ("pink", "white", "brown", "turquoise", "purple", "yellow"),
            breadth=1.0,
            counts=(1,),
            describe=lambda f: (text(f, "colour"), "with candles"),
        ),
        Product(
            "ice cream",
            (("ice cream cone", "ice cream cones"), ("ice cream", "ice creams")),
            _ice_cream,
            ("pink", "white", "brown", "yellow", "green"),
            breadth=0.5,
            counts=(1, 1, 2, 3),
        ),
        Product(
            "doughnut",
            (("doughnut", "doughnuts"), ("donut", "donuts")),
            _doughnut,
            ("pink", "brown", "white", "turquoise", "yellow", "purple"),
            "desk",
            counts=UP_TO_FOUR,
            describe=lambda f: (text(f, "colour"), "with sprinkles"),
        ),
        Product(
            "pizza",
            (("pizza", "pizzas"),),
            _pizza,
            ("orange",),
            "desk",
            breadth=1.0,
            counts=(1,),
            details=lambda rng, c: {"topping": rng.choice(("salami", "tomatoes"))},
            describe=lambda f: ("", f"with {f['topping']}"),
        ),
    )
)
