"""Streets: in the rain, in the city, through open land."""

from __future__ import annotations

from random import Random

from engine.sample.kind import Attributes, Kind, text, whole
from engine.sample.paint import across, down, tube
from engine.sample.palette import BRIGHT, Colour, dark, light, mix, shade_of
from engine.sample.pen import Pen
from engine.sample.scenes import elements as scene
from engine.sample.scenes.night_city import buildings
from engine.sample.scenes.plants import bush, leafy_tree
from engine.sample.scenes.things import car_from_behind, car_from_side
from engine.sample.scenes.wild import MEADOW
from engine.sample.shapes import arc, box, oval, smooth
from engine.sample.words import counted


def _choose_road(rng: Random, colour: str) -> Attributes:
    return {"colour": colour, "time": rng.choice(("day", "sunset"))}


def _word_road(facts: Attributes) -> tuple[str, ...]:
    moment = "on a sunny day" if facts["time"] == "day" else "at sunset"
    return (
        f"a {facts['colour']} car on a road",
        f"a {facts['colour']} car driving down a long straight road {moment}",
        f"a road to the horizon {moment}",
        "a country road with one car and mountains far away",
        f"{facts['colour']} car",
    )


def _draw_road(pen: Pen, facts: Attributes, rng: Random) -> None:
    time, wide, horizon = text(facts, "time"), pen.wide, 0.5
    scene.sky(pen, time, rng, horizon + 0.05)
    x = wide * rng.uniform(0.42, 0.58)
    if time == "sunset":
        scene.sun(pen, x, horizon - 0.03, 0.06)
    else:
        scene.clouds(pen, rng, 3, (0.12, 0.3))
    for i in range(3):
        scene.mountain(
            pen,
            wide * (i + rng.uniform(0.1, 0.9)) / 3,
            rng.uniform(0.36, 0.42),
            0.3,
            scene.lit((140, 150, 168), time),
            rng,
        )
    ground = scene.lit(rng.choice((MEADOW, (204, 176, 116))), time)
    pen.fill(box(0, horizon, wide, 1), down(light(ground, 0.25), ground, dark(ground, 0.15)))
    asphalt = scene.lit((92, 94, 102), time)
    pen.fill(
        [(x - 0.012, horizon), (x + 0.012, horizon), (x + 0.58, 1.01), (x - 0.58, 1.01)],
        down(light(asphalt, 0.25), asphalt, dark(asphalt, 0.1)),
    )
    for side in (-1, 1):
        pen.fill(
            [(x + side * 0.011, horizon), (x + side * 0.53, 1.01), (x + side * 0.55, 1.01)],
            (236, 234, 226),
        )
    for i in range(9):
        a, b = (i / 9) ** 2, ((i + 0.5) / 9) ** 2
        y0, y1 = horizon + a / 2, horizon + b / 2
        pen.fill(
            [(x - 0.02 * a, y0), (x + 0.02 * a, y0), (x + 0.02 * b, y1), (x - 0.02 * b, y1)],
            (244, 240, 226),
        )
    for _ in range(8):
        near = rng.uniform(0.05, 0.8)
        side = rng.choice((-1, 1))
        bush(
            pen,
            x + side * (0.1 + 0.75 * near + rng.uniform(0, 0.3)),
            horizon + 0.5 * near,
            0.015 + 0.06 * near,
            scene.lit((84, 136, 66), time),
        )
    car_from_behind(pen, x + 0.15, 0.82, 0.2, shade_of(text(facts, "colour"), rng), time)


def _choose_street(rng: Random, colour: str) -> Attributes:
    return {"colour": colour, "count": rng.choice((1, 2)), "weather": "rain", "time": "evening"}


def _word_street(facts: Attributes) -> tuple[str, ...]:
    n = whole(facts, "count")
    umbrella = counted(n, f"{facts['colour']} umbrella")
    people = "a person" if n == 1 else "two people"
    return (
        f"rainy street with {umbrella}",
        f"{people} with {umbrella} in the rain",
        f"{people} walking down a wet city street in the rain",
        "heavy rain in the city",
        f"{facts['colour']} umbrella in the rain" if n == 1 else "umbrellas in the rain",
    )


