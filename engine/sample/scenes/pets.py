"""A cat and a dog."""

from __future__ import annotations

from random import Random

from engine.sample.kind import Attributes, Kind, text
from engine.sample.paint import down
from engine.sample.palette import COLOURS, Colour, dark, light
from engine.sample.pen import Pen
from engine.sample.scenes import elements as scene
from engine.sample.scenes.plants import bush, grass
from engine.sample.shapes import arc, box, hills, oval, smooth

FURS: dict[str, Colour] = {
    "black": (50, 48, 54),
    "white": (246, 242, 234),
    "grey": (142, 144, 152),
    "orange": (234, 146, 66),
    "brown": (146, 98, 62),
}


def _choose_cat(rng: Random, colour: str) -> Attributes:
    return {"colour": colour, "place": rng.choice(("window", "meadow"))}


def _word_cat(facts: Attributes) -> tuple[str, ...]:
    window = facts["place"] == "window"
    return (
        f"a {facts['colour']} cat",
        f"a {facts['colour']} cat sitting on a window sill"
        if window
        else f"a {facts['colour']} cat sitting in the grass",
        "a cat at the window" if window else "a cat in the garden",
        f"a {facts['colour']} kitten looking at you",
        f"{facts['colour']} cat",
    )


def _draw_cat(pen: Pen, facts: Attributes, rng: Random) -> None:
    wide = pen.wide
    if facts["place"] == "window":
        _window(pen, rng)
        ground = 0.86
    else:
        _meadow(pen, rng)
        ground = 0.88
    x = wide * rng.choice((0.38, 0.5, 0.62))
    pen.glow(x, ground, 0.26, 0.03, (20, 20, 20), 0.6)
    _cat(
        pen.at(x, ground, 0.34, flip=rng.random() < 0.5),
        scene.vary(FURS[text(facts, "colour")], rng, 5),
        rng,
    )


def _window(pen: Pen, rng: Random) -> None:
    wide = pen.wide
    wall = scene.vary(rng.choice(((238, 214, 180), (206, 222, 214), (232, 204, 200))), rng)
    pen.fill(box(0, 0, wide, 1), down(light(wall, 0.1), wall))
    with pen.inside(box(wide * 0.16, 0.06, wide * 0.84, 0.82)) as view:
        view.fill(box(0, 0, wide, 1), down((120, 184, 234), (206, 232, 246)))
        scene.cloud(view, wide * rng.uniform(0.3, 0.7), 0.28, 0.13, (255, 255, 255), rng)
        view.fill([*hills(rng, wide, 0.68, 0.05), (wide, 1), (0, 1)], (132, 186, 106))
    for rail in (
        [(0.16, 0.06), (0.84, 0.06)],
        [(0.16, 0.06), (0.16, 0.82)],
        [(0.84, 0.06), (0.84, 0.82)],
        [(0.5, 0.06), (0.5, 0.82)],
    ):
        pen.line([(x * wide, y) for x, y in rail], (252, 250, 246), 0.03)
    pen.fill(box(wide * 0.08, 0.82, wide * 0.92, 0.9, 0.01), down((255, 255, 252), (214, 208, 198)))
    for side in (0.07, 0.93):
        curtain = smooth(
            [
                (side * wide - 0.1, -0.1),
                (side * wide + 0.1, -0.1),
                (side * wide + 0.06, 0.5),
                (side * wide + 0.1, 1.1),
                (side * wide - 0.1, 1.1),
            ]
        )
        pen.fill(curtain, light(dark(wall, 0.25), 0.1))


def _meadow(pen: Pen, rng: Random) -> None:
    scene.sky(pen, "day", rng)
    scene.clouds(pen, rng, 2, (0.14, 0.3))
    scene.hill(pen, rng, 0.6, 0.03, (140, 190, 126))
    green = scene.vary((112, 176, 80), rng)
    pen.fill(box(0, 0.68, pen.wide, 1), down(light(green, 0.16), green, dark(green, 0.12)))
    bush(pen, pen.wide * 0.1, 0.72, 0.14, (84, 148, 70))
    bush(pen, pen.wide * 0.9, 0.71, 0.11, (84, 148, 70))
    grass(pen, rng, 0.74, 90, dark(green, 0.14))


