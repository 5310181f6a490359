"""Tables, floor lamps, bookshelves."""

from __future__ import annotations

from random import Random

from engine.sample.kind import Attributes, text
from engine.sample.paint import (
    across,
    down,
    grain,
)
from engine.sample.palette import dark, light, shade_of
from engine.sample.pen import Pen
from engine.sample.products.seats import legs
from engine.sample.shapes import arc, box, oval
from engine.sample.stage import Product


def _table(pen: Pen, facts: Attributes, rng: Random) -> None:
    colour = shade_of(text(facts, "colour"), rng)
    legs(pen, (-0.56, 0.56), 0.2, dark(colour, 0.35), 0.08)
    legs(pen, (-0.8, 0.8), 0.2, dark(colour, 0.1), 0.11)
    pen.fill(box(-0.84, 0.14, 0.84, 0.34), across(dark(colour, 0.1), dark(colour, 0.3)))
    top = [(-0.7, -0.12), (0.7, -0.12), (0.98, 0.12), (-0.98, 0.12)]
    pen.fill(
        top,
        grain(light(colour, 0.16), rng.getrandbits(30), 0.1)
        if facts["colour"] == "brown"
        else across(light(colour, 0.3), light(colour, 0.08)),
    )
    pen.fill(box(-0.98, 0.12, 0.98, 0.19), across(colour, dark(colour, 0.2)))


def _floor_lamp(pen: Pen, facts: Attributes, rng: Random) -> None:
    colour, lit = shade_of(text(facts, "colour"), rng), facts["lit"] == "yes"
    if lit:
        pen.glow(0, -0.55, 1.5, 1.3, (255, 226, 150), 0.9)
    pen.line([(0, 0.94), (0, -0.5)], (70, 66, 66), 0.045)
    pen.fill(oval(0, 0.94, 0.3, 0.055), across((100, 96, 96), (48, 46, 50)))
    shade = [*arc(0, -0.95, 0.24, 0.04, 180, 360), *arc(0, -0.42, 0.46, 0.07, 0, 180)]
    pen.fill(shade, across(light(colour, 0.14), colour, dark(colour, 0.24)))
    if lit:
        with pen.inside(shade) as inner:
            inner.glow(0, -0.58, 0.42, 0.42, (255, 246, 196), 0.75)


def _bookshelf(pen: Pen, facts: Attributes, rng: Random) -> None:
    colour = shade_of(text(facts, "colour"), rng)
    pen.fill(
        box(-0.66, -1.0, 0.66, 1.0, 0.03), across(light(colour, 0.12), colour, dark(colour, 0.16))
    )
    for shelf in range(4):
        top, bottom = -0.92 + shelf * 0.47, -0.5 + shelf * 0.47
        pen.fill(box(-0.58, top, 0.58, bottom), down(dark(colour, 0.55), dark(colour, 0.4)))
        x = -0.56
        while x < rng.uniform(0.3, 0.5):
            thick, high = rng.uniform(0.055, 0.11), rng.uniform(0.24, 0.37)
            spine = shade_of(
                rng.choice(
                    ("red", "blue", "green", "yellow", "orange", "white", "purple", "turquoise")
                ),
                rng,
                20,
            )
            pen.fill(
                box(x, bottom - high, x + thick, bottom),
                across(light(spine, 0.16), dark(spine, 0.2)),
            )
            pen.fill(
                box(x, bottom - high * 0.8, x + thick, bottom - high * 0.72), light(spine, 0.5)
            )
            x += thick + 0.006


KINDS = tuple(
    product.kind()
    for product in (
        Product(
            "table",
            (("table", "tables"), ("dining table", "dining tables")),
            _table,
            place="room",
            breadth=1.0,
            counts=(1,),
        ),
        Product(
            "floor lamp",
            (("floor lamp", "floor lamps"), ("standing lamp", "standing lamps")),
            _floor_lamp,
            place="room",
            breadth=0.5,
            counts=(1, 1, 1, 2),
            details=lambda rng, c: {"lit": rng.choice(("yes", "no"))},
            describe=lambda f: (
                f"lit {f['colour']}" if f["lit"] == "yes" else text(f, "colour"),
                "",
            ),
        ),
        Product(
            "bookshelf",
            (("bookshelf", "bookshelves"), ("bookcase", "bookcases")),
            _bookshelf,
            ("brown", "white", "black", "red", "grey", "green"),
            "room",
            0.7,
            (1,),
            describe=lambda f: (text(f, "colour"), "full of books"),
        ),
    )
)
