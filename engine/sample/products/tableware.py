"""Mugs, cups, teapots, bottles, glasses, pots."""

from __future__ import annotations

from random import Random

from engine.sample.kind import Attributes, text
from engine.sample.paint import (
    Paint,
    across,
    down,
    stripes,
    tube,
)
from engine.sample.palette import COLOURS, Colour, contrasting, dark, light, mix, shade_of
from engine.sample.pen import Pen
from engine.sample.shapes import Outline, arc, box, mirrored, oval, smooth
from engine.sample.stage import Product


def glaze(pen: Pen, outline: Outline, paint: Paint, gloss: float = -0.45) -> None:
    """Fired clay: the paint, light from the left, and a gloss at x = `gloss`."""
    pen.fill(outline, paint)
    pen.veil(outline, (8, 6, 24), 0.2, 0.0, 0.0, 0.12, 0.36, across=True)
    with pen.inside(outline) as inner:
        inner.glow(gloss, -0.05, 0.12, 0.7, (255, 255, 255), 0.5)


def _mug(pen: Pen, facts: Attributes, rng: Random) -> None:
    colour = shade_of(text(facts, "colour"), rng)
    pen.line(arc(0.5, 0.22, 0.4, 0.38, -75, 80), dark(colour, 0.24), 0.17)
    pen.line(arc(0.49, 0.2, 0.4, 0.38, -75, 80), light(colour, 0.06), 0.08)
    body = [
        *arc(-0.1, -0.5, 0.66, 0.15, 0, 180),
        (-0.76, 0.74),
        *arc(-0.1, 0.84, 0.64, 0.16, 180, 0),
    ]
    paint = down(colour, colour)
    if facts["pattern"] == "striped":
        paint = stripes(colour, COLOURS[text(facts, "second_colour")], 7)
    glaze(pen, body, paint)
    pen.fill(oval(-0.1, -0.5, 0.66, 0.16), light(colour, 0.3))
    inside = oval(-0.1, -0.485, 0.58, 0.12)
    pen.fill(inside, across(dark(colour, 0.5), dark(colour, 0.22)))
    with pen.inside(inside) as inner:
        inner.fill(oval(-0.1, -0.43, 0.56, 0.1), (84, 50, 32))


def _striped_sometimes(rng: Random, colour: str) -> Attributes:
    if rng.random() < 0.72:
        return {"pattern": "plain"}
    return {"pattern": "striped", "second_colour": rng.choice(contrasting(colour))}


def _striped_words(facts: Attributes) -> tuple[str, str]:
    if facts["pattern"] == "plain":
        return text(facts, "colour"), ""
    return f"{facts['colour']} and {facts['second_colour']} striped", ""


def _teacup(pen: Pen, facts: Attributes, rng: Random) -> None:
    colour = shade_of(text(facts, "colour"), rng)
    pen.fill(oval(0, 0.86, 0.96, 0.14), down(light(colour, 0.25), dark(colour, 0.2)))
    pen.fill(oval(0, 0.83, 0.8, 0.1), dark(colour, 0.1))
    pen.line(arc(0.58, 0.1, 0.28, 0.26, -100, 110), dark(colour, 0.2), 0.1)
    body = [
        *arc(0, -0.2, 0.68, 0.14, 0, 180),
        *smooth([(-0.68, -0.18), (-0.6, 0.34), (-0.3, 0.76)], closed=False),
        *smooth([(0.3, 0.76), (0.6, 0.34), (0.68, -0.18)], closed=False),
    ]
    glaze(pen, body, down(light(colour, 0.1), colour), -0.4)
    pen.fill(oval(0, -0.2, 0.68, 0.15), light(colour, 0.35))
    pen.fill(oval(0, -0.18, 0.6, 0.11), (172, 98, 40))
    for x in (-0.2, 0.1):
        steam = smooth(
            [(x, -0.35), (x + 0.1, -0.55), (x - 0.04, -0.75), (x + 0.06, -0.96)], closed=False
        )
        pen.veil(
            [*steam, *((sx + 0.07, sy) for sx, sy in reversed(steam))],
            (255, 255, 255),
            0.0,
            0.6,
            0.3,
        )


def _teapot(pen: Pen, facts: Attributes, rng: Random) -> None:
    colour = shade_of(text(facts, "colour"), rng)
    pen.line(arc(-0.56, 0.3, 0.36, 0.36, 95, 270), dark(colour, 0.2), 0.12)
    spout = smooth(
        [(0.4, 0.5), (0.66, 0.3), (0.74, -0.08), (0.98, -0.14), (0.9, 0.1), (0.8, 0.56), (0.5, 0.8)]
    )
    pen.fill(spout, across(colour, dark(colour, 0.28)))
    body = smooth(
        [
            (-0.3, -0.3),
            (0.3, -0.3),
            (0.64, 0.1),
            (0.66, 0.6),
            (0.36, 0.97),
            (-0.36, 0.97),
            (-0.66, 0.6),
            (-0.64, 0.1),
        ]
    )
    glaze(pen, body, down(light(colour, 0.12), colour, dark(colour, 0.12)), -0.36)
    lid = [*arc(0, -0.26, 0.38, 0.26, 180, 360), *arc(0, -0.26, 0.38, 0.08, 0, 180)]
    pen.fill(lid, across(light(colour, 0.16), colour, dark(colour, 0.3)))
    pen.line(arc(0, -0.26, 0.38, 0.08, 0, 180), dark(colour, 0.35), 0.025)
    pen.fill(oval(0, -0.58, 0.11), light(colour, 0.14))


