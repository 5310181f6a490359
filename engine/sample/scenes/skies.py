"""In the air: balloons, a rainbow, an aeroplane, a kite."""

from __future__ import annotations

from random import Random

from engine.sample.kind import Attributes, Kind, text, whole
from engine.sample.paint import down
from engine.sample.palette import BRIGHT, COLOURS, Colour, contrasting, dark, light, mix, shade_of
from engine.sample.pen import Pen
from engine.sample.scenes import elements as scene
from engine.sample.scenes.plants import grass, leafy_tree
from engine.sample.scenes.things import hot_air_balloon
from engine.sample.shapes import arc, box, oval, smooth
from engine.sample.words import counted


def _choose_balloons(rng: Random, colour: str) -> Attributes:
    return {
        "colour": colour,
        "second_colour": rng.choice(contrasting(colour, (*BRIGHT, "white"))),
        "count": rng.choice((1, 2, 3)),
        "time": rng.choice(("day", "morning")),
    }


def _word_balloons(facts: Attributes) -> tuple[str, ...]:
    n, both = whole(facts, "count"), f"{facts['colour']} and {facts['second_colour']}"
    first = f"{facts['colour']} balloon"
    return (
        f"{counted(n, 'hot-air balloon')} in the sky",
        f"{counted(n, both + ' hot-air balloon')} over green hills",
        f"{counted(n, first)} flying above the countryside",
        "hot air balloon" if n == 1 else "hot air balloons",
        f"{both} {'balloon' if n == 1 else 'balloons'} in the air",
    )


def _draw_balloons(pen: Pen, facts: Attributes, rng: Random) -> None:
    wide, time = pen.wide, text(facts, "time")
    scene.sky(pen, time, rng)
    scene.clouds(pen, rng, 4, (0.14, 0.56))
    scene.hill(pen, rng, 0.82, 0.04, scene.lit((132, 180, 128), time))
    scene.hill(pen, rng, 0.9, 0.03, scene.lit((98, 160, 84), time))
    first, second = (
        shade_of(text(facts, "colour"), rng),
        shade_of(text(facts, "second_colour"), rng),
    )
    n = whole(facts, "count")
    spots = {
        1: ((0.5, 0.4, 0.27),),
        2: ((0.3, 0.34, 0.19), (0.7, 0.5, 0.16)),
        3: ((0.5, 0.3, 0.17), (0.19, 0.5, 0.13), (0.81, 0.52, 0.12)),
    }[n]
    for share, y, size in spots:
        x = wide * share + rng.uniform(-0.04, 0.04)
        hot_air_balloon(
            pen, x, y + rng.uniform(-0.03, 0.03), size * min(1.0, wide * 0.85), first, second
        )


def _choose_rainbow(rng: Random, colour: str) -> Attributes:
    return {"weather": rng.choice(("clearing", "showery")), "time": "day"}


def _word_rainbow(facts: Attributes) -> tuple[str, ...]:
    return (
        "a rainbow over a field",
        "a bright rainbow above a green meadow with a tree",
        "a rainbow in a grey sky" if facts["weather"] == "showery" else "a rainbow in a blue sky",
        "rainbow after the rain",
        "rainbow",
    )


def _draw_rainbow(pen: Pen, facts: Attributes, rng: Random) -> None:
    wide, grey = pen.wide, facts["weather"] == "showery"
    scene.sky(pen, "overcast" if grey else "day", rng)
    x, radius = wide * rng.uniform(0.4, 0.6), min(0.62, wide * 0.48)
    bands: tuple[Colour, ...] = (
        (232, 58, 60),
        (250, 150, 50),
        (252, 222, 70),
        (86, 186, 92),
        (66, 134, 226),
        (132, 84, 196),
    )
    back = (176, 186, 194) if grey else (170, 212, 242)
    for i, tone in enumerate(bands):
        r = radius - i * 0.026
        outer, inner = (
            arc(x, 0.8, r, r * 1.05, 180, 360),
            arc(x, 0.8, r - 0.027, (r - 0.027) * 1.05, 360, 180),
        )
        pen.fill([*outer, *inner], mix(tone, back, 0.25))
    puff: Colour = (214, 218, 224) if grey else (255, 255, 255)
    for cx in (x - radius + 0.07, x + radius - 0.07):
        scene.cloud(pen, cx, 0.68, 0.17, puff, rng)
    scene.clouds(pen, rng, 2, (0.12, 0.2), puff)
    scene.hill(pen, rng, 0.72, 0.03, (142, 192, 108))
    scene.hill(pen, rng, 0.82, 0.03, (106, 170, 76))
    leafy_tree(pen, wide * rng.uniform(0.2, 0.8), 0.88, 0.26, (78, 146, 60), rng)
    grass(pen, rng, 0.88, 80, (84, 146, 60))


def _choose_plane(rng: Random, colour: str) -> Attributes:
    return {"colour": colour, "time": rng.choice(("day", "sunset"))}


def _word_plane(facts: Attributes) -> tuple[str, ...]:
    moment = "in a blue sky" if facts["time"] == "day" else "at sunset"
    return (
        "an aeroplane in the sky",
        f"a white airplane with a {facts['colour']} tail flying above the clouds",
        f"a passenger plane {moment}",
        f"an aeroplane with a {facts['colour']} tail",
        "airplane",
    )


