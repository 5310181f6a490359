"""Clothes, laid flat: shirts, dresses, trousers."""

from __future__ import annotations

from random import Random

from engine.sample.kind import Attributes, text
from engine.sample.palette import COLOURS, Colour, dark, light
from engine.sample.pen import Pen
from engine.sample.products.cloth import cloth_details, cloth_of, cloth_words, sew
from engine.sample.shapes import arc, mirrored, smooth
from engine.sample.stage import Product


def _fold(pen: Pen, *points: tuple[float, float]) -> None:
    """A crease: a thin dark veil along a soft curve."""
    line = smooth(points, closed=False)
    back = [(x + 0.03, y) for x, y in reversed(line)]
    pen.veil([*line, *back], (10, 8, 30), 0.05, 0.2, 0.05)


def _thread(facts: Attributes) -> Colour:
    colour = COLOURS[text(facts, "colour")]
    return light(colour, 0.3) if sum(colour) < 240 else dark(colour, 0.3)


def _shirt(pen: Pen, facts: Attributes, rng: Random) -> None:
    half = [(0.2, -0.86), (0.5, -0.76), (0.98, -0.3), (0.72, -0.04), (0.53, -0.26), (0.55, 0.86)]
    outline = mirrored(half)
    cloth = cloth_of(facts, rng)
    sew(pen, outline, cloth)
    seam = _thread(facts)
    for side in (-1, 1):
        pen.line([(side * 0.52, -0.72), (side * 0.53, -0.26)], seam, 0.014)
        pen.line([(side * 0.91, -0.38), (side * 0.65, -0.12)], seam, 0.014)
        _fold(pen, (side * 0.4, 0.0), (side * 0.3, 0.4), (side * 0.36, 0.8))
    pen.line([(-0.54, 0.8), (0.54, 0.8)], seam, 0.014)
    pen.fill([*arc(0, -0.87, 0.24, 0.2, 0, 180)], dark(COLOURS[text(facts, "colour")], 0.5))
    pen.line(arc(0, -0.87, 0.24, 0.2, 2, 178), seam, 0.035)


def _collared(pen: Pen, facts: Attributes, rng: Random) -> None:
    half = [
        (0.2, -0.84),
        (0.5, -0.76),
        (0.74, -0.5),
        (0.98, 0.56),
        (0.76, 0.62),
        (0.55, -0.1),
        (0.56, 0.86),
    ]
    sew(pen, mirrored(half), cloth_of(facts, rng))
    seam, colour = _thread(facts), COLOURS[text(facts, "colour")]
    for side in (-1, 1):
        pen.line([(side * 0.97, 0.46), (side * 0.73, 0.53)], seam, 0.016)
        _fold(pen, (side * 0.4, -0.1), (side * 0.32, 0.35), (side * 0.38, 0.8))
    pen.fill([*arc(0, -0.85, 0.2, 0.14, 0, 180)], dark(colour, 0.5))
    for side in (-1, 1):
        collar = [(0, -0.66), (side * 0.22, -0.9), (side * 0.31, -0.78), (side * 0.15, -0.54)]
        pen.fill(collar, light(colour, 0.16))
        pen.line([*collar, collar[0]], dark(colour, 0.2), 0.01)
    pen.line([(0, -0.66), (0, 0.85)], dark(colour, 0.25), 0.014)
    for i in range(6):
        pen.dot(0.035, -0.5 + i * 0.24, 0.028, seam if sum(colour) > 240 else (236, 236, 236))


def _dress(pen: Pen, facts: Attributes, rng: Random) -> None:
    half = [(0.1, -0.7), (0.17, -0.94), (0.27, -0.92), (0.27, -0.66), (0.34, -0.52), (0.24, -0.16)]
    hem = [(0.42, 0.2), (0.6, 0.6), (0.74, 0.88), (0.5, 0.95), (0.25, 0.91), (0.0, 0.95)]
    outline = mirrored([(0.0, -0.62), *half, *hem])
    sew(pen, outline, cloth_of(facts, rng, 11))
    colour = COLOURS[text(facts, "colour")]
    belt = text(facts, "second_colour") if "second_colour" in facts else ""
    tone = COLOURS[belt] if belt else dark(colour, 0.3)
    pen.fill([(-0.245, -0.2), (0.245, -0.2), (0.26, -0.1), (-0.26, -0.1)], tone)
    for x0, x1 in ((-0.16, -0.46), (-0.05, -0.14), (0.06, 0.2), (0.16, 0.5)):
        _fold(pen, (x0, -0.08), ((x0 + x1) / 2, 0.4), (x1, 0.88))


def _trousers(pen: Pen, facts: Attributes, rng: Random) -> None:
    outline = [
        (-0.4, -0.92),
        (0.4, -0.92),
        (0.5, -0.3),
        (0.47, 0.94),
        (0.13, 0.94),
        (0.02, -0.22),
        (-0.02, -0.22),
        (-0.13, 0.94),
        (-0.47, 0.94),
        (-0.5, -0.3),
    ]
    sew(pen, outline, cloth_of(facts, rng, 10))
    seam, colour = _thread(facts), COLOURS[text(facts, "colour")]
    pen.fill([(-0.4, -0.92), (0.4, -0.92), (0.415, -0.8), (-0.415, -0.8)], dark(colour, 0.2))
    pen.line([(0, -0.8), (0, -0.24)], seam, 0.014)
    for side in (-1, 1):
        pen.line(
            smooth([(side * 0.24, -0.8), (side * 0.3, -0.62), (side * 0.45, -0.56)], closed=False),
            seam,
            0.016,
        )
        pen.line([(side * 0.3, -0.3), (side * 0.3, 0.9)], dark(colour, 0.16), 0.012)
        pen.line([(side * 0.14, 0.87), (side * 0.47, 0.87)], seam, 0.012)
        pen.fill(
            [(side * 0.26, -0.94), (side * 0.3, -0.94), (side * 0.31, -0.78), (side * 0.27, -0.78)],
            dark(colour, 0.32),
        )
    pen.dot(0, -0.86, 0.035, (222, 196, 120))


KINDS = tuple(
    product.kind()
    for product in (
        Product(
            "t-shirt",
            (("t-shirt", "t-shirts"), ("shirt", "shirts")),
            _shirt,
            place="flat",
            counts=(1, 1, 1, 2),
            details=cloth_details,
            describe=cloth_words,
        ),
        Product(
            "shirt",
            (("shirt", "shirts"), ("buttoned shirt", "buttoned shirts")),
            _collared,
            place="flat",
            counts=(1, 1, 1, 2),
            details=cloth_details,
            describe=cloth_words,
        ),
        Product(
            "dress",
            (("dress", "dresses"), ("summer dress", "summer dresses")),
            _dress,
            place="flat",
            counts=(1, 1, 1, 2),
            breadth=0.75,
            details=cloth_details,
            describe=cloth_words,
        ),
        Product(
            "trousers",
            (("trousers", "trousers"), ("pants", "pants")),
            _trousers,
            place="flat",
            breadth=0.55,
            colours=("blue", "black", "grey", "brown", "red", "green", "white", "pink"),
            counts=(1, 1, 1, 2),
            pair=True,
            details=lambda rng, c: {"pattern": "plain"},
            describe=cloth_words,
        ),
    )
)
