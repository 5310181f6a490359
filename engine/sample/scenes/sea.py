"""Scenes at the sea: sunset, beach, lighthouse."""

from __future__ import annotations

from random import Random

from engine.sample.kind import Attributes, Kind, text, whole
from engine.sample.paint import down, stripes, tube
from engine.sample.palette import BRIGHT, Colour, dark, light, mix, shade_of
from engine.sample.pen import Pen
from engine.sample.scenes import elements as scene
from engine.sample.scenes.plants import palm
from engine.sample.shapes import arc, box, hills, smooth
from engine.sample.words import counted

SEA: tuple[Colour, ...] = ((74, 158, 204), (38, 116, 176), (24, 84, 140))


def _choose_sunset(rng: Random, colour: str) -> Attributes:
    return {"time": "sunset", "weather": "clear", "side": rng.choice(("left", "centre", "right"))}


def _word_sunset(facts: Attributes) -> tuple[str, ...]:
    return (
        "sunset over the sea",
        "the sun setting over the ocean under an orange sky",
        "an orange and purple sunset over calm water",
        "evening sun reflected in the water",
        "a sunset at sea with a few birds",
        "sunset",
    )


def _draw_sunset(pen: Pen, facts: Attributes, rng: Random) -> None:
    horizon = rng.uniform(0.55, 0.66)
    x = pen.wide * {"left": 0.27, "centre": 0.5, "right": 0.73}[text(facts, "side")]
    scene.sky(pen, "sunset", rng, horizon)
    for _ in range(rng.randint(4, 7)):
        y = rng.uniform(0.08, horizon - 0.12)
        half = rng.uniform(0.1, 0.34)
        tone = mix((112, 62, 110), (255, 186, 120), rng.random())
        pen.glow(rng.uniform(0, pen.wide), y, half, 0.022, tone, 0.8)
    scene.sun(pen, x, horizon - rng.uniform(0.0, 0.05), 0.075, (255, 206, 110))
    scene.water(pen, horizon, ((236, 134, 92), (150, 76, 108), (58, 42, 92)), rng)
    scene.glitter(pen, x, horizon, (255, 196, 110), rng)
    scene.birds(pen, rng, rng.randint(2, 4), pen.wide - x, 0.25, (62, 40, 74))


def _choose_beach(rng: Random, colour: str) -> Attributes:
    return {"colour": colour, "time": "day", "weather": "sunny", "palms": rng.choice((1, 1, 2))}


def _word_beach(facts: Attributes) -> tuple[str, ...]:
    return (
        f"beach with a palm tree and a {facts['colour']} umbrella",
        f"a sandy beach with {counted(whole(facts, 'palms'), 'palm tree')}",
        f"a {facts['colour']} and white parasol on the beach",
        "a tropical beach with blue sea on a sunny day",
        "summer holiday at the sea",
        "palm beach",
    )


def _draw_beach(pen: Pen, facts: Attributes, rng: Random) -> None:
    scene.sky(pen, "day", rng, 0.5)
    scene.sun(pen, pen.wide * rng.uniform(0.4, 0.7), 0.14, 0.055)
    scene.clouds(pen, rng, 2, (0.14, 0.3))
    scene.water(pen, 0.44, ((64, 164, 208), (64, 190, 206), (130, 220, 214)), rng, 30)
    shore = hills(rng, pen.wide, 0.68, 0.03, 0.8)
    foam = [(x, y - 0.018) for x, y in shore]
    pen.fill([*foam, (pen.wide, 1), (0, 1)], (240, 252, 252))
    pen.fill(
        [*shore, (pen.wide, 1), (0, 1)], down((240, 216, 164), (246, 222, 168), (222, 190, 132))
    )
    flip = rng.random() < 0.5
    left, right = (0.22, 0.68) if not flip else (0.78, 0.32)
    for i in range(whole(facts, "palms")):
        lean = rng.uniform(0.1, 0.24) * (-1 if flip else 1) * (1 if i == 0 else -0.6)
        foot = pen.wide * left + (0.08 if flip else -0.08) * i
        pen.glow(foot, 0.83, 0.14, 0.025, (120, 90, 50), 0.6)
        palm(pen, foot, 0.83 + 0.04 * i, 0.66 - 0.1 * i, (52, 138, 70), rng, lean)
    parasol(pen, pen.wide * right, 0.9, 0.36, shade_of(text(facts, "colour"), rng))