def _draw_plane(pen: Pen, facts: Attributes, rng: Random) -> None:
    wide, time = pen.wide, text(facts, "time")
    scene.sky(pen, time, rng)
    scene.clouds(pen, rng, 3, (0.2, 0.4), scene.lit((255, 255, 255), time))
    tone = shade_of(text(facts, "colour"), rng)
    size = min(0.42, wide * 0.34)
    frame = pen.at(
        wide * rng.uniform(0.45, 0.55), 0.5, size, rng.uniform(-14, -4), rng.random() < 0.5
    )
    frame.fill([(-0.1, -0.05), (0.12, -0.05), (-0.2, -0.52), (-0.32, -0.52)], (186, 194, 206))
    frame.fill([(-0.96, -0.1), (-0.66, -0.08), (-0.86, -0.58), (-1.06, -0.58)], tone)
    body = smooth(
        [
            (-1.04, -0.08),
            (-0.6, -0.16),
            (0.5, -0.17),
            (0.86, -0.08),
            (1.0, 0.04),
            (0.8, 0.14),
            (-0.4, 0.15),
            (-0.8, 0.04),
        ]
    )
    frame.fill(body, down((255, 255, 255), (240, 243, 247), (178, 188, 202)))
    with frame.inside(body) as inner:
        inner.fill(box(-1.2, 0.06, 1.1, 0.1), tone)
    for i in range(13):
        frame.dot(-0.6 + i * 0.1, -0.04, 0.023, (74, 100, 140))
    frame.fill([(0.8, -0.085), (0.9, -0.045), (0.78, -0.03), (0.72, -0.08)], (60, 84, 120))
    frame.fill(
        [(-0.12, 0.06), (0.24, 0.06), (-0.22, 0.6), (-0.4, 0.6)],
        down((226, 232, 240), (160, 170, 186)),
    )
    frame.fill(oval(0.0, 0.28, 0.13, 0.06), dark(tone, 0.05))
    frame.fill([(-0.98, -0.06), (-0.76, -0.05), (-0.98, 0.16), (-1.1, 0.16)], (206, 214, 224))
    for i in range(5):
        scene.cloud(
            pen,
            wide * (i + rng.uniform(0.2, 0.8)) / 5,
            rng.uniform(0.92, 1.04),
            0.22,
            scene.lit((252, 253, 255), time),
            rng,
        )


def _choose_kite(rng: Random, colour: str) -> Attributes:
    return {
        "colour": colour,
        "second_colour": rng.choice(contrasting(colour, BRIGHT)),
        "weather": "windy",
    }


def _word_kite(facts: Attributes) -> tuple[str, ...]:
    return (
        f"a {facts['colour']} kite in the sky",
        f"a {facts['colour']} and {facts['second_colour']} kite flying in a blue sky",
        "a kite with a long tail on a windy day",
        f"{facts['colour']} and {facts['second_colour']} kite",
        "kite",
    )


def _draw_kite(pen: Pen, facts: Attributes, rng: Random) -> None:
    wide = pen.wide
    scene.sky(pen, "day", rng)
    scene.clouds(pen, rng, 4, (0.14, 0.6))
    scene.hill(pen, rng, 0.86, 0.04, (112, 176, 84))
    first, second = shade_of(text(facts, "colour"), rng), COLOURS[text(facts, "second_colour")]
    frame = pen.at(
        wide * rng.uniform(0.42, 0.6), 0.36, 0.27, rng.uniform(14, 30), rng.random() < 0.5
    )
    frame.line(smooth([(0, 0.9), (0.4, 1.5), (0.2, 2.4)], closed=False), (250, 250, 250), 0.014)
    tail = smooth([(0, 1.0), (-0.28, 1.3), (0.06, 1.6), (-0.24, 1.95), (-0.02, 2.2)], closed=False)
    frame.line(tail, dark(second, 0.1), 0.02)
    for x, y in tail[3::6]:
        for side in (-1, 1):
            frame.fill(
                [(x, y), (x + side * 0.14, y - 0.08), (x + side * 0.14, y + 0.08)],
                second if side > 0 else first,
            )
    for corner, tone in (((-0.66, -0.25), first), ((0.66, -0.25), second)):
        frame.fill([(0, -1), corner, (0, -0.25)], light(tone, 0.1))
        frame.fill([(0, 1), corner, (0, -0.25)], dark(second if tone == first else first, 0.06))
    frame.line([(0, -1), (0, 1)], (92, 66, 48), 0.022)
    frame.line([(-0.66, -0.25), (0.66, -0.25)], (92, 66, 48), 0.022)


KINDS = (
    Kind("hot-air balloons", "scene", _choose_balloons, _word_balloons, _draw_balloons, BRIGHT),
    Kind("rainbow", "scene", _choose_rainbow, _word_rainbow, _draw_rainbow),
    Kind(
        "aeroplane",
        "scene",
        _choose_plane,
        _word_plane,
        _draw_plane,
        ("red", "blue", "green", "orange", "purple", "yellow"),
    ),
    Kind(
        "kite",
        "scene",
        _choose_kite,
        _word_kite,
        _draw_kite,
        ("red", "yellow", "orange", "pink", "purple", "green"),
    ),
)
