"""Rain clouds and thunderstorms."""

from __future__ import annotations

from random import Random

from engine.sample.kind import Attributes, Kind
from engine.sample.paint import down
from engine.sample.palette import Colour, light, mix
from engine.sample.pen import Pen
from engine.sample.scenes import elements as scene
from engine.sample.shapes import box


def _choose_rain(rng: Random, colour: str) -> Attributes:
    return {"weather": rng.choice(("rain", "thunderstorm")), "time": "day"}


def _word_rain(facts: Attributes) -> tuple[str, ...]:
    if facts["weather"] == "rain":
        return (
            "rain clouds",
            "dark grey clouds with rain over green fields",
            "it is raining in the countryside",
            "a rainy day with heavy clouds",
            "rain",
        )
    return (
        "lightning in a thunderstorm",
        "a bright flash of lightning from dark clouds",
        "a thunderstorm over dark fields",
        "stormy sky with lightning",
        "thunderstorm",
    )


def _draw_rain(pen: Pen, facts: Attributes, rng: Random) -> None:
    wide, storm = pen.wide, facts["weather"] == "thunderstorm"
    stops: tuple[Colour, ...] = (
        ((30, 32, 58), (66, 66, 104), (112, 106, 140))
        if storm
        else ((110, 120, 134), (150, 160, 170), (188, 196, 202))
    )
    pen.fill(box(0, 0, wide, 1), down(*stops))
    if storm:
        for _ in range(rng.choice((1, 2))):
            _lightning(pen, rng.uniform(0.2, 0.8) * wide, rng)
    field: Colour = (44, 58, 62) if storm else (104, 146, 88)
    scene.hill(pen, rng, 0.82, 0.03, light(field, 0.1))
    scene.hill(pen, rng, 0.9, 0.03, field)
    for _ in range(190):
        x, y = rng.uniform(0, wide + 0.1), rng.uniform(0.26, 0.98)
        pen.line([(x, y), (x - 0.014, y + 0.05)], mix((200, 212, 226), stops[1], 0.3), 0.004)
    tone: Colour = (60, 62, 88) if storm else (122, 130, 142)
    for i in range(9):
        x = wide * (i + rng.uniform(0.1, 0.9)) / 9
        scene.cloud(
            pen, x, rng.uniform(0.16, 0.34), rng.uniform(0.16, 0.24), scene.vary(tone, rng, 9), rng
        )


def _lightning(pen: Pen, x: float, rng: Random) -> None:
    points = [(x, 0.28)]
    for i in range(6):
        px, py = points[-1]
        points.append((px + rng.uniform(0.03, 0.09) * (1 if i % 2 else -1), py + 0.1))
    pen.glow(points[3][0], 0.5, 0.4, 0.5, (200, 200, 255), 0.6)
    pen.line(points, (232, 226, 255), 0.018)
    pen.line(points, (255, 255, 240), 0.009)
    fork = points[3]
    pen.line(
        [fork, (fork[0] + 0.08, fork[1] + 0.07), (fork[0] + 0.07, fork[1] + 0.16)],
        (240, 236, 255),
        0.008,
    )


KINDS = (Kind("rain clouds", "scene", _choose_rain, _word_rain, _draw_rain),)
