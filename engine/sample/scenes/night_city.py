"""A city at night, fireworks above it, and paper lanterns."""

from __future__ import annotations

import math
from random import Random

from engine.sample.kind import Attributes, Kind, text, whole
from engine.sample.paint import across
from engine.sample.palette import Colour, dark, light, mix, shade_of
from engine.sample.pen import Pen
from engine.sample.scenes import elements as scene
from engine.sample.shapes import below, box, hills, smooth
from engine.sample.words import counted

_LAMP: Colour = (255, 220, 120)


def _choose_skyline(rng: Random, colour: str) -> Attributes:
    return {
        "time": "night",
        "moon": rng.choice(("full", "none")),
        "river": rng.choice(("yes", "no")),
    }


def _word_skyline(facts: Attributes) -> tuple[str, ...]:
    return (
        "city skyline at night",
        "skyscrapers with lit windows at night",
        "city lights reflected in the river at night"
        if facts["river"] == "yes"
        else "tall buildings with lights on",
        "a big city at night with a full moon" if facts["moon"] == "full" else "downtown at night",
        "night city",
    )


def buildings(
    pen: Pen,
    rng: Random,
    base: float,
    heights: tuple[float, float],
    wall: Colour,
    lamp: Colour | None,
    share: float = 0.5,
) -> None:
    """A row of towers standing on `base`; a `share` of their windows shines in `lamp`."""
    x = -0.03
    while x < pen.wide:
        broad, high = rng.uniform(0.075, 0.15), rng.uniform(*heights)
        tone = scene.vary(wall, rng, 7)
        top = base - high
        roof = rng.random()
        if roof < 0.2:
            pen.fill([(x, top), (x + broad / 2, top - 0.06), (x + broad, top)], dark(tone, 0.1))
        elif roof < 0.45:
            pen.line([(x + broad / 2, top), (x + broad / 2, top - 0.08)], tone, 0.006)
        elif roof < 0.7:
            pen.fill(box(x + broad * 0.25, top - 0.03, x + broad * 0.75, top), dark(tone, 0.12))
        pen.fill(box(x, top, x + broad, base), across(light(tone, 0.08), dark(tone, 0.16)))
        _windows(pen, rng, (x, top, broad, base), lamp, tone, share)
        x += broad + rng.choice((0.0, 0.004, 0.012))


def _windows(
    pen: Pen,
    rng: Random,
    tower: tuple[float, float, float, float],
    lamp: Colour | None,
    wall: Colour,
    share: float,
) -> None:
    x, top, broad, base = tower
    columns = max(2, round(broad / 0.026))
    step = broad / (columns + 0.5)
    y = top + 0.022
    unlit = dark(wall, 0.3) if lamp else light(wall, 0.35)
    while y < base - 0.02:
        for i in range(columns):
            left = x + step * (i + 0.45)
            tone = scene.vary(lamp, rng, 14) if lamp and rng.random() < share else unlit
            pen.fill(box(left, y, left + step * 0.6, y + 0.016), tone)
        y += 0.03


def _draw_skyline(pen: Pen, facts: Attributes, rng: Random) -> None:
    wide = pen.wide
    base = 0.8 if facts["river"] == "yes" else 1.02
    scene.sky(pen, "night", rng)
    scene.stars(pen, rng, 60, 0.4)
    if facts["moon"] == "full":
        scene.moon(pen, wide * rng.uniform(0.15, 0.85), 0.15, 0.06, True)
    pen.glow(wide / 2, base - 0.1, wide * 0.8, 0.5, (150, 104, 150), 0.5)
    buildings(pen, rng, base, (0.34, 0.6), (52, 52, 98), _LAMP, 0.35)
    buildings(pen, rng, base, (0.16, 0.42), (28, 28, 62), _LAMP, 0.55)
    if facts["river"] == "yes":
        scene.water(pen, base, ((44, 48, 96), (20, 24, 62), (12, 14, 40)), rng, 20)
        for _ in range(60):
            x, y = rng.uniform(0, wide), base + 0.2 * rng.random() ** 1.4
            tone = rng.choice((_LAMP, (255, 170, 110), (150, 190, 255)))
            pen.fill(
                box(x, y, x + rng.uniform(0.02, 0.06), y + 0.006), mix(tone, (24, 28, 70), 0.35)
            )


def _choose_fireworks(rng: Random, colour: str) -> Attributes:
    return {"time": "night", "colour": colour}


def _word_fireworks(facts: Attributes) -> tuple[str, ...]:
    return (
        "fireworks over the city",
        f"{facts['colour']} fireworks in the night sky",
        "colourful fireworks above dark buildings at night",
        "new year's eve celebration",
        "fireworks",
    )


