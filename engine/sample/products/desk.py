"""Books, pencils, keys, cameras, computers, phones."""

from __future__ import annotations

from random import Random

from engine.sample.kind import Attributes, text, whole
from engine.sample.paint import (
    across,
    down,
)
from engine.sample.palette import COLOURS, Colour, dark, light, mix, shade_of
from engine.sample.pen import Pen
from engine.sample.shapes import box, oval, regular
from engine.sample.stage import Product
from engine.sample.words import each_with


def _books(pen: Pen, facts: Attributes, rng: Random) -> None:
    colour = shade_of(text(facts, "colour"), rng)
    pen.shadow(box(-0.66, -0.9, 0.66, 0.9), 0.05, 0.07, 0.05, 0.45)
    pen.fill(box(-0.62, -0.86, 0.69, 0.93, 0.02), dark(colour, 0.4))
    pen.fill(box(-0.6, -0.85, 0.67, 0.9), (244, 240, 228))
    for i in range(3):
        pen.line([(0.655 - 0.015 * i, -0.84), (0.655 - 0.015 * i, 0.89)], (206, 200, 186), 0.006)
    pen.fill(
        box(-0.66, -0.9, 0.63, 0.88, 0.03),
        across(dark(colour, 0.2), colour, light(colour, 0.1), colour),
    )
    pen.veil(box(-0.56, -0.9, -0.5, 0.88), (0, 0, 20), 0.3, 0.3)
    ink = light(colour, 0.75) if sum(colour) < 480 else dark(colour, 0.65)
    pen.fill(box(-0.36, -0.6, 0.48, -0.5), ink)
    pen.fill(box(-0.24, -0.4, 0.36, -0.33), ink)
    emblem = oval(0.06, 0.2, 0.26) if rng.random() < 0.5 else regular(0.06, 0.2, 0.3, 4)
    pen.fill(emblem, mix(colour, ink, 0.7))


def _pencil(pen: Pen, facts: Attributes, rng: Random) -> None:
    colour = shade_of(text(facts, "colour"), rng)
    frame = pen.at(0, 0, 1, 18)
    whole = [(-0.1, -0.92), (0.1, -0.92), (0.1, 0.66), (0.0, 0.98), (-0.1, 0.66)]
    frame.shadow(whole, 0.05, 0.03, 0.03, 0.4)
    frame.fill([(-0.1, 0.64), (0.1, 0.64), (0.0, 0.98)], (236, 200, 150))
    frame.fill(
        [(-0.032, 0.88), (0.032, 0.88), (0.0, 0.98)],
        dark(colour, 0.1) if facts["colour"] != "white" else (60, 60, 60),
    )
    frame.fill(
        [
            (-0.1, -0.72),
            (0.1, -0.72),
            (0.1, 0.66),
            (0.05, 0.63),
            (0.0, 0.67),
            (-0.05, 0.63),
            (-0.1, 0.66),
        ],
        colour,
    )
    frame.veil(box(-0.1, -0.72, -0.04, 0.64), (255, 255, 255), 0.3, 0.3)
    frame.veil(box(0.04, -0.72, 0.1, 0.64), (0, 0, 20), 0.28, 0.28)
    frame.fill(box(-0.105, -0.82, 0.105, -0.7), across((236, 238, 242), (150, 156, 164)))
    frame.fill(box(-0.1, -0.96, 0.1, -0.82, 0.05), (240, 150, 160))


def _key(pen: Pen, facts: Attributes, rng: Random) -> None:
    tone: Colour = {"yellow": (218, 174, 70), "grey": (160, 166, 176)}[text(facts, "colour")]
    frame = pen.at(0, 0, 1, 24)
    paint = across(light(tone, 0.35), tone, dark(tone, 0.25))
    shaft = [
        (-0.08, -0.3),
        (0.08, -0.3),
        (0.08, 0.5),
        (0.26, 0.5),
        (0.26, 0.6),
        (0.16, 0.6),
        (0.16, 0.68),
        (0.28, 0.68),
        (0.28, 0.8),
        (0.08, 0.8),
        (0.08, 0.92),
        (0, 0.98),
        (-0.08, 0.92),
    ]
    for outline in (shaft, oval(0, -0.58, 0.38)):
        frame.shadow(outline, 0.04, 0.05, 0.04, 0.4)
    frame.fill(shaft, paint)
    frame.line(oval(0, -0.58, 0.29), dark(tone, 0.25), 0.19)
    frame.line(oval(-0.012, -0.592, 0.29), tone, 0.14)
    frame.line(oval(-0.02, -0.6, 0.29), light(tone, 0.35), 0.04)


def _camera(pen: Pen, facts: Attributes, rng: Random) -> None:
    colour = shade_of(text(facts, "colour"), rng)
    pen.fill(box(-0.3, -0.66, 0.3, -0.2, 0.1), dark(colour, 0.15))
    pen.fill(box(-0.76, -0.56, -0.5, -0.3, 0.05), (60, 62, 68))
    body = box(-0.96, -0.42, 0.96, 0.98, 0.16)
    pen.fill(body, down(light(colour, 0.16), colour, dark(colour, 0.22)))
    pen.fill(box(-0.96, -0.1, 0.96, 0.72), dark(colour, 0.3))
    pen.fill(box(0.52, -0.34, 0.82, -0.16, 0.05), (236, 240, 246))
    for r, tone in (
        (0.52, (206, 210, 216)),
        (0.46, (52, 54, 60)),
        (0.34, (24, 26, 34)),
        (0.24, (52, 74, 112)),
        (0.14, (18, 20, 32)),
    ):
        pen.fill(oval(0, 0.32, r), tone)
    pen.glow(-0.12, 0.2, 0.12, 0.12, (220, 236, 255), 0.95)