def parasol(pen: Pen, x: float, y: float, height: float, colour: Colour) -> None:
    """A striped beach umbrella stuck into the sand, with a towel."""
    pen.glow(x + height * 0.12, y, height * 0.55, height * 0.09, (110, 80, 50), 0.6)
    frame = pen.at(x, y, height, 8)
    towel = [(-0.1, 0.02), (0.5, -0.05), (0.62, 0.05), (-0.02, 0.13)]
    frame.fill(towel, stripes(light(colour, 0.6), light(colour, 0.25), 5))
    frame.line([(0, 0), (0, -0.98)], (236, 232, 224), 0.03)
    edge = [(-0.55 + 1.1 * i / 5, -0.62 + (0.0 if i in (0, 5) else -0.03)) for i in range(6)]
    dome = [*arc(0, -0.62, 0.55, 0.38, 180, 360), *reversed(edge)]
    frame.fill(dome, tube(colour))
    for i in (0, 2, 4):
        a, b = edge[i], edge[i + 1]
        frame.fill(
            smooth([(0, -1.0), ((a[0] * 0.75), -0.86), a], closed=False)
            + smooth([b, (b[0] * 0.75, -0.86), (0, -1.0)], closed=False),
            (250, 248, 242),
        )
    frame.dot(0, -1.02, 0.02, (250, 248, 242))


def _choose_lighthouse(rng: Random, colour: str) -> Attributes:
    return {"colour": colour, "time": rng.choice(("day", "sunset", "night"))}


def _word_lighthouse(facts: Attributes) -> tuple[str, ...]:
    moment = {"day": "on a clear day", "sunset": "at sunset", "night": "at night"}[
        text(facts, "time")
    ]
    return (
        f"a {facts['colour']} and white lighthouse",
        f"a lighthouse on a cliff by the sea {moment}",
        f"a {facts['colour']} and white striped lighthouse {moment}",
        f"lighthouse {moment}",
        "a lighthouse",
    )


def _draw_lighthouse(pen: Pen, facts: Attributes, rng: Random) -> None:
    time = text(facts, "time")
    scene.sky(pen, time, rng, 0.72)
    if time == "night":
        scene.stars(pen, rng, 90, 0.6)
    elif time == "day":
        scene.clouds(pen, rng, 3, (0.15, 0.36))
    else:
        scene.sun(pen, pen.wide * 0.2, 0.58, 0.06)
    tones = tuple(scene.lit(c, time) for c in SEA)
    scene.water(pen, 0.66, tones, rng)
    x = pen.wide * rng.choice((0.36, 0.62))
    rock = scene.lit((112, 104, 98), time)
    pen.fill(
        smooth(
            [
                (x - 0.42, 1.1),
                (x - 0.3, 0.84),
                (x - 0.1, 0.77),
                (x + 0.16, 0.76),
                (x + 0.34, 0.86),
                (x + 0.5, 1.1),
            ]
        ),
        down(light(rock, 0.2), dark(rock, 0.3)),
    )
    pen.fill(
        smooth([(x - 0.26, 0.83), (x - 0.1, 0.765), (x + 0.16, 0.755), (x + 0.3, 0.84), (x, 0.82)]),
        scene.lit((96, 150, 82), time),
    )
    _lighthouse(pen.at(x, 0.79, 0.6), shade_of(text(facts, "colour"), rng), time)


def _lighthouse(frame: Pen, colour: Colour, time: str) -> None:
    white = (248, 246, 240)
    if time != "day":
        for side in (-1, 1):
            beam = [(0, -0.93), (side * 1.9, -1.15), (side * 1.9, -0.72)]
            frame.veil(beam, (255, 240, 180), 0.28 if time == "night" else 0.16)
    dimmed = "dusk" if time == "night" else time  # its own light falls on it
    tower = [(-0.14, 0), (-0.085, -0.82), (0.085, -0.82), (0.14, 0)]
    with frame.inside(tower) as inner:
        for i in range(5):
            top = -0.82 * (i + 1) / 5
            band = box(-0.2, top, 0.2, top + 0.166)
            inner.fill(band, scene.lit(colour if i % 2 == 0 else white, dimmed))
        inner.veil(box(-0.14, -0.82, 0.14, 0), (10, 14, 40), 0.12, 0.0, 0.06, 0.3, 0.5, across=True)
    for y in (-0.2, -0.5):
        frame.fill(box(-0.022, y - 0.06, 0.022, y, 0.02), (52, 56, 74))
    frame.fill(box(-0.12, -0.85, 0.12, -0.81), (60, 62, 72))
    frame.fill(
        box(-0.065, -0.98, 0.065, -0.85), (255, 236, 160) if time != "day" else (196, 222, 236)
    )
    frame.line([(0, -0.98), (0, -0.85)], (60, 62, 72), 0.014)
    frame.fill([(-0.09, -0.98), (0, -1.08), (0.09, -0.98)], scene.lit(dark(colour, 0.15), dimmed))
    if time != "day":
        frame.glow(0, -0.91, 0.22, 0.22, (255, 240, 180), 0.9)


KINDS = (
    Kind("sunset over the sea", "scene", _choose_sunset, _word_sunset, _draw_sunset),
    Kind("beach", "scene", _choose_beach, _word_beach, _draw_beach, BRIGHT),
    Kind(
        "lighthouse",
        "scene",
        _choose_lighthouse,
        _word_lighthouse,
        _draw_lighthouse,
        ("red", "blue", "black", "green", "red"),
    ),
)