def _draw_fireworks(pen: Pen, facts: Attributes, rng: Random) -> None:
    wide = pen.wide
    scene.sky(pen, "night", rng)
    main = shade_of(text(facts, "colour"), rng)
    others: tuple[Colour, ...] = (
        (255, 214, 110),
        (240, 110, 170),
        (110, 220, 250),
        (150, 240, 140),
    )
    bursts = [
        (0.5, 0.34, 0.27, main),
        (0.2, 0.26, 0.16, rng.choice(others)),
        (0.82, 0.24, 0.17, main),
    ]
    bursts.append((rng.uniform(0.3, 0.7), 0.6, 0.11, rng.choice(others)))
    for share, y, r, tone in bursts:
        _burst(
            pen, wide * share + rng.uniform(-0.05, 0.05), y, r * rng.uniform(0.9, 1.1), tone, rng
        )
    buildings(pen, rng, 1.02, (0.08, 0.26), (22, 22, 50), _LAMP, 0.4)


def _burst(pen: Pen, x: float, y: float, radius: float, colour: Colour, rng: Random) -> None:
    pen.glow(x, y, radius * 1.5, radius * 1.5, colour, 0.4)
    for ring, rays in ((1.0, 26), (0.62, 18), (0.3, 10)):
        for i in range(rays):
            t = math.tau * (i + rng.uniform(-0.2, 0.2)) / rays
            r = radius * ring * rng.uniform(0.88, 1.06)
            dx, dy = math.cos(t), math.sin(t)
            points = [
                (x + dx * r * k, y + dy * r * k + 0.06 * radius * k * k) for k in (0.45, 0.75, 1.0)
            ]
            pen.line(points, mix(colour, (255, 255, 255), 0.12 + 0.5 * (1 - ring)), 0.005)
            pen.dot(*points[-1], 0.0065, light(colour, 0.6))


def _choose_lanterns(rng: Random, colour: str) -> Attributes:
    return {"time": "night", "colour": colour, "count": rng.choice((3, 4, 5))}


def _word_lanterns(facts: Attributes) -> tuple[str, ...]:
    lanterns = counted(whole(facts, "count"), f"{facts['colour']} lantern")
    return (
        f"{facts['colour']} lanterns at night",
        f"{lanterns} hanging from a string",
        f"{lanterns} glowing in the dark",
        "paper lanterns",
    )


def _draw_lanterns(pen: Pen, facts: Attributes, rng: Random) -> None:
    wide, n = pen.wide, whole(facts, "count")
    scene.sky(pen, "night", rng)
    scene.stars(pen, rng, 80, 0.9)
    pen.fill(below(hills(rng, wide, 0.9, 0.03, 1.2), 1.02), (14, 18, 40))
    string = [(wide * i / 20, 0.14 + 0.14 * (1 - (i / 10 - 1) ** 2)) for i in range(21)]
    pen.line(string, (90, 84, 96), 0.008)
    paper = shade_of(text(facts, "colour"), rng)
    r = min(0.15, wide * 0.4 / n)
    for i in range(n):
        x = wide * (i + 0.5) / n
        y = scene.level_at(string, x)
        drop = rng.uniform(0.06, 0.16)
        pen.line([(x, y), (x, y + drop)], (90, 84, 96), 0.006)
        _lantern(pen.at(x, y + drop + r, r), paper)


def _lantern(frame: Pen, paper: Colour) -> None:
    frame.glow(0, 0, 2.1, 2.1, light(paper, 0.2), 0.65)
    body = smooth(
        [
            (0, -0.92),
            (0.66, -0.7),
            (0.98, 0),
            (0.66, 0.7),
            (0, 0.92),
            (-0.66, 0.7),
            (-0.98, 0),
            (-0.66, -0.7),
        ]
    )
    frame.fill(body, across(dark(paper, 0.16), paper, light(paper, 0.3), paper, dark(paper, 0.2)))
    frame.glow(0, 0.1, 0.75, 0.75, (255, 244, 200), 0.65)
    for k in (0.35, 0.72):
        for side in (-1, 1):
            frame.line(
                smooth(
                    [(0, -0.92), (side * k, -0.5), (side * k * 1.1, 0), (side * k, 0.5), (0, 0.92)],
                    closed=False,
                ),
                dark(paper, 0.22),
                0.025,
            )
    for y in (-0.95, 0.95):
        frame.fill(box(-0.34, y - 0.1, 0.34, y + 0.1, 0.04), (70, 46, 36))
    for x in (-0.12, 0, 0.12):
        frame.line([(x, 1.05), (x, 1.5)], (240, 190, 90), 0.05)


KINDS = (
    Kind("city at night", "scene", _choose_skyline, _word_skyline, _draw_skyline),
    Kind(
        "fireworks",
        "scene",
        _choose_fireworks,
        _word_fireworks,
        _draw_fireworks,
        ("red", "yellow", "green", "pink", "turquoise", "orange"),
    ),
    Kind(
        "lanterns",
        "scene",
        _choose_lanterns,
        _word_lanterns,
        _draw_lanterns,
        ("red", "orange", "yellow", "pink"),
    ),
)
