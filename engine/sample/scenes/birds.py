"""An owl and a song bird."""

from __future__ import annotations

from random import Random

from engine.sample.kind import Attributes, Kind, text
from engine.sample.paint import down
from engine.sample.palette import Colour, dark, light, shade_of
from engine.sample.pen import Pen
from engine.sample.scenes import elements as scene
from engine.sample.scenes.pets import FURS
from engine.sample.shapes import arc, box, oval, smooth


def _choose_owl(rng: Random, colour: str) -> Attributes:
    return {"colour": colour, "time": "night", "moon": "full"}


def _word_owl(facts: Attributes) -> tuple[str, ...]:
    return (
        "an owl at night",
        f"a {facts['colour']} owl sitting on a branch in front of the moon",
        "an owl with big yellow eyes under a full moon",
        f"{facts['colour']} owl",
        "owl on a branch",
    )


def _draw_owl(pen: Pen, facts: Attributes, rng: Random) -> None:
    wide = pen.wide
    scene.sky(pen, "night", rng)
    scene.stars(pen, rng, 90, 0.95)
    x = wide * rng.uniform(0.44, 0.56)
    scene.moon(pen, x + rng.choice((-0.16, 0.16)), 0.36, 0.27, True)
    fur = scene.vary(FURS[text(facts, "colour")], rng, 5)
    frame = pen.at(x, 0.78, 0.34)
    for side in (-1, 1):
        frame.fill(
            smooth([(side * 0.16, -1.45), (side * 0.46, -1.72), (side * 0.44, -1.3)], steps=4),
            dark(fur, 0.15),
        )
    frame.fill(
        smooth(
            [
                (0, -1.52),
                (0.42, -1.4),
                (0.52, -0.8),
                (0.4, -0.2),
                (0, 0.06),
                (-0.4, -0.2),
                (-0.52, -0.8),
                (-0.42, -1.4),
            ]
        ),
        down(light(fur, 0.08), dark(fur, 0.1)),
    )
    frame.fill(oval(0, -0.5, 0.32, 0.44), light(fur, 0.4))
    for row in range(4):
        for i in range(-1, 2):
            frame.line(
                arc(i * 0.16 + (0.08 if row % 2 else 0), -0.78 + row * 0.17, 0.07, 0.06, 10, 170),
                dark(fur, 0.1),
                0.022,
            )
    for side in (-1, 1):
        frame.fill(
            smooth(
                [(side * 0.42, -1.0), (side * 0.6, -0.6), (side * 0.42, -0.1), (side * 0.3, -0.5)]
            ),
            dark(fur, 0.3),
        )
        frame.fill(oval(side * 0.2, -1.16, 0.21), light(fur, 0.5))
        frame.fill(oval(side * 0.2, -1.16, 0.15), (252, 204, 60))
        frame.fill(oval(side * 0.2, -1.16, 0.08), (20, 18, 22))
        frame.dot(side * 0.2 - 0.04, -1.2, 0.028, (255, 255, 255))
    frame.fill([(-0.07, -1.06), (0.07, -1.06), (0, -0.9)], (236, 150, 50))
    branch = scene.vary((74, 54, 50), rng)
    pen.line([(-0.05, 0.84), (x, 0.79), (wide + 0.05, 0.74)], branch, 0.055)
    pen.line([(-0.05, 0.825), (x, 0.775), (wide + 0.05, 0.725)], light(branch, 0.16), 0.014)
    pen.line([(wide * 0.8, 0.75), (wide * 0.92, 0.62)], branch, 0.024)
    for side in (-1, 1):
        frame.fill(oval(side * 0.16, 0.02, 0.09, 0.07), (236, 160, 60))


def _choose_bird(rng: Random, colour: str) -> Attributes:
    return {"colour": colour, "season": "spring"}


def _word_bird(facts: Attributes) -> tuple[str, ...]:
    return (
        f"a {facts['colour']} bird on a branch",
        f"a small {facts['colour']} bird sitting on a twig with pink blossoms",
        "a bird in a blossoming tree in spring",
        f"a little {facts['colour']} bird",
        f"{facts['colour']} bird",
    )


def _draw_bird(pen: Pen, facts: Attributes, rng: Random) -> None:
    wide = pen.wide
    pen.fill(box(0, 0, wide, 1), down((160, 210, 238), (206, 232, 240), (226, 240, 226)))
    for _ in range(12):
        pen.glow(rng.uniform(0, wide), rng.uniform(0, 1), 0.16, 0.16, (240, 248, 232), 0.5)
    bark = (106, 78, 62)
    path = smooth(
        [(-0.05, 0.84), (wide * 0.3, 0.74), (wide * 0.65, 0.72), (wide + 0.05, 0.62)], closed=False
    )
    pen.line(path, bark, 0.035)
    pen.line([(wide * 0.22, 0.76), (wide * 0.12, 0.5), (wide * 0.16, 0.34)], bark, 0.016)
    pen.line([(wide * 0.78, 0.69), (wide * 0.9, 0.46)], bark, 0.016)
    for _ in range(16):
        px, py = (
            rng.choice(path)
            if rng.random() < 0.6
            else (wide * rng.choice((0.13, 0.87)), rng.uniform(0.34, 0.55))
        )
        bx, by = px + rng.uniform(-0.05, 0.05), py + rng.uniform(-0.06, 0.06)
        for dx, dy in ((-0.018, 0), (0.018, 0), (0, -0.018), (0, 0.018)):
            pen.fill(oval(bx + dx, by + dy, 0.018), (250, 190, 208))
        pen.dot(bx, by, 0.01, (232, 110, 140))
    _bird(
        pen.at(wide * rng.uniform(0.44, 0.56), 0.5, 0.27, -8, rng.random() < 0.5),
        shade_of(text(facts, "colour"), rng),
    )


def _bird(frame: Pen, colour: Colour) -> None:
    for x in (-0.06, 0.14):
        frame.line([(x, 0.5), (x + 0.02, 0.82)], (90, 70, 60), 0.04)
    frame.fill([(-0.5, 0.1), (-1.28, 0.46), (-1.2, 0.62), (-0.36, 0.42)], dark(colour, 0.35))
    frame.fill(
        smooth(
            [
                (-0.62, 0.1),
                (-0.2, -0.3),
                (0.2, -0.62),
                (0.62, -0.6),
                (0.76, -0.28),
                (0.6, 0.2),
                (0.2, 0.56),
                (-0.3, 0.5),
            ]
        ),
        down(light(colour, 0.12), colour, dark(colour, 0.1)),
    )
    frame.fill(
        smooth([(0.62, -0.06), (0.5, 0.24), (0.16, 0.5), (-0.1, 0.46), (0.3, 0.1)]),
        light(colour, 0.5),
    )
    frame.fill(
        smooth([(0.14, -0.14), (-0.3, -0.06), (-0.86, 0.36), (-0.3, 0.36), (0.1, 0.2)]),
        dark(colour, 0.24),
    )
    frame.fill([(0.72, -0.44), (1.02, -0.32), (0.72, -0.24)], (244, 164, 50))
    frame.fill(oval(0.5, -0.4, 0.075), (24, 22, 26))
    frame.dot(0.475, -0.43, 0.026, (255, 255, 255))


KINDS = (
    Kind("owl", "scene", _choose_owl, _word_owl, _draw_owl, ("brown", "grey", "white", "orange")),
    Kind(
        "bird",
        "scene",
        _choose_bird,
        _word_bird,
        _draw_bird,
        ("red", "blue", "yellow", "orange", "turquoise", "green"),
    ),
)
