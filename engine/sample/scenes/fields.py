"""Farm land: flowers, tulips with a windmill, wheat with a barn."""

from __future__ import annotations

from random import Random

from engine.sample.kind import Attributes, Kind, text
from engine.sample.paint import across, down
from engine.sample.palette import Colour, dark, light, shade_of
from engine.sample.pen import Pen
from engine.sample.scenes import elements as scene
from engine.sample.scenes.plants import flower
from engine.sample.shapes import arc, box, oval, smooth


def _choose_flowers(rng: Random, colour: str) -> Attributes:
    return {"colour": colour, "time": "day", "season": "spring"}


def _word_flowers(facts: Attributes) -> tuple[str, ...]:
    return (
        f"a field of {facts['colour']} flowers",
        f"{facts['colour']} flowers in a green meadow under a blue sky",
        f"a meadow full of {facts['colour']} flowers in spring",
        f"{facts['colour']} flowers",
        "flower field",
    )


def _draw_flowers(pen: Pen, facts: Attributes, rng: Random) -> None:
    wide, horizon = pen.wide, rng.uniform(0.36, 0.46)
    scene.sky(pen, "day", rng, horizon + 0.1)
    scene.clouds(pen, rng, 3, (0.12, 0.28))
    scene.hill(pen, rng, horizon - 0.03, 0.03, (138, 182, 142))
    pen.fill(box(0, horizon, wide, 1), down((136, 184, 98), (92, 158, 66), (58, 122, 48)))
    petal = shade_of(text(facts, "colour"), rng)
    for row in range(11):
        near = row / 10
        y = horizon + 0.02 + (1.06 - horizon) * near**1.7
        step = 0.02 + 0.13 * near
        x = rng.uniform(-step, 0)
        while x < wide + step:
            fx, fy = x + rng.uniform(-0.3, 0.3) * step, y + rng.uniform(-0.2, 0.2) * step
            if near < 0.45:
                pen.dot(fx, fy - 0.01, 0.007 + 0.016 * near, scene.vary(petal, rng, 14))
            else:
                flower(
                    pen,
                    fx,
                    fy + 0.05 * near,
                    0.09 + 0.19 * (near - 0.3),
                    scene.vary(petal, rng),
                    rng,
                )
            x += step * rng.uniform(0.75, 1.15)


def _choose_windmill(rng: Random, colour: str) -> Attributes:
    return {"colour": colour, "time": rng.choice(("day", "sunset")), "flowers": "tulips"}


def _word_windmill(facts: Attributes) -> tuple[str, ...]:
    moment = "under a blue sky" if facts["time"] == "day" else "at sunset"
    return (
        "a windmill in a tulip field",
        f"an old windmill behind a field of {facts['colour']} tulips",
        f"a Dutch windmill {moment}",
        f"{facts['colour']} tulips and a windmill",
        "windmill",
    )


def _draw_windmill(pen: Pen, facts: Attributes, rng: Random) -> None:
    time, wide = text(facts, "time"), pen.wide
    scene.sky(pen, time, rng)
    if time == "day":
        scene.clouds(pen, rng, 3, (0.12, 0.36))
    else:
        scene.sun(pen, wide * rng.choice((0.14, 0.86)), 0.5, 0.06)
    ground = scene.lit((116, 176, 84), time)
    pen.fill(box(0, 0.66, wide, 1), down(light(ground, 0.15), dark(ground, 0.2)))
    x = wide * rng.uniform(0.36, 0.64)
    frame = pen.at(x, 0.72, 0.5)
    brick = scene.lit((160, 96, 70), time)
    frame.fill(
        [(-0.26, 0), (-0.15, -0.78), (0.15, -0.78), (0.26, 0)],
        across(light(brick, 0.14), brick, dark(brick, 0.35)),
    )
    frame.fill(
        smooth([(-0.18, -0.76), (-0.12, -0.95), (0, -1.0), (0.12, -0.95), (0.18, -0.76)]),
        scene.lit((74, 62, 60), time),
    )
    frame.fill(box(-0.07, -0.22, 0.07, 0, 0.05), (66, 42, 34))
    for y in (-0.5, -0.32):
        frame.fill(box(-0.04, y - 0.07, 0.04, y + 0.03), (250, 236, 190))
    start = rng.uniform(10, 80)
    for i in range(4):
        sail = frame.at(0, -0.82, 1, start + 90 * i)
        sail.line([(0, 0), (0, -0.78)], (84, 60, 46), 0.025)
        sail.fill(box(0.015, -0.76, 0.15, -0.16), (246, 240, 226))
        for k in range(5):
            sail.line([(0.0, -0.2 - 0.13 * k), (0.15, -0.2 - 0.13 * k)], (140, 108, 82), 0.012)
    frame.dot(0, -0.82, 0.045, (60, 44, 36))
    petal = shade_of(text(facts, "colour"), rng)
    for row in range(6):
        near = row / 5
        y, step = 0.76 + 0.28 * near, 0.045 + 0.07 * near
        fx = rng.uniform(-step, 0)
        while fx < wide + step:
            _tulip(
                pen,
                fx + rng.uniform(-0.2, 0.2) * step,
                y,
                0.06 + 0.1 * near,
                scene.lit(scene.vary(petal, rng), time),
                ground,
            )
            fx += step


