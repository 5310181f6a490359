"""Wild land: mountains, hills, forest, desert."""

from __future__ import annotations

from random import Random

from engine.sample.kind import Attributes, Kind, text
from engine.sample.paint import down
from engine.sample.palette import Colour, dark, light, mix
from engine.sample.pen import Pen
from engine.sample.scenes import elements as scene
from engine.sample.scenes.plants import grass, leafy_tree, pine
from engine.sample.shapes import below, box, hills, smooth

MEADOW: Colour = (108, 172, 76)


def _choose_mountains(rng: Random, colour: str) -> Attributes:
    return {"time": rng.choice(("day", "morning", "sunset")), "season": "winter", "snow": "yes"}


def _word_mountains(facts: Attributes) -> tuple[str, ...]:
    moment = {"day": "under a blue sky", "morning": "in the morning light", "sunset": "at sunset"}
    return (
        "snowy mountains",
        f"snow-capped mountains {moment[text(facts, 'time')]}",
        "high mountain peaks covered in snow with fir trees in front",
        f"a mountain landscape {moment[text(facts, 'time')]}",
        "mountains",
    )


def _draw_mountains(pen: Pen, facts: Attributes, rng: Random) -> None:
    time, wide = text(facts, "time"), pen.wide
    scene.sky(pen, time, rng)
    if time == "sunset":
        scene.sun(pen, wide * rng.uniform(0.2, 0.8), 0.4, 0.05)
    else:
        scene.clouds(pen, rng, 3, (0.12, 0.26))
    for i in range(4):
        x, peak = wide * (i + rng.uniform(0.2, 0.8)) / 4, rng.uniform(0.34, 0.46)
        scene.mountain(
            pen, x, peak, rng.uniform(0.4, 0.5), scene.lit((150, 168, 192), time), rng, 0.4
        )
    for i in range(2):
        x, peak = wide * (i + rng.uniform(0.3, 0.7)) / 2, rng.uniform(0.16, 0.3)
        scene.mountain(
            pen, x, peak, rng.uniform(0.55, 0.68), scene.lit((108, 122, 146), time), rng, 0.5
        )
    line = scene.hill(pen, rng, 0.82, 0.035, scene.lit((226, 234, 242), time))
    for _ in range(22):
        x = rng.uniform(0, wide)
        y = scene.level_at(line, x) + rng.uniform(0.0, 0.12)
        pine(
            pen,
            x,
            y,
            0.1 + (y - 0.74) * 0.75,
            scene.lit((48, 98, 78), time),
            rng,
            rng.random() < 0.6,
        )


def _choose_hills(rng: Random, colour: str) -> Attributes:
    return {"time": "day", "season": rng.choice(("spring", "summer")), "weather": "sunny"}


def _word_hills(facts: Attributes) -> tuple[str, ...]:
    return (
        "green hills with trees",
        f"rolling green hills under a blue sky in {facts['season']}",
        "a green landscape with a few round trees and white clouds",
        f"{facts['season']} countryside",
        "green meadow",
    )


def _draw_hills(pen: Pen, facts: Attributes, rng: Random) -> None:
    wide = pen.wide
    scene.sky(pen, "day", rng)
    scene.sun(pen, wide * rng.uniform(0.1, 0.9), 0.14, 0.05)
    scene.clouds(pen, rng, 3, (0.14, 0.34))
    green = scene.vary(MEADOW, rng, 12)
    for y, tone in (
        (0.5, mix(green, (150, 196, 210), 0.5)),
        (0.6, mix(green, (170, 210, 150), 0.3)),
    ):
        scene.hill(pen, rng, y, 0.06, tone, 1.2)
    line = scene.hill(pen, rng, 0.74, 0.06, green, 1.0)
    for _ in range(rng.randint(3, 5)):
        x = rng.uniform(0.08, wide - 0.08)
        y = scene.level_at(line, x) + rng.uniform(0.02, 0.14)
        leafy_tree(pen, x, y, 0.18 + (y - 0.64) * 0.8, scene.vary((78, 146, 58), rng, 14), rng)
    grass(pen, rng, 0.86, 90, dark(green, 0.12))


def _choose_forest(rng: Random, colour: str) -> Attributes:
    return {"time": "day", "weather": rng.choice(("misty", "sunny")), "trees": "fir"}


def _word_forest(facts: Attributes) -> tuple[str, ...]:
    return (
        "a forest of fir trees",
        f"a {facts['weather']} green forest",
        f"tall dark pine trees on a {facts['weather']} day",
        "deep forest",
        "a path through the woods",
    )


