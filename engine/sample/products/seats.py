"""Chairs, sofas, beds."""

from __future__ import annotations

from random import Random

from engine.sample.kind import Attributes, text
from engine.sample.paint import (
    across,
    down,
)
from engine.sample.palette import COLOURS, Colour, contrasting, dark, light, shade_of
from engine.sample.pen import Pen
from engine.sample.shapes import box, smooth
from engine.sample.stage import Product

_WOOD: Colour = (168, 116, 72)


def legs(pen: Pen, xs: tuple[float, ...], top: float, colour: Colour, width: float = 0.08) -> None:
    """Legs from `top` to the floor, splayed a little."""
    for x in xs:
        splay = 0.06 if x > 0 else -0.06
        pen.fill(
            [
                (x - width / 2, top),
                (x + width / 2, top),
                (x + splay + width / 3, 1.0),
                (x + splay - width / 3, 1.0),
            ],
            across(light(colour, 0.12), dark(colour, 0.3)),
        )


def _chair(pen: Pen, facts: Attributes, rng: Random) -> None:
    colour = shade_of(text(facts, "colour"), rng)
    wooden = facts["material"] == "wooden"
    leg = colour if wooden else _WOOD
    legs(pen, (-0.22, 0.46), 0.2, dark(leg, 0.3), 0.07)
    if wooden:
        for x in (-0.42, 0.3):
            pen.line([(x, 0.2), (x - 0.06, -0.94)], dark(colour, 0.16), 0.1)
        for y in (-0.82, -0.5, -0.18):
            pen.fill(
                smooth(
                    [
                        (-0.48, y),
                        (-0.08, y - 0.07),
                        (0.28, y),
                        (0.28, y + 0.17),
                        (-0.08, y + 0.11),
                        (-0.48, y + 0.17),
                    ]
                ),
                down(light(colour, 0.14), dark(colour, 0.1)),
            )
    else:
        back = smooth(
            [
                (-0.5, 0.2),
                (-0.56, -0.6),
                (-0.4, -0.96),
                (-0.05, -1.0),
                (0.26, -0.94),
                (0.36, -0.6),
                (0.32, 0.2),
            ]
        )
        pen.fill(back, across(light(colour, 0.14), colour, dark(colour, 0.18)))
        pen.veil(
            smooth([(-0.38, 0.1), (-0.42, -0.6), (-0.05, -0.84), (0.22, -0.6), (0.2, 0.1)]),
            (255, 255, 255),
            0.16,
            0.0,
        )
    seat = smooth(
        [(-0.52, 0.14), (0.34, 0.14), (0.62, 0.32), (0.5, 0.42), (-0.5, 0.42), (-0.62, 0.3)]
    )
    pen.fill(seat, down(light(colour, 0.2), colour, dark(colour, 0.26)))
    legs(pen, (-0.48, 0.46), 0.38, leg, 0.09)


def _chair_details(rng: Random, colour: str) -> Attributes:
    return {"material": "wooden" if colour == "brown" or rng.random() < 0.3 else "upholstered"}


def _sofa(pen: Pen, facts: Attributes, rng: Random) -> None:
    colour, cushion = shade_of(text(facts, "colour"), rng), COLOURS[text(facts, "cushions")]
    legs(pen, (-0.8, 0.8), 0.84, dark(_WOOD, 0.2), 0.07)
    pen.fill(
        box(-0.86, -0.06, 0.86, 0.7, 0.16), down(light(colour, 0.1), colour, dark(colour, 0.2))
    )
    pen.line([(0, 0.0), (0, 0.46)], dark(colour, 0.24), 0.02)
    for side in (-1, 1):
        pillow = pen.at(side * 0.5, 0.24, 0.22, side * 12)
        pillow.shadow(box(-0.9, -0.9, 0.9, 0.9, 0.2), 0.0, 0.08, 0.1, 0.3)
        pillow.fill(
            smooth(
                [(-1, -1), (0, -0.86), (1, -1), (0.86, 0), (1, 1), (0, 0.86), (-1, 1), (-0.86, 0)],
                steps=5,
            ),
            down(light(cushion, 0.16), dark(cushion, 0.12)),
        )
    for x in (-0.68, 0.01):
        pen.fill(box(x, 0.42, x + 0.67, 0.68, 0.08), down(light(colour, 0.22), colour))
    pen.fill(box(-0.8, 0.64, 0.8, 0.88, 0.05), down(dark(colour, 0.08), dark(colour, 0.3)))
    for side in (-1, 1):
        x0, x1 = (-1.0, -0.68) if side < 0 else (0.68, 1.0)
        pen.fill(
            box(x0, 0.16, x1, 0.88, 0.14), across(light(colour, 0.16), colour, dark(colour, 0.2))
        )


def _sofa_details(rng: Random, colour: str) -> Attributes:
    return {"cushions": rng.choice([c for c in contrasting(colour) if c not in ("black", "brown")])}


def _bed(pen: Pen, facts: Attributes, rng: Random) -> None:
    colour = shade_of(text(facts, "colour"), rng)
    pen.fill(box(-0.94, -0.5, 0.94, 0.6, 0.12), down(light(_WOOD, 0.12), _WOOD, dark(_WOOD, 0.2)))
    pen.fill(box(-0.9, 0.1, 0.9, 0.8, 0.06), (246, 244, 240))
    for x in (-0.46, 0.46):
        pillow = smooth(
            [
                (x - 0.34, -0.08),
                (x, -0.2),
                (x + 0.34, -0.08),
                (x + 0.36, 0.22),
                (x, 0.28),
                (x - 0.36, 0.22),
            ]
        )
        pen.fill(pillow, down((255, 255, 255), (222, 224, 230)))
    quilt = smooth(
        [(-0.96, 0.26), (0, 0.2), (0.96, 0.26), (1.0, 0.84), (0, 0.9), (-1.0, 0.84)], steps=5
    )
    pen.fill(quilt, down(light(colour, 0.2), colour, dark(colour, 0.22)))
    pen.fill(
        smooth([(-0.95, 0.26), (0, 0.2), (0.95, 0.26), (0.96, 0.4), (0, 0.35), (-0.96, 0.4)]),
        light(colour, 0.42),
    )
    for x in (-0.5, 0.1, 0.6):
        pen.veil(
            smooth([(x, 0.4), (x + 0.12, 0.6), (x + 0.02, 0.84), (x + 0.06, 0.6)]),
            (10, 8, 30),
            0.22,
            0.1,
        )
    for x in (-0.88, 0.8):
        pen.fill(box(x, 0.84, x + 0.08, 1.0), dark(_WOOD, 0.3))


KINDS = tuple(
    product.kind()
    for product in (
        Product(
            "chair",
            (("chair", "chairs"), ("dining chair", "dining chairs")),
            _chair,
            place="room",
            breadth=0.65,
            counts=(1, 1, 1, 2),
            details=_chair_details,
            describe=lambda f: (
                (text(f, "colour") + (" wooden" if f["material"] == "wooden" else "")),
                "",
            ),
        ),
        Product(
            "sofa",
            (("sofa", "sofas"), ("couch", "couches")),
            _sofa,
            place="room",
            breadth=1.0,
            counts=(1,),
            details=_sofa_details,
            describe=lambda f: (text(f, "colour"), f"with two {f['cushions']} cushions"),
        ),
        Product(
            "bed",
            (("bed", "beds"), ("double bed", "double beds")),
            _bed,
            place="room",
            breadth=1.0,
            counts=(1,),
            describe=lambda f: ("", f"with a {f['colour']} blanket"),
        ),
    )
)
