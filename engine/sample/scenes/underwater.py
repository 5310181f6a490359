"""Fish above a reef."""

from __future__ import annotations

from random import Random

from engine.sample.kind import Attributes, Kind, text, whole
from engine.sample.paint import down
from engine.sample.palette import Colour, dark, light, shade_of
from engine.sample.pen import Pen
from engine.sample.scenes import elements as scene
from engine.sample.shapes import box, hills, oval, smooth
from engine.sample.words import counted


def _choose_fish(rng: Random, colour: str) -> Attributes:
    return {"colour": colour, "count": rng.choice((1, 2, 3, 4))}


def _word_fish(facts: Attributes) -> tuple[str, ...]:
    n = whole(facts, "count")
    school = counted(n, f"{facts['colour']} fish", f"{facts['colour']} fish")
    return (
        f"{school} under water",
        f"{school} swimming in the sea above a coral reef",
        "an underwater scene with fish and seaweed",
        f"{school}",
        "tropical fish in the ocean",
    )


def fish(
    pen: Pen, x: float, y: float, size: float, colour: Colour, flip: bool, tilt: float
) -> None:
    """A striped reef fish, `2 size` long."""
    frame = pen.at(x, y, size, tilt, flip)
    frame.fill(smooth([(-0.5, 0), (-1, -0.45), (-0.88, 0), (-1, 0.45)]), dark(colour, 0.12))
    frame.fill(smooth([(-0.35, -0.4), (0.0, -0.75), (0.4, -0.4)]), dark(colour, 0.16))
    frame.fill(smooth([(-0.2, 0.4), (0.0, 0.66), (0.24, 0.42)]), dark(colour, 0.16))
    body = smooth(
        [(-0.62, 0), (-0.1, -0.48), (0.5, -0.38), (0.88, 0.02), (0.5, 0.38), (-0.1, 0.46)]
    )
    with frame.inside(body) as inner:
        inner.fill(body, down(light(colour, 0.18), colour, dark(colour, 0.2)))
        for at in (-0.3, 0.22):
            inner.fill(
                smooth(
                    [
                        (at, -0.6),
                        (at + 0.14, 0),
                        (at, 0.6),
                        (at - 0.14, 0.6),
                        (at, 0),
                        (at - 0.14, -0.6),
                    ]
                ),
                (250, 250, 246),
            )
    frame.fill(smooth([(0.1, 0.06), (-0.2, 0.2), (-0.14, 0.0)]), dark(colour, 0.22))
    frame.fill(oval(0.6, -0.09, 0.095), (255, 255, 255))
    frame.fill(oval(0.63, -0.09, 0.055), (20, 22, 30))


def _draw_fish(pen: Pen, facts: Attributes, rng: Random) -> None:
    wide = pen.wide
    pen.fill(box(0, 0, wide, 1), down((92, 202, 224), (30, 130, 188), (12, 66, 126)))
    for _ in range(5):
        x = rng.uniform(-0.1, wide)
        beam = [(x, -0.02), (x + 0.09, -0.02), (x + 0.36, 1), (x + 0.12, 1)]
        pen.veil(beam, (220, 250, 255), 0.22, 0.0)
    line = hills(rng, wide, 0.87, 0.025, 1.4)
    pen.fill([*line, (wide, 1), (0, 1)], down((216, 196, 146), (160, 146, 122)))
    corals = ((236, 104, 110), (244, 160, 80), (176, 96, 180), (246, 196, 90))
    for _ in range(6):
        _coral(pen, rng.uniform(0, wide), rng.uniform(0.9, 0.98), rng.choice(corals), rng)
    for _ in range(7):
        _seaweed(pen, rng.uniform(0, wide), 0.96, rng)
    for _ in range(12):
        bx, by, r = rng.uniform(0, wide), rng.uniform(0.05, 0.8), rng.uniform(0.006, 0.016)
        pen.fill(oval(bx, by, r), (190, 232, 246))
        pen.fill(oval(bx + r * 0.15, by + r * 0.2, r * 0.74), (70, 160, 208))
    n = whole(facts, "count")
    colour = shade_of(text(facts, "colour"), rng)
    size = {1: 0.24, 2: 0.16, 3: 0.13, 4: 0.115}[n] * min(1, wide)
    spots = {
        1: ((0.5, 0.45),),
        2: ((0.32, 0.32), (0.68, 0.58)),
        3: ((0.25, 0.28), (0.7, 0.36), (0.45, 0.66)),
        4: ((0.25, 0.22), (0.7, 0.25), (0.3, 0.6), (0.75, 0.6)),
    }[n]
    flip = rng.random() < 0.5
    for fx, fy in spots:
        fish(
            pen,
            wide * fx + rng.uniform(-0.04, 0.04),
            fy + rng.uniform(-0.04, 0.04),
            size,
            colour,
            flip,
            rng.uniform(-8, 8),
        )


def _coral(pen: Pen, x: float, y: float, colour: Colour, rng: Random) -> None:
    for lean in (-0.06, -0.02, 0.025, 0.06):
        top = (x + lean * 1.6, y - rng.uniform(0.08, 0.16))
        pen.line(
            smooth([(x, y), (x + lean * 0.7, y - 0.05), top], closed=False),
            scene.vary(colour, rng),
            0.022,
        )


def _seaweed(pen: Pen, x: float, y: float, rng: Random) -> None:
    height, sway = rng.uniform(0.14, 0.34), rng.choice((-1, 1)) * 0.022
    stem = [(x + (sway if i % 2 else -sway), y - height * i / 5) for i in range(6)]
    green = scene.vary((44, 136, 84), rng, 20)
    pen.line(smooth(stem, closed=False), green, 0.014)


KINDS = (
    Kind(
        "fish",
        "scene",
        _choose_fish,
        _word_fish,
        _draw_fish,
        ("orange", "yellow", "red", "pink", "purple", "black"),
    ),
)