def _draw_forest(pen: Pen, facts: Attributes, rng: Random) -> None:
    wide, misty = pen.wide, facts["weather"] == "misty"
    scene.sky(pen, "overcast" if misty else "day", rng)
    if not misty:
        scene.sun(pen, wide * rng.uniform(0.2, 0.8), 0.12, 0.05)
    haze: Colour = (196, 210, 212) if misty else (176, 214, 204)
    pen.fill(box(0, 0.5, wide, 1), down(haze, (96, 140, 84), (66, 104, 58)))
    middle = wide * rng.uniform(0.42, 0.58)
    path = [
        (middle - 0.012, 0.6),
        (middle + 0.012, 0.6),
        (middle + 0.24, 1.01),
        (middle - 0.24, 1.01),
    ]
    pen.fill(path, down(mix((190, 160, 120), haze, 0.5), (178, 142, 98)))
    for row in range(5):
        near = row / 4
        leaf = mix(mix((34, 92, 62), haze, 0.75), (30, 84, 54), near)
        n = 14 - 2 * row
        for i in range(n):
            x = wide * (i + rng.uniform(0.1, 0.9)) / n
            if abs(x - middle) > 0.05 + 0.2 * near:
                height = (0.3 + 0.42 * near) * rng.uniform(0.85, 1.2)
                pine(pen, x, 0.62 + 0.34 * near, height, scene.vary(leaf, rng), rng)
        if row < 4:
            pen.glow(wide / 2, 0.6 + 0.06 * row, wide, 0.1, haze, 0.5 if misty else 0.2)


def _choose_desert(rng: Random, colour: str) -> Attributes:
    return {"time": rng.choice(("day", "sunset")), "plant": rng.choice(("cactus", "none"))}


def _word_desert(facts: Attributes) -> tuple[str, ...]:
    cactus = facts["plant"] == "cactus"
    moment = "under a hot sun" if facts["time"] == "day" else "at sunset"
    return (
        "desert dunes with a cactus" if cactus else "desert dunes with the sun",
        f"sand dunes in the desert {moment}",
        "a green cactus in the desert" if cactus else "golden sand dunes under the sun",
        f"a dry desert {moment}",
        "desert",
    )


def _draw_desert(pen: Pen, facts: Attributes, rng: Random) -> None:
    time, wide = text(facts, "time"), pen.wide
    if time == "day":
        pen.fill(box(0, 0, wide, 0.7), down((92, 168, 222), (196, 222, 226), (250, 232, 196)))
    else:
        scene.sky(pen, time, rng, 0.75)
    scene.sun(pen, wide * rng.uniform(0.2, 0.8), rng.uniform(0.14, 0.3), 0.07)
    sand = scene.lit((232, 176, 100), time)
    for i, y in enumerate((0.56, 0.66, 0.78)):
        tone = mix(sand, (250, 224, 180), 0.4 - 0.2 * i)
        line = hills(rng, wide, y, 0.07, 0.9)
        pen.fill(below(line, 1.02), down(light(tone, 0.16), dark(tone, 0.12)))
        crest = max(range(8, 40), key=lambda k: -line[k][1])
        slope = smooth(
            [line[crest], (line[crest][0] + 0.05, y + 0.08), (line[crest][0] - 0.06, y + 0.3)],
            closed=False,
        )
        pen.veil(
            [*slope, (line[crest][0] + 0.8, y + 0.42), *reversed(line[crest:])],
            (96, 48, 20),
            0.34,
            0.04,
        )
    if facts["plant"] == "cactus":
        _cactus(pen, wide * rng.choice((0.24, 0.76)), rng.uniform(0.88, 0.94), 0.44, rng)


def _cactus(pen: Pen, x: float, y: float, height: float, rng: Random) -> None:
    green = (62, 132, 72)
    pen.glow(x + 0.08, y, 0.16, 0.025, (100, 60, 20), 0.7)
    frame = pen.at(x, y, height, flip=rng.random() < 0.5)
    for path, width in (
        ([(0, -0.36), (0.27, -0.38), (0.28, -0.68)], 0.11),
        ([(0, -0.26), (-0.24, -0.28), (-0.25, -0.52)], 0.1),
        ([(0, 0.0), (0, -0.92)], 0.17),
    ):
        frame.line(path, dark(green, 0.22), width)
        frame.line([(px - width * 0.14, py) for px, py in path], green, width * 0.62)
        frame.line([(px - width * 0.2, py) for px, py in path], light(green, 0.2), width * 0.12)


KINDS = (
    Kind("mountains", "scene", _choose_mountains, _word_mountains, _draw_mountains),
    Kind("green hills", "scene", _choose_hills, _word_hills, _draw_hills),
    Kind("forest", "scene", _choose_forest, _word_forest, _draw_forest),
    Kind("desert", "scene", _choose_desert, _word_desert, _draw_desert),
)
