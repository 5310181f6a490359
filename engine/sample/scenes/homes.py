"""A house with its garden, and a bicycle at a wall."""

from __future__ import annotations

import math
from random import Random

from engine.sample.kind import Attributes, Kind, text
from engine.sample.paint import down, grain
from engine.sample.palette import COLOURS, Colour, contrasting, dark, light, mix, shade_of
from engine.sample.pen import Pen
from engine.sample.scenes import elements as scene
from engine.sample.scenes.plants import bush, flower, leafy_tree
from engine.sample.scenes.things import house
from engine.sample.shapes import box, oval, smooth

_WALLS: tuple[Colour, ...] = ((246, 232, 204), (250, 246, 238), (244, 214, 170), (206, 224, 232))


def _choose_house(rng: Random, colour: str) -> Attributes:
    return {
        "colour": colour,
        "flowers": rng.choice(("red", "yellow", "pink", "purple")),
        "time": "day",
    }


def _word_house(facts: Attributes) -> tuple[str, ...]:
    return (
        f"a house with a {facts['colour']} roof and a garden",
        f"a small house with a {facts['colour']} roof",
        f"a cottage with a garden full of {facts['flowers']} flowers",
        f"a family home with a {facts['colour']} roof and a white fence",
        "a house",
    )


def _draw_house(pen: Pen, facts: Attributes, rng: Random) -> None:
    wide = pen.wide
    scene.sky(pen, "day", rng)
    scene.clouds(pen, rng, 3, (0.1, 0.26))
    scene.hill(pen, rng, 0.58, 0.03, (146, 190, 132))
    green = scene.vary((116, 178, 82), rng)
    pen.fill(box(0, 0.7, wide, 1), down(light(green, 0.18), green, dark(green, 0.12)))
    x = wide * rng.uniform(0.42, 0.58)
    leafy_tree(pen, x + rng.choice((-0.44, 0.44)), 0.74, 0.44, scene.vary((84, 150, 66), rng), rng)
    pen.fill(
        [(x - 0.05, 0.76), (x + 0.05, 0.76), (x + 0.16, 1.01), (x - 0.12, 1.01)], (222, 204, 170)
    )
    house(pen, x, 0.78, 0.29, rng.choice(_WALLS), shade_of(text(facts, "colour"), rng))
    for bx in (-0.3, 0.31):
        bush(pen, x + bx, 0.8, 0.06, (72, 138, 62))
    i = 0.02
    while i < wide:
        if abs(i - x) > 0.1:
            pen.fill(
                [(i, 0.8), (i + 0.014, 0.785), (i + 0.028, 0.8), (i + 0.028, 0.88), (i, 0.88)],
                (250, 250, 248),
            )
        i += 0.05
    for a, b in ((0, x - 0.09), (x + 0.1, wide)):
        for y in (0.815, 0.85):
            pen.line([(a, y), (b, y)], (236, 238, 238), 0.009)
    petal = shade_of(text(facts, "flowers"), rng)
    for _ in range(30):
        fx = rng.uniform(0, wide)
        if abs(fx - x) > 0.2:
            flower(
                pen,
                fx,
                rng.uniform(0.93, 1.02),
                rng.uniform(0.07, 0.1),
                scene.vary(petal, rng),
                rng,
                0.26,
            )


def _choose_bicycle(rng: Random, colour: str) -> Attributes:
    wall = rng.choice(
        [c for c in ("white", "yellow", "orange", "blue", "pink") if c in contrasting(colour)]
    )
    return {"colour": colour, "wall": wall}


def _word_bicycle(facts: Attributes) -> tuple[str, ...]:
    return (
        f"a {facts['colour']} bicycle",
        f"a {facts['colour']} bicycle leaning against a {facts['wall']} wall",
        f"a parked {facts['colour']} bike in front of a {facts['wall']} wall",
        f"{facts['colour']} bike",
        "a bicycle in the street",
    )


def _draw_bicycle(pen: Pen, facts: Attributes, rng: Random) -> None:
    wide = pen.wide
    wall = mix(shade_of(text(facts, "wall"), rng, 5), (255, 255, 255), 0.35)
    pen.fill(box(0, 0, wide, 0.8), down(light(wall, 0.1), wall))
    for row in range(12):
        y = row * 0.066
        for i in range(11):
            if rng.random() < 0.22:
                x = wide * (i + (row % 2) * 0.5) / 10
                pen.fill(box(x, y, x + 0.1, y + 0.05, 0.006), scene.vary(dark(wall, 0.06), rng, 4))
    pen.fill(box(0, 0.78, wide, 1), grain((164, 160, 156), rng.getrandbits(30), 0.08))
    pen.veil(box(0, 0.78, wide, 0.82), (20, 20, 30), 0.35, 0.0)
    size = min(0.36, wide * 0.28)
    bicycle(
        pen.at(wide * 0.5, 0.9, size, flip=rng.random() < 0.5), shade_of(text(facts, "colour"), rng)
    )


def bicycle(frame: Pen, colour: Colour) -> None:
    """A bicycle 3.2 units long, its wheels on y = 0 and the middle at x = 0."""
    frame.glow(0, 0, 1.7, 0.1, (10, 10, 20), 0.6)
    rear, front, crank, seat, head = (
        (-0.92, -0.6),
        (0.95, -0.6),
        (-0.15, -0.55),
        (-0.42, -1.36),
        (0.66, -1.32),
    )
    for hub in (rear, front):
        frame.line(oval(*hub, 0.57), (34, 34, 38), 0.075)
        frame.line(oval(*hub, 0.52), (190, 194, 200), 0.02)
        for i in range(10):
            t = math.tau * i / 10
            frame.line(
                [hub, (hub[0] + 0.52 * math.cos(t), hub[1] + 0.52 * math.sin(t))],
                (176, 180, 186),
                0.01,
            )
        frame.dot(*hub, 0.06, (90, 92, 98))
    for a, b in (
        (rear, crank),
        (rear, seat),
        (crank, seat),
        (crank, head),
        (seat, head),
        (head, front),
    ):
        frame.line([a, b], colour, 0.085)
    frame.line([head, (0.6, -1.56)], colour, 0.075)
    frame.line(
        smooth([(0.6, -1.56), (0.82, -1.62), (0.9, -1.46)], closed=False), (40, 40, 46), 0.065
    )
    frame.line([seat, (-0.48, -1.56)], (60, 60, 66), 0.06)
    frame.fill(
        smooth([(-0.72, -1.64), (-0.42, -1.62), (-0.2, -1.58), (-0.44, -1.52), (-0.7, -1.54)]),
        (70, 46, 36),
    )
    frame.line(oval(*crank, 0.14), (60, 60, 66), 0.05)
    frame.line([(crank[0], crank[1]), (crank[0] + 0.16, crank[1] + 0.22)], (60, 60, 66), 0.05)
    frame.line(
        [(crank[0] + 0.08, crank[1] + 0.23), (crank[0] + 0.26, crank[1] + 0.23)], (34, 34, 38), 0.05
    )


_PAINTED = tuple(c for c in COLOURS if c not in ("white", "grey"))


KINDS = (
    Kind(
        "house with garden",
        "scene",
        _choose_house,
        _word_house,
        _draw_house,
        ("red", "blue", "brown", "grey", "orange", "green"),
    ),
    Kind("bicycle", "scene", _choose_bicycle, _word_bicycle, _draw_bicycle, _PAINTED),
)