def _bottle(pen: Pen, facts: Attributes, rng: Random) -> None:
    colour = shade_of(text(facts, "colour"), rng)
    half = [
        (0.0, -0.96),
        (0.11, -0.96),
        (0.12, -0.5),
        (0.16, -0.38),
        (0.32, -0.14),
        (0.34, 0.0),
        (0.34, 0.92),
        (0.28, 1.0),
        (0.0, 1.0),
    ]
    outline = mirrored(half)
    glass = mix(colour, (255, 255, 255), 0.1)
    pen.fill(outline, across(dark(glass, 0.3), light(glass, 0.24), glass, glass, dark(glass, 0.34)))
    pen.veil(box(-0.26, -0.06, -0.18, 0.9, 0.04), (255, 255, 255), 0.65, 0.25)
    pen.veil(box(-0.07, -0.9, -0.035, -0.5, 0.02), (255, 255, 255), 0.6, 0.3)
    pen.fill(box(-0.135, -1.0, 0.135, -0.82, 0.03), across((190, 150, 104), (150, 108, 70)))
    pen.fill(
        box(-0.342, 0.2, 0.342, 0.66), across((214, 208, 194), (250, 246, 236), (206, 200, 186))
    )
    pen.fill(oval(0, 0.4, 0.13, 0.12), dark(colour, 0.1))
    pen.line([(-0.2, 0.58), (0.2, 0.58)], (120, 110, 100), 0.02)


def _wine_glass(pen: Pen, facts: Attributes, rng: Random) -> None:
    wine: Colour = {"red": (140, 16, 40), "white": (240, 220, 130)}[text(facts, "drink")]
    rim = (206, 220, 230)
    pen.fill(oval(0, 0.92, 0.4, 0.08), (214, 226, 234))
    pen.line(oval(0, 0.92, 0.4, 0.08), (160, 176, 188), 0.015)
    pen.line([(0, 0.9), (0, 0.1)], (186, 202, 212), 0.05)
    pen.line([(-0.012, 0.88), (-0.012, 0.1)], (250, 252, 254), 0.015)
    bowl = [
        *smooth(
            [
                (-0.36, -0.92),
                (-0.48, -0.4),
                (-0.38, 0.0),
                (0, 0.16),
                (0.38, 0.0),
                (0.48, -0.4),
                (0.36, -0.92),
            ],
            closed=False,
        )
    ]
    pen.veil(bowl, (226, 238, 246), 0.75, 0.5)
    with pen.inside(bowl) as inner:
        inner.fill(
            box(-0.6, -0.36, 0.6, 0.3), across(dark(wine, 0.1), light(wine, 0.1), dark(wine, 0.25))
        )
        inner.fill(oval(0, -0.36, 0.48, 0.07), light(wine, 0.18))
    pen.line(bowl, rim, 0.02)
    pen.line(oval(0, -0.92, 0.36, 0.05), rim, 0.018)
    pen.veil(
        smooth([(-0.3, -0.8), (-0.4, -0.4), (-0.32, -0.1), (-0.34, -0.4)]),
        (255, 255, 255),
        0.8,
        0.4,
    )


def _pan(pen: Pen, facts: Attributes, rng: Random) -> None:
    colour = shade_of(text(facts, "colour"), rng)
    for side in (-1, 1):
        pen.line(
            arc(side * 0.72, 0.2, 0.2, 0.12, -90 if side > 0 else 90, 90 if side > 0 else 270),
            dark(colour, 0.45),
            0.08,
        )
    body = [
        (-0.74, -0.1),
        (0.74, -0.1),
        *arc(0.6, 0.84, 0.14, 0.16, 0, 90),
        *arc(-0.6, 0.84, 0.14, 0.16, 90, 180),
    ]
    pen.fill(body, tube(colour))
    lid = [*arc(0, -0.12, 0.78, 0.4, 180, 360), *arc(0, -0.12, 0.78, 0.06, 0, 180)]
    pen.fill(lid, across(light(colour, 0.3), light(colour, 0.08), dark(colour, 0.24)))
    pen.line([(-0.78, -0.1), (0.78, -0.1)], dark(colour, 0.4), 0.03)
    pen.fill(oval(0, -0.56, 0.13, 0.09), dark(colour, 0.5))


KINDS = tuple(
    product.kind()
    for product in (
        Product(
            "mug",
            (("mug", "mugs"), ("coffee mug", "coffee mugs")),
            _mug,
            counts=(1, 1, 1, 2, 3, 4),
            details=_striped_sometimes,
            describe=_striped_words,
        ),
        Product(
            "teacup",
            (("teacup", "teacups"), ("cup of tea", "cups of tea")),
            _teacup,
            counts=(1, 1, 1, 2),
        ),
        Product(
            "teapot",
            (("teapot", "teapots"), ("ceramic teapot", "ceramic teapots")),
            _teapot,
            counts=(1, 1, 1, 2),
        ),
        Product(
            "bottle",
            (("glass bottle", "glass bottles"), ("bottle", "bottles")),
            _bottle,
            ("green", "brown", "blue", "red", "turquoise", "purple", "orange", "yellow"),
            breadth=0.38,
            counts=(1, 1, 2, 3, 4),
        ),
        Product(
            "wine glass",
            (("wine glass", "wine glasses"), ("glass", "glasses")),
            _wine_glass,
            ("red", "white"),
            breadth=0.5,
            counts=(1, 1, 2),
            details=lambda rng, c: {"drink": c},
            describe=lambda f: ("", f"with {f['drink']} wine"),
        ),
        Product(
            "cooking pot",
            (("cooking pot", "cooking pots"), ("saucepan", "saucepans")),
            _pan,
            breadth=0.95,
            counts=(1, 1, 1, 2),
        ),
    )
)