def _tulip(pen: Pen, x: float, y: float, height: float, petal: Colour, leaf: Colour) -> None:
    frame = pen.at(x, y, height)
    frame.line([(0, 0), (0, -0.6)], dark(leaf, 0.1), 0.06)
    frame.fill([(0, 0), (0.24, -0.5), (0.04, -0.2)], dark(leaf, 0.05))
    frame.fill(
        smooth(
            [
                (0, -0.5),
                (0.22, -0.66),
                (0.22, -1.0),
                (0.08, -0.84),
                (0, -1.02),
                (-0.08, -0.84),
                (-0.22, -1.0),
                (-0.22, -0.66),
            ],
            steps=4,
        ),
        petal,
    )


def _choose_barn(rng: Random, colour: str) -> Attributes:
    return {"colour": colour, "time": "day", "crop": "wheat"}


def _word_barn(facts: Attributes) -> tuple[str, ...]:
    return (
        f"a {facts['colour']} barn on a farm",
        f"a {facts['colour']} barn with a silo behind a golden wheat field",
        "a farm in the countryside on a sunny day",
        f"{facts['colour']} barn",
        "wheat field",
    )


def _draw_barn(pen: Pen, facts: Attributes, rng: Random) -> None:
    wide = pen.wide
    scene.sky(pen, "day", rng)
    scene.clouds(pen, rng, 3, (0.12, 0.3))
    scene.hill(pen, rng, 0.56, 0.04, (140, 184, 116))
    pen.fill(box(0, 0.68, wide, 1), down((240, 206, 112), (214, 168, 76)))
    frame = pen.at(wide * rng.uniform(0.42, 0.58), 0.74, 0.29, flip=rng.random() < 0.5)
    tone, trim = shade_of(text(facts, "colour"), rng), (250, 246, 238)
    frame.fill(box(0.86, -1.5, 1.36, 0), across((206, 212, 218), (236, 240, 244), (150, 158, 168)))
    frame.fill(arc(1.11, -1.5, 0.25, 0.24, 180, 360), (140, 148, 160))
    gable = [
        (-0.8, 0),
        (-0.8, -0.78),
        (-0.54, -1.2),
        (0, -1.46),
        (0.54, -1.2),
        (0.8, -0.78),
        (0.8, 0),
    ]
    frame.fill(gable, across(light(tone, 0.12), tone, dark(tone, 0.16)))
    for i in range(9):
        px = -0.7 + i * 0.175
        frame.line([(px, -0.8), (px, 0)], dark(tone, 0.12), 0.012)
    frame.line(
        [(-0.9, -0.72), (-0.58, -1.24), (0, -1.52), (0.58, -1.24), (0.9, -0.72)],
        scene.vary((92, 84, 86), rng),
        0.1,
    )
    frame.fill(box(-0.32, -0.66, 0.32, 0), dark(tone, 0.18))
    for a, b in (
        ((-0.32, -0.66), (0.32, 0)),
        ((-0.32, 0), (0.32, -0.66)),
        ((-0.32, -0.66), (0.32, -0.66)),
        ((-0.32, 0), (-0.32, -0.66)),
        ((0.32, 0), (0.32, -0.66)),
        ((0, 0), (0, -0.66)),
    ):
        frame.line([a, b], trim, 0.045)
    frame.fill(box(-0.14, -1.14, 0.14, -0.88), trim)
    frame.fill(box(-0.1, -1.1, 0.1, -0.92), (70, 56, 56))
    for _ in range(240):
        near = rng.random()
        x, y = rng.uniform(0, wide), 0.78 + 0.26 * near
        h = 0.05 + 0.07 * near
        lean = rng.uniform(-0.02, 0.02)
        gold = scene.vary((226, 180, 84), rng, 18)
        pen.line([(x, y), (x + lean, y - h)], gold, 0.005)
        pen.fill(oval(x + lean, y - h, 0.006 + 0.002 * near, 0.018, lean * 900), light(gold, 0.14))


_TULIPS = ("red", "yellow", "pink", "purple", "orange")


KINDS = (
    Kind(
        "flower field",
        "scene",
        _choose_flowers,
        _word_flowers,
        _draw_flowers,
        ("red", "yellow", "purple", "pink", "white", "orange", "blue"),
    ),
    Kind("windmill", "scene", _choose_windmill, _word_windmill, _draw_windmill, _TULIPS),
    Kind(
        "barn",
        "scene",
        _choose_barn,
        _word_barn,
        _draw_barn,
        ("red", "blue", "white", "brown", "green"),
    ),
)
