"""A bridge over a river, and a waterfall."""

from __future__ import annotations

from random import Random

from engine.sample.kind import Attributes, Kind, text
from engine.sample.paint import across, down
from engine.sample.palette import Colour, dark, light, shade_of
from engine.sample.pen import Pen
from engine.sample.scenes import elements as scene
from engine.sample.scenes.plants import leafy_tree, pine
from engine.sample.shapes import box, crags, hills, oval


def _choose_bridge(rng: Random, colour: str) -> Attributes:
    return {"colour": colour, "time": rng.choice(("day", "sunset", "morning"))}


def _word_bridge(facts: Attributes) -> tuple[str, ...]:
    moment = {"day": "on a clear day", "sunset": "at sunset", "morning": "in the morning"}
    return (
        f"a {facts['colour']} suspension bridge",
        f"a big {facts['colour']} bridge over the water",
        f"a suspension bridge with two towers {moment[text(facts, 'time')]}",
        f"bridge over a wide river {moment[text(facts, 'time')]}",
        "a bridge",
    )


def _draw_bridge(pen: Pen, facts: Attributes, rng: Random) -> None:
    time, wide = text(facts, "time"), pen.wide
    scene.sky(pen, time, rng, 0.75)
    if time == "sunset":
        scene.sun(pen, wide * rng.uniform(0.4, 0.6), 0.5, 0.06)
    else:
        scene.clouds(pen, rng, 3, (0.12, 0.32))
    far = hills(rng, wide, 0.62, 0.05, 1.3)
    pen.fill([*far, (wide, 0.8), (0, 0.8)], scene.lit((104, 134, 150), time))
    water: tuple[Colour, ...] = ((112, 168, 200), (62, 122, 168), (40, 88, 132))
    scene.water(pen, 0.7, tuple(scene.lit(c, time) for c in water), rng)
    steel = shade_of(text(facts, "colour"), rng)
    deck, top = 0.6, rng.uniform(0.2, 0.26)
    towers = (wide * 0.26, wide * 0.74)
    sag = deck - 0.04
    spans = ((-0.24 * wide, towers[0]), towers, (towers[1], 1.24 * wide))
    for a, b in spans:
        cable = [
            (a + (b - a) * i / 24, top + 0.01 + (sag - top) * (1 - (i / 12 - 1) ** 2))
            for i in range(25)
        ]
        for x, y in cable[1:-1]:
            pen.line([(x, y), (x, deck)], light(steel, 0.15), 0.004)
        pen.line(cable, dark(steel, 0.12), 0.011)
    for x in towers:
        pen.glow(x, 0.88, 0.05, 0.2, dark(steel, 0.3), 0.4)
        for dx in (-0.028, 0.028):
            pen.fill(
                box(x + dx - 0.011, top - 0.02, x + dx + 0.011, 0.78),
                across(light(steel, 0.15), dark(steel, 0.25)),
            )
        for y in (top, top + 0.12, top + 0.24):
            pen.fill(box(x - 0.03, y, x + 0.03, y + 0.022), dark(steel, 0.1))
        pen.fill(box(x - 0.06, 0.75, x + 0.06, 0.8, 0.01), scene.lit((150, 150, 150), time))
    pen.fill(box(0, deck, wide, deck + 0.028), down(light(steel, 0.2), dark(steel, 0.25)))


def _choose_waterfall(rng: Random, colour: str) -> Attributes:
    return {"time": "day", "plants": "trees"}


def _word_waterfall(facts: Attributes) -> tuple[str, ...]:
    return (
        "a waterfall in the forest",
        "a white waterfall falling from a high cliff into a blue pool",
        "waterfall between rocks and green trees",
        "waterfall",
    )


def _draw_waterfall(pen: Pen, facts: Attributes, rng: Random) -> None:
    wide, x = pen.wide, pen.wide * rng.uniform(0.42, 0.58)
    scene.sky(pen, "day", rng)
    scene.clouds(pen, rng, 2, (0.08, 0.14))
    for i in range(12):
        pine(
            pen,
            wide * (i + rng.uniform(0.2, 0.8)) / 12,
            0.3,
            rng.uniform(0.14, 0.26),
            (54, 116, 74),
            rng,
        )
    rock = scene.vary((116, 112, 108), rng)
    for side in (-1, 1):
        inner_edge = crags(rng, (x + side * 0.1, 0.26), (x + side * 0.13, 0.8), 0.01, 3)
        jag = [(px + rng.uniform(-0.02, 0.02), py) for px, py in inner_edge]
        edge = wide + 0.05 if side > 0 else -0.05
        pen.fill([*jag, (edge, 0.84), (edge, 0.24)], down(light(rock, 0.18), rock, dark(rock, 0.4)))
        for _ in range(9):
            rx = rng.uniform(min(x + side * 0.16, edge), max(x + side * 0.16, edge))
            ry = rng.uniform(0.32, 0.74)
            pen.fill(
                [(rx - 0.06, ry), (rx + 0.02, ry - 0.035), (rx + 0.08, ry), (rx + 0.03, ry + 0.05)],
                rng.choice((light(rock, 0.12), dark(rock, 0.2))),
            )
        grass_line = hills(rng, wide, 0.26, 0.012, 3)
        cap = [p for p in grass_line if (p[0] - x) * side > 0.08]
        pen.fill([*cap, *((px, py + 0.035) for px, py in reversed(cap))], (92, 156, 76))
    fall = box(x - 0.125, 0.26, x + 0.125, 0.84)
    pen.fill(fall, down((226, 240, 250), (196, 224, 242), (240, 248, 252)))
    for _ in range(34):
        fx, top = x + rng.uniform(-0.115, 0.115), rng.uniform(0.27, 0.7)
        pen.line(
            [(fx, top), (fx, top + rng.uniform(0.06, 0.16))],
            rng.choice(((255, 255, 255), (168, 206, 230))),
            0.007,
        )
    scene.water(pen, 0.8, ((120, 200, 214), (56, 150, 178), (34, 110, 142)), rng, 30)
    for dx in (-0.14, -0.07, 0.0, 0.07, 0.14):
        pen.glow(x + dx, 0.81, 0.13, 0.075, (250, 253, 255), 0.95)
    for edge in (0.03, 0.97):
        pen.fill(oval(wide * edge, 0.96, 0.24, 0.09), (96, 156, 78))
    for edge in (0.08, 0.94):
        leafy_tree(
            pen, wide * edge, 0.92, rng.uniform(0.42, 0.52), scene.vary((66, 140, 62), rng), rng
        )


KINDS = (
    Kind(
        "bridge",
        "scene",
        _choose_bridge,
        _word_bridge,
        _draw_bridge,
        ("red", "grey", "green", "orange", "blue"),
        ((432, 288), (448, 300), (400, 300)),
    ),
    Kind(
        "waterfall",
        "scene",
        _choose_waterfall,
        _word_waterfall,
        _draw_waterfall,
        sizes=((400, 300), (360, 360), (320, 400), (384, 384)),
    ),
)