def _cat(frame: Pen, fur: Colour, rng: Random) -> None:
    tail = smooth([(0.34, -0.1), (0.72, -0.12), (0.86, -0.5), (0.68, -0.78)], closed=False)
    frame.line(tail, dark(fur, 0.12), 0.14)
    body = smooth(
        [
            (0, -1.1),
            (0.26, -0.9),
            (0.46, -0.4),
            (0.5, -0.06),
            (0.2, 0.02),
            (-0.2, 0.02),
            (-0.5, -0.06),
            (-0.46, -0.4),
            (-0.26, -0.9),
        ]
    )
    frame.fill(body, down(fur, dark(fur, 0.12)))
    chest = light(fur, 0.3)
    frame.fill(smooth([(0, -0.9), (0.16, -0.6), (0.1, -0.2), (-0.1, -0.2), (-0.16, -0.6)]), chest)
    for side in (-1, 1):
        frame.fill(oval(side * 0.14, -0.03, 0.13, 0.08), chest)
        frame.fill(
            smooth([(side * 0.14, -1.58), (side * 0.4, -1.98), (side * 0.45, -1.4)], steps=4), fur
        )
        frame.fill(
            smooth([(side * 0.22, -1.6), (side * 0.37, -1.82), (side * 0.4, -1.5)], steps=4),
            (240, 170, 170),
        )
    frame.fill(oval(0, -1.32, 0.46, 0.38), down(light(fur, 0.08), dark(fur, 0.06)))
    if rng.random() < 0.5 and sum(fur) > 240:
        for dx in (-0.12, 0, 0.12):
            frame.line([(dx, -1.66), (dx * 0.8, -1.5)], dark(fur, 0.3), 0.035)
    frame.fill(oval(0, -1.19, 0.19, 0.13), light(fur, 0.35))
    for side in (-1, 1):
        frame.fill(oval(side * 0.19, -1.37, 0.095, 0.085), (196, 220, 92))
        frame.fill(oval(side * 0.19, -1.37, 0.036, 0.078), (20, 20, 24))
        frame.dot(side * 0.19 - 0.03, -1.41, 0.02, (255, 255, 255))
        frame.line(arc(side * 0.065, -1.17, 0.065, 0.055, 10, 170), (90, 60, 60), 0.018)
        for y in (-1.22, -1.14):
            frame.line(
                [(side * 0.14, y), (side * 0.52, y + (y + 1.18) * 1.2)],
                light(fur, 0.6) if sum(fur) < 300 else (120, 110, 106),
                0.012,
            )
    frame.fill([(-0.05, -1.24), (0.05, -1.24), (0, -1.18)], (226, 120, 130))


def _choose_dog(rng: Random, colour: str) -> Attributes:
    return {"colour": colour, "collar": rng.choice(("red", "blue", "green")), "place": "meadow"}


def _word_dog(facts: Attributes) -> tuple[str, ...]:
    return (
        f"a {facts['colour']} dog",
        f"a {facts['colour']} dog with a {facts['collar']} collar sitting in the grass",
        f"a {facts['colour']} puppy in the park",
        f"a dog with a {facts['collar']} collar",
        f"{facts['colour']} dog",
    )


def _draw_dog(pen: Pen, facts: Attributes, rng: Random) -> None:
    _meadow(pen, rng)
    x = pen.wide * rng.choice((0.38, 0.5, 0.62))
    pen.glow(x, 0.89, 0.28, 0.03, (20, 30, 10), 0.6)
    fur = scene.vary(FURS[text(facts, "colour")], rng, 5)
    _dog(pen.at(x, 0.89, 0.35, flip=rng.random() < 0.5), fur, COLOURS[text(facts, "collar")])


def _dog(frame: Pen, fur: Colour, collar: Colour) -> None:
    frame.line(
        smooth([(0.36, -0.12), (0.66, -0.3), (0.74, -0.58)], closed=False), dark(fur, 0.1), 0.12
    )
    body = smooth(
        [
            (0, -1.0),
            (0.3, -0.86),
            (0.46, -0.36),
            (0.48, -0.04),
            (0.2, 0.02),
            (-0.2, 0.02),
            (-0.44, -0.04),
            (-0.42, -0.4),
            (-0.3, -0.86),
        ]
    )
    frame.fill(body, down(fur, dark(fur, 0.14)))
    frame.fill(
        smooth([(0, -0.84), (0.2, -0.5), (0.12, -0.16), (-0.12, -0.16), (-0.2, -0.5)]),
        light(fur, 0.34),
    )
    for side in (-1, 1):
        frame.fill(box(side * 0.15 - 0.11, -0.46, side * 0.15 + 0.11, 0.0, 0.1), light(fur, 0.06))
        frame.fill(oval(side * 0.16, -0.02, 0.15, 0.075), light(fur, 0.3))
    frame.fill(oval(0, -1.32, 0.42, 0.4), down(light(fur, 0.1), dark(fur, 0.04)))
    frame.fill(
        smooth([(-0.3, -1.02), (0, -0.94), (0.3, -1.02), (0.28, -0.9), (0, -0.82), (-0.28, -0.9)]),
        collar,
    )
    frame.dot(0, -0.82, 0.06, (240, 200, 90))
    for side in (-1, 1):
        ear = smooth(
            [
                (side * 0.28, -1.66),
                (side * 0.5, -1.56),
                (side * 0.58, -1.16),
                (side * 0.44, -1.02),
                (side * 0.36, -1.3),
            ]
        )
        frame.fill(ear, dark(fur, 0.28) if sum(fur) > 200 else light(fur, 0.14))
    frame.fill(oval(0, -1.16, 0.25, 0.2), light(fur, 0.42))
    for side in (-1, 1):
        frame.fill(oval(side * 0.17, -1.42, 0.06, 0.066), (30, 24, 24))
        frame.dot(side * 0.17 - 0.02, -1.44, 0.02, (255, 255, 255))
        frame.line(arc(side * 0.08, -1.14, 0.08, 0.07, 10, 170), (70, 46, 42), 0.022)
    frame.fill(
        smooth([(-0.06, -1.08), (0.06, -1.08), (0.05, -0.96), (-0.05, -0.96)]), (236, 120, 130)
    )
    frame.fill(smooth([(-0.1, -1.25), (0, -1.28), (0.1, -1.25), (0, -1.15)]), (40, 32, 34))


KINDS = (
    Kind("cat", "scene", _choose_cat, _word_cat, _draw_cat, tuple(FURS)),
    Kind("dog", "scene", _choose_dog, _word_dog, _draw_dog, tuple(FURS)),
)
