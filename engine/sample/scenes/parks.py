"""Parks: a path under autumn trees, a bench."""

from __future__ import annotations

from random import Random

from engine.sample.kind import Attributes, Kind, text
from engine.sample.paint import down
from engine.sample.palette import Colour, dark, light, mix, shade_of
from engine.sample.pen import Pen
from engine.sample.scenes import elements as scene
from engine.sample.scenes.plants import grass, leafy_tree
from engine.sample.shapes import box, oval


def _choose_autumn(rng: Random, colour: str) -> Attributes:
    return {"time": "day", "season": "autumn"}


def _word_autumn(facts: Attributes) -> tuple[str, ...]:
    return (
        "autumn trees",
        "trees with orange, red and yellow leaves in autumn",
        "colourful fall foliage along a path",
        "an autumn park covered with fallen leaves",
        "autumn leaves",
    )


def _draw_autumn(pen: Pen, facts: Attributes, rng: Random) -> None:
    wide = pen.wide
    scene.sky(pen, rng.choice(("day", "morning")), rng)
    scene.hill(pen, rng, 0.56, 0.05, (196, 156, 92))
    scene.hill(pen, rng, 0.66, 0.03, (172, 150, 76))
    leaves: tuple[Colour, ...] = ((222, 120, 38), (200, 62, 40), (240, 180, 52), (186, 96, 36))
    middle = wide * rng.uniform(0.4, 0.6)
    pen.fill(
        [
            (middle - 0.03, 0.66),
            (middle + 0.03, 0.66),
            (middle + 0.26, 1.01),
            (middle - 0.26, 1.01),
        ],
        (206, 182, 146),
    )
    for row, n in ((0, 7), (1, 5), (2, 3)):
        for i in range(n):
            x = wide * (i + rng.uniform(0.2, 0.8)) / n
            if row == 0 or abs(x - middle) > 0.1 + 0.1 * row:
                leafy_tree(
                    pen,
                    x,
                    0.66 + 0.1 * row,
                    0.3 + 0.14 * row,
                    scene.vary(rng.choice(leaves), rng, 12),
                    rng,
                )
    for _ in range(130):
        near = rng.random()
        x, y = rng.uniform(0, wide), 0.72 + 0.28 * near
        pen.fill(
            oval(x, y, 0.004 + 0.01 * near, 0.003 + 0.005 * near, rng.uniform(-40, 40)),
            rng.choice(leaves),
        )


def _choose_bench(rng: Random, colour: str) -> Attributes:
    return {"colour": colour, "season": rng.choice(("summer", "autumn"))}


def _word_bench(facts: Attributes) -> tuple[str, ...]:
    return (
        f"a {facts['colour']} bench in the park",
        f"an empty {facts['colour']} park bench under a tree in {facts['season']}",
        "a bench next to a street lamp",
        f"{facts['season']} in the park",
        "park bench",
    )


def _draw_bench(pen: Pen, facts: Attributes, rng: Random) -> None:
    wide, autumn = pen.wide, facts["season"] == "autumn"
    scene.sky(pen, "morning" if autumn else "day", rng)
    ground: Colour = (188, 158, 92) if autumn else (122, 182, 88)
    leaf: Colour = (224, 132, 46) if autumn else (82, 148, 64)
    scene.hill(pen, rng, 0.6, 0.03, mix(ground, (180, 210, 210), 0.4))
    for i in range(5):
        leafy_tree(
            pen,
            wide * (i + rng.uniform(0.2, 0.8)) / 5,
            0.68,
            rng.uniform(0.26, 0.36),
            mix(leaf, (190, 214, 220), 0.4),
            rng,
        )
    pen.fill(box(0, 0.68, wide, 1), down(light(ground, 0.15), dark(ground, 0.12)))
    side = rng.choice((0.2, 0.8))
    leafy_tree(pen, wide * side, 0.8, 0.72, scene.vary(leaf, rng), rng)
    pen.fill(box(0, 0.88, wide, 0.97), (220, 206, 178))
    grass(pen, rng, 0.7, 60 if not autumn else 0, dark(ground, 0.12))
    lamp_x = wide * (1 - side)
    pen.line([(lamp_x, 0.86), (lamp_x, 0.3)], (52, 56, 62), 0.014)
    pen.fill(
        [(lamp_x - 0.03, 0.2), (lamp_x + 0.03, 0.2), (lamp_x + 0.02, 0.3), (lamp_x - 0.02, 0.3)],
        (252, 240, 200),
    )
    pen.fill([(lamp_x - 0.04, 0.2), (lamp_x, 0.165), (lamp_x + 0.04, 0.2)], (52, 56, 62))
    frame = pen.at(wide * 0.5, 0.9, 0.28)
    tone = shade_of(text(facts, "colour"), rng)
    frame.glow(0, 0, 1.0, 0.1, (20, 20, 20), 0.55)
    for x in (-0.66, 0.62):
        frame.line([(x, 0), (x, -0.72)], (50, 50, 56), 0.06)
        frame.line([(x + 0.08, 0.03), (x + 0.08, -0.3)], (50, 50, 56), 0.06)
    for y, tall in ((-0.76, 0.12), (-0.6, 0.12), (-0.36, 0.07), (-0.27, 0.08)):
        frame.fill(box(-0.84, y, 0.84, y + tall, 0.03), down(light(tone, 0.18), dark(tone, 0.14)))


KINDS = (
    Kind("autumn trees", "scene", _choose_autumn, _word_autumn, _draw_autumn),
    Kind(
        "park bench",
        "scene",
        _choose_bench,
        _word_bench,
        _draw_bench,
        ("red", "green", "blue", "white", "brown", "yellow"),
    ),
)
