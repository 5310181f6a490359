"""Shoes and boots."""

from __future__ import annotations

from random import Random

from engine.sample.kind import Attributes, text
from engine.sample.paint import (
    across,
    down,
)
from engine.sample.palette import COLOURS, Colour, contrasting, dark, light, mix, shade_of
from engine.sample.pen import Pen
from engine.sample.shapes import box, smooth
from engine.sample.stage import Product


def _shoe(pen: Pen, colour: Colour, laces: Colour, sole: Colour) -> None:
    """One sneaker, toe to the right, within (-1, -0.6) and (1, 0.55)."""
    upper = smooth(
        [
            (-0.92, 0.4),
            (-0.96, -0.1),
            (-0.86, -0.52),
            (-0.6, -0.46),
            (-0.34, -0.5),
            (-0.05, -0.2),
            (0.4, 0.02),
            (0.82, 0.12),
            (0.97, 0.4),
        ]
    )
    pen.fill(upper, down(light(colour, 0.16), colour, dark(colour, 0.22)))
    pen.fill(smooth([(-0.86, -0.5), (-0.6, -0.6), (-0.36, -0.5), (-0.58, -0.4)]), dark(colour, 0.5))
    toe = smooth([(0.52, 0.4), (0.6, 0.14), (0.84, 0.14), (0.97, 0.38)])
    pen.fill(toe, mix(sole, colour, 0.12))
    pen.fill(
        smooth([(-0.92, 0.36), (-0.93, -0.02), (-0.68, 0.06), (-0.6, 0.38)]), dark(colour, 0.2)
    )
    pen.fill(
        smooth(
            [(-0.36, -0.5), (-0.05, -0.22), (0.36, 0.0), (0.18, 0.1), (-0.2, -0.08), (-0.46, -0.34)]
        ),
        dark(colour, 0.14),
    )
    for i in range(5):
        x, y = -0.36 + i * 0.14, -0.42 + i * 0.1
        pen.line([(x - 0.07, y + 0.16), (x + 0.075, y - 0.02)], laces, 0.06)
    for tip in ((-0.62, -0.24), (-0.3, -0.16)):
        pen.line(
            smooth([(-0.38, -0.42), ((tip[0] - 0.38) / 2, -0.58), tip], closed=False), laces, 0.035
        )
    base = [
        *smooth([(-0.96, 0.34), (-0.3, 0.4), (0.4, 0.37), (1.0, 0.3)], closed=False),
        (1.02, 0.44),
        (0.9, 0.55),
        (-0.92, 0.55),
        (-0.99, 0.46),
    ]
    pen.fill(base, down(light(sole, 0.3), dark(sole, 0.12)))
    pen.line([(-0.93, 0.48), (0.97, 0.48)], dark(sole, 0.25), 0.02)


def _shoes(pen: Pen, facts: Attributes, rng: Random) -> None:
    colour, laces = shade_of(text(facts, "colour"), rng), COLOURS[text(facts, "laces")]
    sole = (244, 243, 238) if text(facts, "colour") not in ("white", "grey") else (150, 112, 82)
    pen.glow(0.1, 0.52, 0.9, 0.12, (16, 14, 26), 0.5)
    _shoe(pen.at(0.16, 0.02, 0.8), dark(colour, 0.08), laces, dark(sole, 0.06))
    pen.glow(-0.1, 0.98, 0.95, 0.12, (16, 14, 26), 0.5)
    _shoe(pen.at(-0.14, 0.53, 0.84), colour, laces, sole)


def _shoe_details(rng: Random, colour: str) -> Attributes:
    liked = [c for c in contrasting(colour) if c in ("white", "black", "yellow", "red", "blue")]
    return {"laces": rng.choice(liked + [c for c in liked if c == "white"] * 2)}


def _boots(pen: Pen, facts: Attributes, rng: Random) -> None:
    colour = shade_of(text(facts, "colour"), rng)
    for dx, dy, tone in ((0.28, -0.12, dark(colour, 0.14)), (-0.22, 0.02, colour)):
        boot = pen.at(dx, dy)
        boot.glow(0.1, 0.95, 0.62, 0.1, (16, 14, 26), 0.6)
        shaft = [
            (-0.42, -0.9),
            (0.1, -0.9),
            *smooth(
                [(0.11, -0.4), (0.1, 0.3), (0.4, 0.5), (0.6, 0.72), (0.58, 0.88)], closed=False
            ),
            (-0.42, 0.88),
            (-0.36, 0.2),
        ]
        boot.fill(shaft, across(dark(tone, 0.12), light(tone, 0.16), tone, dark(tone, 0.3)))
        boot.fill(box(-0.44, -0.96, 0.12, -0.78, 0.04), light(tone, 0.22))
        boot.fill(
            [(-0.44, 0.86), (0.61, 0.86), (0.6, 0.95), (-0.08, 0.95), (-0.08, 1.0), (-0.44, 1.0)],
            dark(tone, 0.55),
        )


_RUBBER = ("red", "yellow", "green", "blue", "black", "brown", "pink", "turquoise")


KINDS = tuple(
    product.kind()
    for product in (
        Product(
            "shoes",
            (("shoe", "shoes"), ("sneaker", "sneakers")),
            _shoes,
            place="floor",
            counts=(1, 1, 1, 1, 2),
            pair=True,
            details=_shoe_details,
            describe=lambda f: (text(f, "colour"), f"with {f['laces']} laces"),
        ),
        Product(
            "boots",
            (("boot", "boots"), ("rubber boot", "rubber boots")),
            _boots,
            _RUBBER,
            "floor",
            counts=(1, 1, 1, 2),
            pair=True,
        ),
    )
)
