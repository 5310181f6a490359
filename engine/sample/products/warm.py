"""Scarves, socks, hats and caps."""

from __future__ import annotations

from random import Random

from engine.sample.kind import Attributes, text, whole
from engine.sample.paint import (
    across,
    down,
)
from engine.sample.palette import COLOURS, contrasting, dark, light, shade_of
from engine.sample.pen import Pen
from engine.sample.products.cloth import cloth_details, cloth_of, cloth_words, sew
from engine.sample.shapes import arc, oval, smooth
from engine.sample.stage import Product
from engine.sample.words import each_with


def _scarf(pen: Pen, facts: Attributes, rng: Random) -> None:
    cloth = cloth_of(facts, rng, 9)
    for tail in (
        [(-0.1, -0.2), (0.3, -0.2), (0.62, 0.82), (0.22, 0.9)],
        [(-0.3, -0.2), (0.1, -0.2), (-0.12, 0.82), (-0.54, 0.78)],
    ):
        sew(pen, tail, cloth)
        (x0, y0), (x1, y1) = tail[3], tail[2]
        for i in range(7):
            x, y = x0 + (x1 - x0) * i / 6, y0 + (y1 - y0) * i / 6
            pen.line(
                [(x, y), (x + (0.03 if x0 > 0 else -0.02), y + 0.12)],
                COLOURS[text(facts, "colour")],
                0.024,
            )
    ring = smooth(
        [(-0.72, -0.5), (-0.4, -0.9), (0.4, -0.9), (0.72, -0.5), (0.4, -0.12), (-0.4, -0.12)]
    )
    sew(pen, ring, cloth)
    hole = smooth([(-0.4, -0.56), (0, -0.76), (0.4, -0.56), (0, -0.42)])
    pen.fill(hole, dark(COLOURS[text(facts, "colour")], 0.6))


def _socks(pen: Pen, facts: Attributes, rng: Random) -> None:
    cloth, colour = cloth_of(facts, rng, 11), COLOURS[text(facts, "colour")]
    for dx, tilt in ((-0.3, -5), (0.34, 4)):
        sock = pen.at(dx, 0, 0.95, tilt)
        outline = smooth(
            [
                (-0.2, -0.92),
                (0.16, -0.92),
                (0.17, -0.4),
                (0.2, 0.22),
                (0.5, 0.5),
                (0.62, 0.72),
                (0.45, 0.88),
                (0.1, 0.82),
                (-0.16, 0.6),
                (-0.22, 0.2),
                (-0.2, -0.4),
            ]
        )
        sew(sock, outline, cloth)
        with sock.inside(outline) as inner:
            end = dark(colour, 0.28) if sum(colour) > 240 else light(colour, 0.3)
            inner.fill(oval(0.58, 0.76, 0.22, 0.26, -30), end)
            inner.fill(oval(-0.2, 0.62, 0.24, 0.2, 40), end)
            inner.fill([(-0.4, -1), (0.4, -1), (0.4, -0.76), (-0.4, -0.76)], end)


def _hat(pen: Pen, facts: Attributes, rng: Random) -> None:
    colour, band = shade_of(text(facts, "colour"), rng), COLOURS[text(facts, "band")]
    brim = smooth(
        [(-0.98, 0.58), (-0.5, 0.44), (0.5, 0.44), (0.98, 0.58), (0.6, 0.9), (0, 1.0), (-0.6, 0.9)]
    )
    pen.fill(brim, down(light(colour, 0.1), dark(colour, 0.2)))
    crown = smooth(
        [
            (-0.58, 0.68),
            (-0.52, -0.12),
            (-0.36, -0.48),
            (0, -0.42),
            (0.36, -0.48),
            (0.52, -0.12),
            (0.58, 0.68),
            (0, 0.8),
        ]
    )
    with pen.inside(crown) as inner:
        inner.fill(crown, across(light(colour, 0.2), colour, dark(colour, 0.28)))
        inner.fill([*arc(0, 0.38, 0.7, 0.12, 180, 0), *arc(0, 0.7, 0.7, 0.12, 0, 180)], band)
        inner.veil(crown, (0, 0, 20), 0.0, 0.0, 0.3, across=True)
    pen.veil(smooth([(-0.3, -0.38), (0, -0.42), (0.3, -0.38), (0, -0.22)]), (0, 0, 20), 0.3, 0.1)


def _hat_details(rng: Random, colour: str) -> Attributes:
    liked = [c for c in contrasting(colour) if c in ("black", "white", "red", "blue")]
    return {"band": rng.choice(liked or ["black"])}


def _cap(pen: Pen, facts: Attributes, rng: Random) -> None:
    colour = shade_of(text(facts, "colour"), rng)
    crown = [*arc(-0.3, 0.66, 0.66, 0.88, 180, 360), *arc(-0.3, 0.68, 0.66, 0.24, 0, 180)]
    pen.fill(crown, across(light(colour, 0.18), colour, dark(colour, 0.26)))
    seam = dark(colour, 0.26)
    pen.line(smooth([(-0.3, -0.22), (-0.06, 0.1), (0.0, 0.86)], closed=False), seam, 0.016)
    pen.line(smooth([(-0.3, -0.22), (-0.66, 0.14), (-0.72, 0.82)], closed=False), seam, 0.016)
    pen.fill(oval(-0.3, -0.23, 0.09, 0.045), dark(colour, 0.3))
    visor = smooth(
        [
            (-0.08, 0.93),
            (0.1, 0.68),
            (0.36, 0.55),
            (0.74, 0.62),
            (1.0, 0.84),
            (0.9, 0.95),
            (0.5, 0.88),
        ]
    )
    pen.fill(visor, down(light(colour, 0.1), dark(colour, 0.3)))
    pen.line(smooth([(0.0, 0.88), (0.46, 0.8), (0.93, 0.89)], closed=False), seam, 0.014)


KINDS = tuple(
    product.kind()
    for product in (
        Product(
            "scarf",
            (("scarf", "scarves"), ("woollen scarf", "woollen scarves")),
            _scarf,
            place="flat",
            breadth=0.75,
            counts=(1, 1, 1, 2),
            details=cloth_details,
            describe=cloth_words,
        ),
        Product(
            "socks",
            (("socks", "socks"),),
            _socks,
            place="flat",
            counts=(1, 1, 2),
            pair=True,
            breadth=0.85,
            details=cloth_details,
            describe=cloth_words,
        ),
        Product(
            "hat",
            (("hat", "hats"), ("sun hat", "sun hats")),
            _hat,
            counts=(1, 1, 1, 2),
            details=_hat_details,
            describe=lambda f: (
                text(f, "colour"),
                each_with(whole(f, "count"), f"{f['band']} band"),
            ),
        ),
        Product(
            "cap", (("cap", "caps"), ("baseball cap", "baseball caps")), _cap, counts=(1, 1, 1, 2)
        ),
    )
)