def _draw_street(pen: Pen, facts: Attributes, rng: Random) -> None:
    wide = pen.wide
    pen.fill(box(0, 0, wide, 1), down((86, 98, 118), (138, 148, 162), (120, 128, 142)))
    buildings(pen, rng, 0.66, (0.3, 0.52), (112, 120, 138), (246, 216, 150), 0.16)
    pen.glow(wide / 2, 0.62, wide, 0.14, (176, 184, 194), 0.55)
    buildings(pen, rng, 0.7, (0.1, 0.26), (78, 86, 106), (252, 216, 140), 0.35)
    pen.fill(box(0, 0.68, wide, 1), down((92, 100, 116), (64, 70, 86)))
    for _ in range(26):
        x, y = rng.uniform(0, wide), rng.uniform(0.72, 1)
        pen.glow(
            x,
            y,
            rng.uniform(0.04, 0.12),
            0.012,
            rng.choice(((250, 214, 150), (170, 184, 204))),
            0.5,
        )
    n = whole(facts, "count")
    canopy = shade_of(text(facts, "colour"), rng)
    for i in range(n):
        x = wide * (i + 0.5) / n + rng.uniform(-0.05, 0.05) * (1 if n == 1 else 0.3)
        pen.glow(x, 0.95, 0.16, 0.03, mix(canopy, (60, 66, 84), 0.4), 0.8)
        _walker(pen.at(x, 0.94, 0.62 if n == 1 else 0.52), canopy, rng)
    for _ in range(150):
        x, y = rng.uniform(-0.05, wide), rng.uniform(-0.05, 1)
        length = rng.uniform(0.03, 0.07)
        pen.line([(x, y), (x - length * 0.2, y + length)], (188, 200, 216), 0.0035)


def _walker(frame: Pen, canopy: Colour, rng: Random) -> None:
    coat = rng.choice(((48, 56, 84), (92, 62, 56), (58, 70, 66), (150, 116, 84)))
    for x in (-0.05, 0.05):
        frame.fill(box(x - 0.028, -0.26, x + 0.028, -0.02), (38, 40, 50))
        frame.fill(oval(x, -0.015, 0.045, 0.022), (26, 26, 32))
    frame.fill(oval(0, -0.66, 0.065, 0.075), (228, 186, 152))
    frame.fill(arc(0, -0.67, 0.072, 0.085, 170, 370), (70, 48, 38))
    body = smooth(
        [
            (0, -0.6),
            (0.11, -0.56),
            (0.14, -0.4),
            (0.16, -0.2),
            (0, -0.18),
            (-0.16, -0.2),
            (-0.14, -0.4),
            (-0.11, -0.56),
        ]
    )
    frame.fill(body, across(light(coat, 0.12), coat, dark(coat, 0.3)))
    frame.line([(0.13, -0.42), (0.13, -0.98)], (70, 66, 70), 0.014)
    frame.line(
        smooth([(0.1, -0.52), (0.17, -0.44), (0.13, -0.46)], closed=False), dark(coat, 0.12), 0.05
    )
    edge: list[tuple[float, float]] = []
    for i in range(4):
        edge += arc(0.13 + 0.255 - 0.17 * i, -0.74, 0.085, 0.04, 0, -180)
    frame.fill([*arc(0.13, -0.74, 0.34, 0.27, 180, 360), *edge], tube(canopy))
    for x in (-0.085, 0.085):
        frame.line(
            smooth([(0.13, -1.0), (0.13 + x * 1.2, -0.9), (0.13 + x * 2, -0.75)], closed=False),
            dark(canopy, 0.22),
            0.008,
        )


def _choose_city(rng: Random, colour: str) -> Attributes:
    return {"colour": colour, "time": "day"}


def _word_city(facts: Attributes) -> tuple[str, ...]:
    return (
        "city skyline by day",
        f"a {facts['colour']} car in front of tall buildings",
        "a modern city with skyscrapers under a blue sky",
        f"a {facts['colour']} car driving through the city",
        "skyscrapers",
    )


def _draw_city(pen: Pen, facts: Attributes, rng: Random) -> None:
    wide = pen.wide
    scene.sky(pen, "day", rng)
    scene.clouds(pen, rng, 3, (0.1, 0.26))
    buildings(pen, rng, 0.8, (0.4, 0.6), (150, 178, 204), None)
    buildings(pen, rng, 0.82, (0.2, 0.42), (98, 126, 158), None)
    pen.fill(box(0, 0.8, wide, 0.86), down((132, 182, 96), (104, 156, 76)))
    for i in range(7):
        leafy_tree(
            pen,
            wide * (i + rng.uniform(0.3, 0.7)) / 7,
            0.85,
            rng.uniform(0.15, 0.2),
            (86, 152, 70),
            rng,
        )
    pen.fill(box(0, 0.85, wide, 0.88), (206, 204, 200))
    pen.fill(box(0, 0.88, wide, 1), down((100, 102, 110), (82, 84, 92)))
    for i in range(8):
        pen.fill(box(wide * i / 7, 0.965, wide * i / 7 + 0.08, 0.975), (240, 240, 232))
    car_from_side(
        pen,
        wide * rng.uniform(0.25, 0.75),
        0.955,
        0.2,
        shade_of(text(facts, "colour"), rng),
        rng.random() < 0.5,
    )


KINDS = (
    Kind("rainy street", "scene", _choose_street, _word_street, _draw_street, BRIGHT),
    Kind(
        "city by day",
        "scene",
        _choose_city,
        _word_city,
        _draw_city,
        ("red", "yellow", "orange", "white", "blue"),
    ),
    Kind(
        "road",
        "scene",
        _choose_road,
        _word_road,
        _draw_road,
        ("red", "yellow", "blue", "white", "green", "orange"),
    ),
)
