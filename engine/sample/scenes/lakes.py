"""Scenes on a lake: sailing boats, ducks, a pier."""

from __future__ import annotations

from random import Random

from engine.sample.kind import Attributes, Kind, text, whole
from engine.sample.paint import across, down, grain
from engine.sample.palette import COLOURS, Colour, dark, light, mix, shade_of
from engine.sample.pen import Pen
from engine.sample.scenes import elements as scene
from engine.sample.shapes import arc, box, hills, oval, smooth
from engine.sample.words import counted

LAKE: tuple[Colour, ...] = ((120, 184, 214), (66, 138, 186), (42, 102, 154))


def sailing_boat(pen: Pen, x: float, y: float, size: float, sail: Colour, hull: Colour) -> None:
    """A boat `2 size` high that floats at (x, y)."""
    pen.glow(x, y + 0.03 * size, size * 0.95, size * 0.16, (10, 30, 60), 0.5)
    frame = pen.at(x, y, size)
    frame.line([(0, -0.1), (0, -1.85)], (92, 68, 50), 0.05)
    main = smooth([(0.05, -1.8), (0.5, -1.0), (0.82, -0.28), (0.05, -0.28), (0.05, -1.0)], steps=5)
    frame.fill(
        [(0.05, -1.8), *main[5:15], (0.82, -0.28), (0.05, -0.28)],
        across(light(sail, 0.22), sail, dark(sail, 0.12)),
    )
    frame.fill([(-0.05, -1.6), (-0.05, -0.28), (-0.6, -0.28)], across(sail, light(sail, 0.4)))
    frame.fill(
        [
            *smooth([(-0.85, -0.22), (-0.6, 0.05), (0, 0.12), (0.6, 0.06)], closed=False),
            (0.98, -0.24),
        ],
        down(light(hull, 0.2), dark(hull, 0.25)),
    )
    frame.line([(-0.82, -0.22), (0.95, -0.23)], light(hull, 0.55), 0.05)


def _choose_boats(rng: Random, colour: str) -> Attributes:
    return {
        "colour": colour,
        "count": rng.choice((1, 1, 2, 3)),
        "time": rng.choice(("day", "day", "morning", "sunset")),
    }


def _word_boats(facts: Attributes) -> tuple[str, ...]:
    n = whole(facts, "count")
    boats = counted(n, "sailing boat")
    sails = f"a {facts['colour']} sail" if n == 1 else f"{facts['colour']} sails"
    moment = {"day": "on a sunny day", "morning": "in the morning", "sunset": "at sunset"}
    return (
        f"{boats} on a lake",
        f"{boats} with {sails}",
        f"{counted(n, 'sailboat')} with {sails} on the water with hills behind",
        f"sailing on a lake {moment[text(facts, 'time')]}",
        counted(n, "boat"),
    )


def _draw_boats(pen: Pen, facts: Attributes, rng: Random) -> None:
    time, horizon = text(facts, "time"), rng.uniform(0.46, 0.54)
    scene.sky(pen, time, rng, horizon + 0.1)
    if time != "sunset":
        scene.clouds(pen, rng, rng.randint(2, 3), (0.12, 0.3))
    else:
        scene.sun(pen, pen.wide * rng.uniform(0.2, 0.8), horizon - 0.06, 0.05)
    far = hills(rng, pen.wide, horizon - 0.07, 0.05, 1.2)
    pen.fill(
        [*far, (pen.wide, horizon + 0.05), (0, horizon + 0.05)], scene.lit((98, 142, 150), time)
    )
    near = hills(rng, pen.wide, horizon - 0.02, 0.03, 1.7)
    pen.fill(
        [*near, (pen.wide, horizon + 0.05), (0, horizon + 0.05)], scene.lit((74, 128, 92), time)
    )
    tones = tuple(scene.lit(c, time) for c in LAKE)
    scene.water(pen, horizon, tones, rng)
    n, sail = whole(facts, "count"), shade_of(text(facts, "colour"), rng)
    hull = COLOURS["white"] if text(facts, "colour") != "white" else (120, 66, 40)
    size = {1: 0.25, 2: 0.19, 3: 0.15}[n] * min(1.0, pen.wide / 1.2)
    for i in range(n):
        x = pen.wide * (i + 0.5) / n + rng.uniform(-0.06, 0.06)
        y = horizon + rng.uniform(0.14, 0.3) + 0.05 * i
        reflected = mix(sail, tones[1], 0.6)
        pen.glow(x + size * 0.2, y + size * 0.35, size * 0.5, size * 0.5, reflected, 0.6)
        sailing_boat(pen, x, y, size * rng.uniform(0.9, 1.1), sail, hull)


def _choose_ducks(rng: Random, colour: str) -> Attributes:
    return {"colour": colour, "count": rng.choice((1, 2, 3)), "time": "day"}


def _word_ducks(facts: Attributes) -> tuple[str, ...]:
    n = whole(facts, "count")
    ducks = counted(n, f"{facts['colour']} duck")
    return (
        f"{ducks} on a pond",
        f"{ducks} swimming on the water",
        f"{counted(n, 'duck')} on a lake with green reeds",
        counted(n, "duck"),
        f"{facts['colour']} {'duck' if n == 1 else 'ducks'}",
    )


