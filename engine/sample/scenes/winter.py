"""Winter: a snowman, a cabin in the snow, penguins on the ice."""

from __future__ import annotations

from random import Random

from engine.sample.kind import Attributes, Kind, text, whole
from engine.sample.paint import down, sphere
from engine.sample.palette import Colour, dark, shade_of
from engine.sample.pen import Pen
from engine.sample.scenes import elements as scene
from engine.sample.scenes.plants import pine
from engine.sample.scenes.things import house
from engine.sample.shapes import box, hills, oval, smooth
from engine.sample.words import counted


def _choose_penguins(rng: Random, colour: str) -> Attributes:
    return {"count": rng.choice((1, 2, 3)), "season": "winter"}


def _word_penguins(facts: Attributes) -> tuple[str, ...]:
    penguins = counted(whole(facts, "count"), "penguin")
    return (
        f"{penguins} on the ice",
        f"{penguins} standing in the snow in front of icebergs",
        f"black and white {'penguin' if facts['count'] == 1 else 'penguins'} at the South Pole",
        penguins,
        "antarctic wildlife",
    )


def _draw_penguins(pen: Pen, facts: Attributes, rng: Random) -> None:
    wide = pen.wide
    scene.sky(pen, "winter", rng, 0.6)
    scene.water(pen, 0.5, ((96, 164, 196), (54, 122, 166)), rng, 30)
    for i in range(3):
        x, s = wide * (i + rng.uniform(0.3, 0.7)) / 3, rng.uniform(0.12, 0.22)
        berg = [
            (x - s, 0.53),
            (x - s * 0.7, 0.53 - s * 0.8),
            (x - s * 0.1, 0.53 - s * 1.25),
            (x + s * 0.4, 0.53 - s * 0.7),
            (x + s, 0.53),
        ]
        pen.fill(berg, down((250, 253, 255), (190, 220, 238)))
        pen.fill(
            [
                (x - s * 0.1, 0.53 - s * 1.25),
                (x + s * 0.4, 0.53 - s * 0.7),
                (x + s, 0.53),
                (x + s * 0.1, 0.53),
            ],
            (168, 204, 228),
        )
    pen.fill(
        [*hills(rng, wide, 0.66, 0.02, 1.2), (wide, 1), (0, 1)],
        down((250, 252, 255), (214, 228, 242)),
    )
    n = whole(facts, "count")
    for i in range(n):
        x = wide * (i + 0.5) / n + rng.uniform(-0.04, 0.04)
        size = {1: 0.36, 2: 0.3, 3: 0.26}[n] * rng.uniform(0.9, 1.06) * min(1, wide)
        _penguin(pen.at(x, rng.uniform(0.86, 0.92), size, rng.uniform(-5, 5)))


def _penguin(frame: Pen) -> None:
    ink, bib, beak = (40, 42, 54), (252, 252, 250), (246, 156, 50)
    frame.glow(0, 0, 0.6, 0.09, (70, 100, 140), 0.6)
    for side in (-1, 1):
        frame.fill(oval(side * 0.2, -0.02, 0.18, 0.07), beak)
        frame.fill(
            smooth(
                [
                    (side * 0.36, -1.0),
                    (side * 0.66, -0.56),
                    (side * 0.62, -0.4),
                    (side * 0.4, -0.56),
                ]
            ),
            ink,
        )
    frame.fill(
        smooth(
            [
                (0, -1.62),
                (0.36, -1.4),
                (0.46, -0.7),
                (0.36, -0.14),
                (0, -0.02),
                (-0.36, -0.14),
                (-0.46, -0.7),
                (-0.36, -1.4),
            ]
        ),
        ink,
    )
    frame.fill(
        smooth(
            [
                (0, -1.08),
                (0.28, -0.9),
                (0.32, -0.5),
                (0.24, -0.16),
                (0, -0.08),
                (-0.24, -0.16),
                (-0.32, -0.5),
                (-0.28, -0.9),
            ]
        ),
        bib,
    )
    for side in (-1, 1):
        frame.fill(oval(side * 0.13, -1.26, 0.16, 0.19), bib)
        frame.fill(oval(side * 0.12, -1.3, 0.05, 0.06), (24, 24, 30))
    frame.fill([(-0.1, -1.22), (0.1, -1.22), (0, -1.06)], beak)


def _snow(pen: Pen, rng: Random, count: int) -> None:
    for _ in range(count):
        pen.dot(
            rng.uniform(0, pen.wide),
            rng.uniform(0, 1),
            rng.choice((0.004, 0.006, 0.009)),
            (255, 255, 255),
        )


def _choose_snowman(rng: Random, colour: str) -> Attributes:
    return {"colour": colour, "season": "winter", "weather": rng.choice(("snowfall", "clear"))}


def _word_snowman(facts: Attributes) -> tuple[str, ...]:
    return (
        f"a snowman with a {facts['colour']} scarf",
        f"a snowman with a hat, a carrot nose and a {facts['colour']} scarf",
        "a snowman in falling snow"
        if facts["weather"] == "snowfall"
        else "a snowman on a clear winter day",
        "a smiling snowman in front of snowy fir trees",
        "snowman in winter",
    )