def _laptop(pen: Pen, facts: Attributes, rng: Random) -> None:
    colour, screen = shade_of(text(facts, "colour"), rng), COLOURS[text(facts, "screen")]
    pen.fill(
        box(-0.76, -0.62, 0.76, 0.56, 0.06), across(light(colour, 0.2), colour, dark(colour, 0.2))
    )
    pen.fill(box(-0.72, -0.58, 0.72, 0.5, 0.03), (22, 22, 26))
    pen.fill(box(-0.68, -0.54, 0.68, 0.46), down(light(screen, 0.3), screen))
    pen.veil(
        [(-0.68, -0.54), (-0.1, -0.54), (-0.5, 0.46), (-0.68, 0.46)], (255, 255, 255), 0.24, 0.06
    )
    deck = [(-0.76, 0.56), (0.76, 0.56), (1.0, 0.92), (-1.0, 0.92)]
    pen.fill(deck, down(light(colour, 0.24), colour))
    for row in range(4):
        y, half = 0.615 + row * 0.05, 0.68 + row * 0.034
        for i in range(12):
            x = -half + 2 * half * i / 12
            pen.fill(box(x, y, x + 2 * half / 12 - 0.02, y + 0.036), (58, 60, 66))
    pen.fill([(-0.2, 0.83), (0.2, 0.83), (0.22, 0.9), (-0.22, 0.9)], dark(colour, 0.2))
    pen.fill(box(-1.0, 0.92, 1.0, 1.0, 0.04), dark(colour, 0.3))


def _phone(pen: Pen, facts: Attributes, rng: Random) -> None:
    colour = shade_of(text(facts, "colour"), rng)
    case = box(-0.47, -0.95, 0.47, 0.95, 0.14)
    pen.shadow(case, 0.04, 0.06, 0.05, 0.45)
    pen.fill(case, across(light(colour, 0.25), colour, dark(colour, 0.2)))
    screen = box(-0.4, -0.88, 0.4, 0.88, 0.09)
    top, low = rng.choice(
        (
            ((94, 130, 220), (230, 160, 200)),
            ((40, 60, 110), (80, 180, 190)),
            ((250, 180, 110), (190, 80, 130)),
        )
    )
    pen.fill(screen, down(top, low))
    pen.fill(box(-0.13, -0.84, 0.13, -0.77, 0.035), (20, 20, 24))
    for row in range(4):
        for column in range(4):
            x, y = -0.3 + column * 0.2, -0.5 + row * 0.24
            icon = COLOURS[
                rng.choice(("white", "green", "red", "yellow", "blue", "orange", "purple"))
            ]
            pen.fill(box(x - 0.065, y - 0.065, x + 0.065, y + 0.065, 0.03), icon)
    pen.line([(-0.14, 0.8), (0.14, 0.8)], (255, 255, 255), 0.03)


_CASES = ("black", "white", "grey", "red", "blue", "pink", "turquoise", "green")


KINDS = tuple(
    product.kind()
    for product in (
        Product(
            "book",
            (("book", "books"), ("hardcover book", "hardcover books")),
            _books,
            place="desk",
            breadth=0.7,
            counts=(1, 1, 2, 3),
        ),
        Product(
            "pencil",
            (("pencil", "pencils"), ("coloured pencil", "coloured pencils")),
            _pencil,
            place="desk",
            breadth=0.4,
            counts=(1, 2, 3, 4),
        ),
        Product(
            "key",
            (("key", "keys"), ("door key", "door keys")),
            _key,
            ("yellow", "grey"),
            "desk",
            0.55,
            (1, 1, 2, 3),
            describe=lambda f: ("golden" if f["colour"] == "yellow" else "silver", ""),
        ),
        Product(
            "camera",
            (("camera", "cameras"), ("photo camera", "photo cameras")),
            _camera,
            ("black", "grey", "red", "turquoise", "pink", "white", "brown"),
            counts=(1, 1, 1, 2),
        ),
        Product(
            "laptop",
            (("laptop", "laptops"), ("notebook computer", "notebook computers")),
            _laptop,
            _CASES,
            breadth=1.0,
            counts=(1,),
            details=lambda rng, c: {
                "screen": rng.choice(("blue", "turquoise", "purple", "orange"))
            },
            describe=lambda f: (
                text(f, "colour"),
                each_with(whole(f, "count"), f"{f['screen']} screen"),
            ),
        ),
        Product(
            "mobile phone",
            (("mobile phone", "mobile phones"), ("smartphone", "smartphones")),
            _phone,
            _CASES,
            "desk",
            0.55,
            (1, 1, 2, 3),
        ),
    )
)