def _draw_ducks(pen: Pen, facts: Attributes, rng: Random) -> None:
    wide = pen.wide
    scene.sky(pen, "day", rng, 0.3)
    scene.hill(pen, rng, 0.2, 0.03, (112, 172, 92))
    scene.water(pen, 0.34, ((134, 196, 214), (82, 156, 190), (52, 120, 160)), rng, 60)
    for _ in range(26):
        x, h = rng.uniform(0, wide), rng.uniform(0.08, 0.2)
        pen.line(
            [(x, 0.36), (x + rng.uniform(-0.03, 0.03), 0.36 - h)],
            scene.vary((86, 138, 62), rng, 16),
            0.009,
        )
    n, colour = whole(facts, "count"), shade_of(text(facts, "colour"), rng)
    size = {1: 0.23, 2: 0.16, 3: 0.125}[n] * min(1, wide)
    for i in range(n):
        x, y = wide * (i + 0.5) / n + rng.uniform(-0.03, 0.03), rng.uniform(0.62, 0.76)
        _duck(pen.at(x, y, size, flip=rng.random() < 0.5), colour)


def _duck(frame: Pen, colour: Colour) -> None:
    frame.glow(0, 0.34, 1.25, 0.2, (16, 54, 84), 0.6)
    body = smooth(
        [
            (-1.0, -0.3),
            (-0.6, -0.12),
            (0.0, -0.2),
            (0.45, -0.25),
            (0.72, 0.05),
            (0.5, 0.34),
            (-0.4, 0.36),
            (-0.85, 0.12),
        ]
    )
    frame.fill(body, down(light(colour, 0.22), colour, dark(colour, 0.2)))
    frame.fill(smooth([(0.3, 0.0), (0.3, -0.5), (0.62, -0.5), (0.72, 0.05)]), colour)
    frame.fill(oval(0.5, -0.62, 0.3), light(colour, 0.1))
    frame.fill(smooth([(0.74, -0.68), (1.08, -0.56), (1.06, -0.5), (0.74, -0.48)]), (240, 136, 30))
    frame.fill(oval(0.58, -0.7, 0.05), (24, 24, 28))
    wing = smooth([(-0.62, -0.1), (-0.1, -0.16), (0.3, 0.0), (0.0, 0.2), (-0.45, 0.16)])
    frame.fill(wing, down(dark(colour, 0.04), dark(colour, 0.22)))
    for y in (0.38, 0.46):
        frame.line(arc(0, y - 0.1, 1.1, 0.12, 20, 160), (190, 224, 236), 0.02)


def _choose_pier(rng: Random, colour: str) -> Attributes:
    return {"time": rng.choice(("morning", "sunset", "dusk"))}


def _word_pier(facts: Attributes) -> tuple[str, ...]:
    moment = {"morning": "in the morning", "sunset": "at sunset", "dusk": "at dusk"}[
        text(facts, "time")
    ]
    return (
        "a wooden pier on a lake",
        f"a wooden jetty leading into a calm lake {moment}",
        f"a quiet lake with mountains {moment}",
        "pier",
    )


def _draw_pier(pen: Pen, facts: Attributes, rng: Random) -> None:
    wide, time = pen.wide, text(facts, "time")
    scene.sky(pen, time, rng, 0.62)
    for i in range(4):
        x = wide * (i + rng.uniform(0.1, 0.9)) / 4
        scene.mountain(
            pen,
            x,
            rng.uniform(0.3, 0.4),
            rng.uniform(0.28, 0.38),
            scene.lit((120, 138, 168), time),
            rng,
        )
    stops = scene.SKIES[time]
    scene.water(pen, 0.55, (dark(stops[-1], 0.12), dark(stops[1], 0.2), dark(stops[0], 0.25)), rng)
    x = wide * rng.uniform(0.4, 0.6)
    wood: Colour = scene.lit((150, 112, 82), time)
    deck = [(x - 0.055, 0.64), (x + 0.055, 0.64), (x + 0.3, 1.02), (x - 0.3, 1.02)]
    for k in (0.0, 0.25, 0.55):
        half, y = 0.06 + 0.25 * k, 0.64 + 0.38 * k
        for side in (-1, 1):
            pen.fill(
                box(x + side * half - 0.012, y - 0.06, x + side * half + 0.012, y + 0.1),
                dark(wood, 0.35),
            )
    with pen.inside(deck) as inner:
        inner.fill(deck, grain(wood, rng.getrandbits(30), 0.18))
        y = 0.64
        while y < 1:
            inner.line([(0, y), (wide, y)], dark(wood, 0.3), 0.004 + 0.006 * (y - 0.6))
            y += 0.012 + 0.1 * (y - 0.62)


KINDS = (
    Kind(
        "sailing boats",
        "scene",
        _choose_boats,
        _word_boats,
        _draw_boats,
        ("white", "red", "yellow", "blue", "orange", "white"),
    ),
    Kind("ducks", "scene", _choose_ducks, _word_ducks, _draw_ducks, ("yellow", "white", "brown")),
    Kind("pier", "scene", _choose_pier, _word_pier, _draw_pier),
)
