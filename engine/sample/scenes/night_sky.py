"""Night in the country: moon and stars, a campfire, northern lights."""

from __future__ import annotations

import itertools
import math
from random import Random

from engine.sample.kind import Attributes, Kind, text
from engine.sample.paint import down
from engine.sample.palette import shade_of
from engine.sample.pen import Pen
from engine.sample.scenes import elements as scene
from engine.sample.scenes.plants import pine
from engine.sample.scenes.things import fire, tent
from engine.sample.shapes import below, box, crags, hills


def _choose_starry(rng: Random, colour: str) -> Attributes:
    return {"time": "night", "moon": rng.choice(("full", "crescent"))}


def _word_starry(facts: Attributes) -> tuple[str, ...]:
    moon = f"a {facts['moon']} moon"
    return (
        "starry night sky with the moon",
        f"{moon} and stars over dark hills",
        f"the night sky with {moon}",
        "a clear night full of stars",
        "moon and stars",
    )


def _draw_starry(pen: Pen, facts: Attributes, rng: Random) -> None:
    wide = pen.wide
    scene.sky(pen, "night", rng)
    if rng.random() < 0.5:
        for i in range(9):
            share = i / 8
            pen.glow(wide * share, 0.6 - 0.5 * share, 0.24, 0.12, (116, 110, 190), 0.22)
    scene.stars(pen, rng, 170, 0.8)
    x = wide * rng.choice((0.25, 0.5, 0.75))
    scene.moon(pen, x, rng.uniform(0.2, 0.32), rng.uniform(0.085, 0.12), facts["moon"] == "full")
    for y, tone in ((0.76, (34, 42, 84)), (0.86, (16, 20, 44))):
        pen.fill(below(hills(rng, wide, y, 0.04, 1.2), 1.02), tone)
    for _ in range(9):
        pine(
            pen,
            rng.uniform(0, wide),
            rng.uniform(0.93, 1.0),
            rng.uniform(0.14, 0.24),
            (12, 24, 36),
            rng,
        )


def _choose_camp(rng: Random, colour: str) -> Attributes:
    return {"time": "night", "colour": colour, "moon": rng.choice(("crescent", "none"))}


def _word_camp(facts: Attributes) -> tuple[str, ...]:
    return (
        "campfire with a tent at night",
        f"a {facts['colour']} tent and a campfire under the stars",
        f"camping at night with a {facts['colour']} tent",
        "a fire burning in front of a tent in the woods",
        "camping",
    )


def _draw_camp(pen: Pen, facts: Attributes, rng: Random) -> None:
    wide = pen.wide
    scene.sky(pen, "night", rng)
    scene.stars(pen, rng, 110, 0.6)
    if facts["moon"] == "crescent":
        scene.moon(pen, wide * rng.uniform(0.15, 0.85), 0.16, 0.06, False)
    for row, tone in ((0, (26, 40, 68)), (1, (14, 26, 44))):
        for i in range(12):
            x = wide * (i + rng.uniform(0.1, 0.9)) / 12
            pine(pen, x, 0.74 + 0.03 * row, rng.uniform(0.26, 0.46) - 0.06 * row, tone, rng)
    pen.fill(box(0, 0.72, wide, 1), down((38, 50, 54), (24, 30, 38)))
    flip = rng.random() < 0.5
    tent(
        pen, wide * (0.66 if flip else 0.34), 0.86, 0.27, shade_of(text(facts, "colour"), rng), True
    )
    fire(pen, wide * (0.3 if flip else 0.72), 0.92, 0.15, rng)


def _choose_aurora(rng: Random, colour: str) -> Attributes:
    return {"time": "night", "colour": "green", "season": "winter"}


def _word_aurora(facts: Attributes) -> tuple[str, ...]:
    return (
        "northern lights",
        "green northern lights over snowy mountains",
        "aurora borealis in the night sky above a dark lake",
        "green polar lights at night",
        "aurora",
    )


def _draw_aurora(pen: Pen, facts: Attributes, rng: Random) -> None:
    wide = pen.wide
    pen.fill(box(0, 0, wide, 1), down((6, 12, 36), (14, 40, 70), (22, 70, 88)))
    scene.stars(pen, rng, 110, 0.6)
    for ribbon, tone in enumerate(((70, 240, 150), (60, 220, 180), (130, 110, 230))):
        path = hills(rng, wide, 0.4 - 0.07 * ribbon, 0.08, 1.1)
        for (x0, y0), (x1, y1) in itertools.pairwise(path):
            high = 0.2 + 0.1 * math.sin(x0 * 9 + ribbon * 2)
            pen.veil(
                [(x0, y0 - high), (x1, y1 - high), (x1, y1 + 0.02), (x0, y0 + 0.02)],
                tone,
                0.0,
                0.22,
                0.62,
                0.1,
            )
    for i in range(4):
        x = wide * (i + rng.uniform(0.1, 0.9)) / 4
        scene.mountain(
            pen, x, rng.uniform(0.46, 0.56), rng.uniform(0.3, 0.4), (44, 62, 92), rng, 0.45
        )
    scene.water(pen, 0.78, ((40, 96, 112), (18, 44, 66), (8, 20, 40)), rng, 24)
    for _ in range(14):
        pen.glow(rng.uniform(0, wide), rng.uniform(0.8, 0.96), 0.12, 0.018, (80, 230, 160), 0.3)
    line = crags(rng, (0, 0.93), (wide, 0.95), 0.02)
    pen.fill(below(line, 1.02), (10, 16, 28))
    for _ in range(10):
        pine(pen, rng.uniform(0, wide), 0.98, rng.uniform(0.1, 0.24), (8, 18, 28), rng)


KINDS = (
    Kind("starry night", "scene", _choose_starry, _word_starry, _draw_starry),
    Kind(
        "campfire",
        "scene",
        _choose_camp,
        _word_camp,
        _draw_camp,
        ("orange", "green", "blue", "red", "yellow", "turquoise"),
    ),
    Kind("northern lights", "scene", _choose_aurora, _word_aurora, _draw_aurora),
)
