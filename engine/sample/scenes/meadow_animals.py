"""Sheep and a butterfly."""

from __future__ import annotations

from random import Random

from engine.sample.kind import Attributes, Kind, text, whole
from engine.sample.paint import down
from engine.sample.palette import Colour, dark, light, shade_of
from engine.sample.pen import Pen
from engine.sample.scenes import elements as scene
from engine.sample.scenes.plants import flower, grass, leafy_tree
from engine.sample.shapes import box, oval, smooth
from engine.sample.words import counted


def _choose_sheep(rng: Random, colour: str) -> Attributes:
    return {"colour": "white", "count": rng.choice((1, 2, 3, 4)), "time": "day"}


def _word_sheep(facts: Attributes) -> tuple[str, ...]:
    n = whole(facts, "count")
    sheep = counted(n, "sheep", "sheep")
    return (
        f"{sheep} on a meadow",
        f"{sheep} grazing on a green hill",
        f"{counted(n, 'white sheep', 'white sheep')} in the grass on a sunny day",
        f"{sheep}",
        "sheep in the countryside",
    )


def _draw_sheep(pen: Pen, facts: Attributes, rng: Random) -> None:
    wide = pen.wide
    scene.sky(pen, "day", rng)
    scene.clouds(pen, rng, 3, (0.12, 0.28))
    scene.hill(pen, rng, 0.5, 0.05, (150, 196, 132))
    scene.hill(pen, rng, 0.6, 0.04, (112, 176, 82))
    leafy_tree(pen, wide * rng.choice((0.12, 0.88)), 0.62, 0.34, (80, 146, 64), rng)
    grass(pen, rng, 0.66, 120, (88, 150, 64))
    n = whole(facts, "count")
    size = {1: 0.24, 2: 0.17, 3: 0.14, 4: 0.12}[n] * min(1.0, wide)
    spots = {
        1: ((0.5, 0.84),),
        2: ((0.3, 0.78), (0.7, 0.88)),
        3: ((0.22, 0.8), (0.72, 0.76), (0.5, 0.94)),
        4: ((0.2, 0.76), (0.66, 0.74), (0.36, 0.93), (0.82, 0.9)),
    }[n]
    for share, y in spots:
        _sheep(pen.at(wide * share + rng.uniform(-0.03, 0.03), y, size, flip=rng.random() < 0.5))


def _sheep(frame: Pen) -> None:
    wool, face = (248, 245, 236), (64, 58, 62)
    frame.glow(0, 0, 1.0, 0.12, (20, 50, 10), 0.6)
    for x in (-0.42, -0.2, 0.26, 0.46):
        frame.fill(box(x - 0.05, -0.42, x + 0.05, 0), face)
    puffs = (
        (-0.5, -0.6, 0.3),
        (-0.2, -0.86, 0.32),
        (0.2, -0.88, 0.32),
        (0.5, -0.66, 0.3),
        (0.3, -0.45, 0.3),
        (-0.1, -0.42, 0.32),
        (-0.42, -0.46, 0.26),
        (0, -0.65, 0.4),
    )
    for x, y, r in puffs:
        frame.fill(oval(x + 0.02, y + 0.05, r), dark(wool, 0.14))
    for x, y, r in puffs:
        frame.fill(oval(x, y, r * 0.94), wool)
    frame.fill(
        smooth([(0.56, -0.98), (0.84, -0.98), (0.98, -0.7), (0.86, -0.52), (0.66, -0.58)]), face
    )
    frame.fill(oval(0.55, -0.86, 0.15, 0.065, 24), dark(face, 0.2))
    frame.fill(oval(0.66, -1.02, 0.17, 0.12), wool)
    frame.dot(0.79, -0.84, 0.045, (255, 255, 255))
    frame.dot(0.8, -0.84, 0.022, (20, 20, 20))


def _choose_butterfly(rng: Random, colour: str) -> Attributes:
    flowers = rng.choice([c for c in ("yellow", "pink", "white", "purple") if c != colour])
    return {"colour": colour, "flowers": flowers, "time": "day"}


def _word_butterfly(facts: Attributes) -> tuple[str, ...]:
    return (
        f"a {facts['colour']} butterfly",
        f"a {facts['colour']} butterfly above {facts['flowers']} flowers",
        "a butterfly in the garden on a summer day",
        f"a big {facts['colour']} butterfly with open wings",
        f"{facts['colour']} butterfly and {facts['flowers']} flowers",
    )


def _draw_butterfly(pen: Pen, facts: Attributes, rng: Random) -> None:
    wide = pen.wide
    pen.fill(box(0, 0, wide, 1), down((196, 228, 220), (156, 204, 140), (94, 160, 84)))
    for _ in range(16):
        pen.glow(
            rng.uniform(0, wide),
            rng.uniform(0, 1),
            rng.uniform(0.06, 0.16),
            rng.uniform(0.06, 0.16),
            (232, 246, 206),
            0.4,
        )
    petal = shade_of(text(facts, "flowers"), rng)
    for i in range(7):
        flower(
            pen,
            wide * (i + rng.uniform(0.2, 0.8)) / 7,
            1.05,
            rng.uniform(0.26, 0.4),
            scene.vary(petal, rng),
            rng,
            0.22,
        )
    colour = shade_of(text(facts, "colour"), rng)
    _butterfly(pen.at(wide * rng.uniform(0.42, 0.58), 0.42, 0.32, rng.uniform(-22, 22)), colour)


def _butterfly(frame: Pen, colour: Colour) -> None:
    edge = dark(colour, 0.62)
    for side in (-1, 1):
        upper = smooth(
            [
                (side * 0.04, -0.1),
                (side * 0.4, -0.78),
                (side * 0.98, -0.86),
                (side * 0.92, -0.3),
                (side * 0.5, 0.02),
            ]
        )
        lower = smooth(
            [
                (side * 0.04, 0.02),
                (side * 0.56, 0.02),
                (side * 0.8, 0.34),
                (side * 0.56, 0.78),
                (side * 0.2, 0.5),
            ]
        )
        for wing, middle in ((lower, (side * 0.42, 0.32)), (upper, (side * 0.5, -0.42))):
            frame.fill(wing, edge)
            inner = [
                (middle[0] + (x - middle[0]) * 0.84, middle[1] + (y - middle[1]) * 0.84)
                for x, y in wing
            ]
            frame.fill(inner, down(light(colour, 0.24), colour))
            frame.fill(oval(*middle, 0.12), light(colour, 0.55))
            frame.fill(oval(*middle, 0.065), edge)
        for x, y in ((0.86, -0.7), (0.88, -0.5), (0.7, 0.44), (0.62, 0.62)):
            frame.dot(side * x, y, 0.032, (255, 250, 236))
        frame.line(
            smooth([(0, -0.4), (side * 0.1, -0.7), (side * 0.24, -0.86)], closed=False),
            (44, 36, 36),
            0.022,
        )
    frame.fill(oval(0, 0.0, 0.06, 0.46), (50, 40, 40))
    frame.fill(oval(0, -0.42, 0.075), (50, 40, 40))


KINDS = (
    Kind("sheep", "scene", _choose_sheep, _word_sheep, _draw_sheep),
    Kind(
        "butterfly",
        "scene",
        _choose_butterfly,
        _word_butterfly,
        _draw_butterfly,
        ("orange", "blue", "yellow", "red", "purple", "turquoise"),
    ),
)