def _draw_snowman(pen: Pen, facts: Attributes, rng: Random) -> None:
    wide = pen.wide
    scene.sky(pen, "winter" if facts["weather"] == "snowfall" else "day", rng)
    scene.hill(pen, rng, 0.62, 0.04, (216, 226, 238))
    for i in range(9):
        pine(
            pen,
            wide * (i + rng.uniform(0.1, 0.9)) / 9,
            0.7,
            rng.uniform(0.24, 0.4),
            (58, 108, 88),
            rng,
            True,
        )
    scene.hill(pen, rng, 0.74, 0.025, (238, 243, 249))
    frame = pen.at(wide * rng.choice((0.36, 0.5, 0.64)), 0.92, 0.38)
    frame.glow(0.08, 0, 0.75, 0.12, (96, 120, 160), 0.6)
    for side in (-1, 1):
        hand = [(side * 0.3, -0.85), (side * 0.72, -1.1)]
        frame.line(hand, (96, 66, 44), 0.035)
        frame.line([(side * 0.6, -1.03), (side * 0.66, -1.18)], (96, 66, 44), 0.025)
    for y, r in ((-0.38, 0.46), (-0.95, 0.34), (-1.4, 0.26)):
        frame.fill(oval(0, y, r, r * 0.96), sphere((232, 240, 250)))
    scarf = shade_of(text(facts, "colour"), rng)
    frame.fill([(0.06, -1.2), (0.22, -1.18), (0.28, -0.76), (0.12, -0.74)], dark(scarf, 0.14))
    frame.fill(
        smooth(
            [(-0.27, -1.26), (0, -1.18), (0.27, -1.26), (0.26, -1.12), (0, -1.05), (-0.26, -1.12)]
        ),
        scarf,
    )
    for side in (-1, 1):
        frame.dot(side * 0.09, -1.47, 0.032, (28, 28, 34))
    frame.fill([(0, -1.41), (0.0, -1.34), (0.27, -1.34)], (242, 132, 38))
    for i in range(5):
        frame.dot(-0.11 + i * 0.055, -1.28 + (0.0, 0.022, 0.03, 0.022, 0.0)[i], 0.014, (28, 28, 34))
    for y in (-1.0, -0.86, -0.5, -0.3):
        frame.dot(0, y, 0.03, (34, 34, 42))
    frame.fill(oval(0, -1.6, 0.3, 0.05), (38, 38, 46))
    frame.fill(box(-0.18, -1.96, 0.18, -1.6, 0.02), (38, 38, 46))
    frame.fill(box(-0.18, -1.7, 0.18, -1.62), scarf)
    if facts["weather"] == "snowfall":
        _snow(pen, rng, 130)


def _choose_cabin(rng: Random, colour: str) -> Attributes:
    return {"season": "winter", "time": rng.choice(("dusk", "night")), "weather": "snowfall"}


def _word_cabin(facts: Attributes) -> tuple[str, ...]:
    moment = "in the evening" if facts["time"] == "dusk" else "at night"
    return (
        "a cabin in the snow",
        f"a wooden house with lit windows in a snowy forest {moment}",
        f"a cosy winter cabin {moment}",
        "snow falling on a little house between fir trees",
        "winter night" if facts["time"] == "night" else "winter evening",
    )


def _draw_cabin(pen: Pen, facts: Attributes, rng: Random) -> None:
    wide, time = pen.wide, text(facts, "time")
    scene.sky(pen, time, rng)
    if time == "night":
        scene.stars(pen, rng, 70, 0.5)
    ground: Colour = (150, 164, 206)
    scene.hill(pen, rng, 0.66, 0.04, dark(ground, 0.25))
    for i in range(11):
        pine(
            pen,
            wide * (i + rng.uniform(0.1, 0.9)) / 11,
            0.74,
            rng.uniform(0.3, 0.5),
            (34, 58, 78),
            rng,
            True,
        )
    scene.hill(pen, rng, 0.76, 0.02, ground)
    x = wide * rng.uniform(0.42, 0.58)
    pen.glow(x, 0.8, 0.5, 0.22, (255, 206, 130), 0.5)
    house(pen, x, 0.82, 0.24, (126, 84, 58), (228, 234, 246), True)
    pen.glow(x, 0.85, 0.32, 0.06, (255, 220, 150), 0.6)
    for side in (0.08, 0.92):
        pine(pen, wide * side, 0.95, rng.uniform(0.5, 0.6), (30, 56, 70), rng, True)
    _snow(pen, rng, 120)


KINDS = (
    Kind(
        "snowman",
        "scene",
        _choose_snowman,
        _word_snowman,
        _draw_snowman,
        ("red", "blue", "green", "orange", "purple", "yellow"),
    ),
    Kind("cabin in the snow", "scene", _choose_cabin, _word_cabin, _draw_cabin),
    Kind("penguins", "scene", _choose_penguins, _word_penguins, _draw_penguins),
)
