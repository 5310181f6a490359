"""Umbrellas, glasses, ties."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from engine.sample.kind import Attributes, text
from engine.sample.paint import (
    across,
    down,
    tube,
)
from engine.sample.palette import COLOURS, contrasting, dark, light, shade_of
from engine.sample.pen import Pen
from engine.sample.shapes import arc, box, oval, smooth
from engine.sample.stage import Product


def _umbrella(pen: Pen, facts: Attributes, rng: Random) -> None:
    colour = shade_of(text(facts, "colour"), rng)
    pen.line([(0, -0.92), (0, 0.72)], (96, 70, 52), 0.05)
    pen.line(arc(0.13, 0.74, 0.13, 0.2, 0, 180), (96, 60, 40), 0.075)
    edge: list[tuple[float, float]] = []
    for i in range(4):
        edge += arc(0.72 - 0.48 * i, 0.06, 0.24, 0.12, 0, -180)
    dome = [*arc(0, 0.06, 0.96, 0.9, 180, 360), *edge]
    second = shade_of(text(facts, "second_colour"), rng) if "second_colour" in facts else None
    with pen.inside(dome) as inner:
        inner.fill(dome, tube(colour))
        for k, x in enumerate((-0.72, -0.24, 0.24, 0.72)):
            rib = smooth([(0, -0.86), (x * 0.62 - 0.02, -0.5), (x - 0.24, 0.08)], closed=False)
            other = smooth([(x + 0.24, 0.08), (x * 0.62 + 0.22, -0.5), (0, -0.86)], closed=False)
            if second and k % 2:
                inner.fill([*rib, *other], second)
            inner.line(rib, dark(colour, 0.24), 0.016)
        inner.veil(dome, (0, 0, 20), 0.0, 0.0, 0.1, 0.3, across=True)
    pen.line([(0, -0.84), (0, -0.98)], (80, 60, 50), 0.035)


def _umbrella_details(rng: Random, colour: str) -> Attributes:
    if rng.random() < 0.6:
        return {"pattern": "plain"}
    return {"pattern": "striped", "second_colour": rng.choice(contrasting(colour))}


def _umbrella_words(facts: Attributes) -> tuple[str, str]:
    if facts["pattern"] == "plain":
        return text(facts, "colour"), ""
    return f"{facts['colour']} and {facts['second_colour']}", ""


def _glasses(pen: Pen, facts: Attributes, rng: Random) -> None:
    frame = shade_of(text(facts, "colour"), rng)
    tinted = facts["lens"] == "dark"
    lens = (
        box(-0.36, -0.28, 0.36, 0.3, 0.24) if facts["shape"] == "square" else oval(0, 0, 0.35, 0.34)
    )
    for side in (-1, 1):
        temple = smooth(
            [(side * 0.84, -0.12), (side * 0.94, -0.36), (side * 0.8, -0.6)], closed=False
        )
        pen.line(temple, dark(frame, 0.3), 0.055)
    for side in (-1, 1):
        rim = pen.at(side * 0.48, 0.0)
        rim.shadow(lens, 0.03, 0.08, 0.04, 0.3)
        if tinted:
            rim.fill(lens, down((26, 28, 36), (84, 86, 98)))
        else:
            rim.veil(lens, (214, 232, 244), 0.75, 0.5)
        rim.veil(
            [(-0.2, -0.2), (-0.02, -0.26), (-0.18, 0.22), (-0.28, 0.1)], (255, 255, 255), 0.4, 0.1
        )
        rim.line([*lens, lens[0]], frame, 0.085 if facts["shape"] == "square" else 0.065)
    pen.line(arc(0, -0.02, 0.14, 0.12, 195, 345), frame, 0.07)


def _lens(dark_lens: bool) -> Callable[[Random, str], Attributes]:
    def details(rng: Random, colour: str) -> Attributes:
        return {"lens": "dark" if dark_lens else "clear", "shape": rng.choice(("round", "square"))}

    return details


def _tie(pen: Pen, facts: Attributes, rng: Random) -> None:
    colour = shade_of(text(facts, "colour"), rng)
    blade = [(-0.1, -0.64), (0.1, -0.64), (0.3, 0.66), (0, 0.98), (-0.3, 0.66)]
    pen.shadow(blade, 0.03, 0.05, 0.04, 0.4)
    pen.fill(blade, across(light(colour, 0.12), colour, dark(colour, 0.2)))
    if facts["pattern"] == "striped":
        second = COLOURS[text(facts, "second_colour")]
        with pen.inside(blade) as inner:
            for i in range(6):
                y = -0.5 + i * 0.28
                inner.fill([(-0.4, y + 0.3), (0.4, y - 0.1), (0.4, y), (-0.4, y + 0.4)], second)
    pen.fill(
        [(-0.2, -0.96), (0.2, -0.96), (0.1, -0.62), (-0.1, -0.62)],
        down(light(colour, 0.2), dark(colour, 0.22)),
    )


def _tie_details(rng: Random, colour: str) -> Attributes:
    if rng.random() < 0.5:
        return {"pattern": "plain"}
    return {"pattern": "striped", "second_colour": rng.choice(contrasting(colour))}


def _tie_words(facts: Attributes) -> tuple[str, str]:
    if facts["pattern"] == "plain":
        return text(facts, "colour"), ""
    return f"{facts['colour']} and {facts['second_colour']} striped", ""


_FRAMES = ("black", "brown", "red", "blue", "green", "turquoise", "purple", "pink", "orange")


KINDS = tuple(
    product.kind()
    for product in (
        Product(
            "umbrella",
            (("umbrella", "umbrellas"), ("rain umbrella", "rain umbrellas")),
            _umbrella,
            place="floor",
            breadth=0.95,
            counts=(1, 1, 1, 2),
            details=_umbrella_details,
            describe=_umbrella_words,
        ),
        Product(
            "glasses",
            (("glasses", "glasses"), ("reading glasses", "reading glasses")),
            _glasses,
            _FRAMES,
            "desk",
            counts=(1, 1, 1, 2),
            pair=True,
            details=_lens(False),
            describe=lambda f: (f"{f['shape']} {f['colour']}", ""),
        ),
        Product(
            "sunglasses",
            (("sunglasses", "sunglasses"),),
            _glasses,
            _FRAMES,
            "desk",
            counts=(1, 1, 1, 2),
            pair=True,
            details=_lens(True),
            describe=lambda f: (text(f, "colour"), "with dark lenses"),
        ),
        Product(
            "tie",
            (("tie", "ties"), ("necktie", "neckties")),
            _tie,
            place="flat",
            breadth=0.4,
            details=_tie_details,
            describe=_tie_words,
        ),
    )
)
