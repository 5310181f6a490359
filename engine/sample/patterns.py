"""Plain shapes and patterns: counts, places and colours that leave nothing to interpret."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from engine.sample.kind import Attributes, Kind, text, whole
from engine.sample.paint import Paint, checks, dots, slanted, sphere, stripes
from engine.sample.palette import BRIGHT, COLOURS, contrasting, shade_of
from engine.sample.pen import Pen
from engine.sample.shapes import Outline, box, heart, oval, regular, star
from engine.sample.words import counted

_SHAPES: dict[str, Callable[[float, float, float], Outline]] = {
    "circle": oval,
    "square": lambda x, y, r: box(x - 0.88 * r, y - 0.88 * r, x + 0.88 * r, y + 0.88 * r),
    "triangle": lambda x, y, r: regular(x, y + 0.2 * r, 1.15 * r, 3),
    "star": lambda x, y, r: star(x, y, 1.1 * r),
    "heart": heart,
    "hexagon": lambda x, y, r: regular(x, y, r, 6),
}
_GROUNDS = ("white", "yellow", "black", "pink", "turquoise", "grey", "blue", "orange")
_HUES = (*BRIGHT, "black", "white", "brown")


def _ground_for(rng: Random, *colours: str) -> str:
    fitting = [g for g in _GROUNDS if all(g in contrasting(c) for c in colours)]
    return rng.choice([g for g in fitting if g == "white"] * 2 + fitting)


def _choose_shapes(rng: Random, colour: str) -> Attributes:
    return {
        "shape": rng.choice(list(_SHAPES)),
        "colour": colour,
        "count": rng.choice((1, 1, 2, 2, 3, 3, 4, 5)),
        "background": _ground_for(rng, colour),
    }


def _word_shapes(facts: Attributes) -> tuple[str, ...]:
    n, ground = whole(facts, "count"), text(facts, "background")
    thing = f"{facts['colour']} {facts['shape']}"
    return (
        counted(n, thing) if n > 1 else f"a {thing} on a {ground} background",
        f"{counted(n, thing)} on a {ground} background",
        counted(n, thing),
        f"{thing if n == 1 else thing + 's'} on {ground}",
        f"a simple drawing of {counted(n, thing)}",
        counted(n, text(facts, "shape")),
    )


_SPOTS: dict[int, tuple[tuple[float, float], ...]] = {
    1: ((0.0, 0.0),),
    2: ((-0.24, 0.0), (0.24, 0.0)),
    3: ((-0.25, 0.13), (0.25, 0.13), (0.0, -0.2)),
    4: ((-0.23, -0.2), (0.23, -0.2), (-0.23, 0.22), (0.23, 0.22)),
    5: ((-0.27, -0.24), (0.27, -0.24), (0.0, 0.0), (-0.27, 0.25), (0.27, 0.25)),
}


def _ground(pen: Pen, colour: str, rng: Random) -> None:
    pen.fill(box(0, 0, pen.wide, 1), shade_of(colour, rng, 6))


def _shape(pen: Pen, shape: str, colour: str, at: tuple[float, float, float], rng: Random) -> None:
    x, y, r = at
    turn = rng.uniform(-14, 14) if shape != "circle" else 0
    frame = pen.at(x, y, angle=turn)
    outline = _SHAPES[shape](0, 0, r)
    frame.shadow(outline, 0.008, 0.015, 0.012, 0.3)
    tone = shade_of(colour, rng)
    frame.fill(outline, sphere(tone) if shape == "circle" and rng.random() < 0.3 else tone)


def _draw_shapes(pen: Pen, facts: Attributes, rng: Random) -> None:
    _ground(pen, text(facts, "background"), rng)
    n = whole(facts, "count")
    size = {1: 0.28, 2: 0.17, 3: 0.16, 4: 0.14, 5: 0.12}[n] * rng.uniform(0.85, 1.1)
    reach = min(pen.wide, 1.15)
    for dx, dy in _SPOTS[n]:
        x = pen.wide / 2 + dx * reach + rng.uniform(-0.02, 0.02)
        y = 0.5 + dy + rng.uniform(-0.02, 0.02)
        _shape(pen, text(facts, "shape"), text(facts, "colour"), (x, y, size), rng)


def _choose_pair(rng: Random, colour: str) -> Attributes:
    first, second = rng.sample(list(_SHAPES), 2)
    other = rng.choice([c for c in contrasting(colour, _HUES) if c != "white"])
    return {
        "shape": first,
        "colour": colour,
        "other_shape": second,
        "other_colour": other,
        "background": _ground_for(rng, colour, other),
    }


def _word_side(facts: Attributes) -> tuple[str, ...]:
    one = f"{facts['colour']} {facts['shape']}"
    two = f"{facts['other_colour']} {facts['other_shape']}"
    return (
        f"a {one} left of a {two}",
        f"a {two} to the right of a {one}",
        f"a {one} next to a {two}",
        f"a {one} on the left and a {two} on the right",
        f"{one} and {two}",
    )


def _draw_side(pen: Pen, facts: Attributes, rng: Random) -> None:
    _ground(pen, text(facts, "background"), rng)
    size = min(0.21, pen.wide * 0.19) * rng.uniform(0.85, 1.05)
    for name, x in (("", 0.28), ("other_", 0.72)):
        spot = (pen.wide * x, 0.5 + rng.uniform(-0.07, 0.07), size)
        _shape(pen, text(facts, name + "shape"), text(facts, name + "colour"), spot, rng)


def _word_above(facts: Attributes) -> tuple[str, ...]:
    one = f"{facts['colour']} {facts['shape']}"
    two = f"{facts['other_colour']} {facts['other_shape']}"
    return (
        f"a {one} above a {two}",
        f"a {two} below a {one}",
        f"a {two} under a {one} on a {facts['background']} background",
        f"{one} over {two}",
    )


def _draw_above(pen: Pen, facts: Attributes, rng: Random) -> None:
    _ground(pen, text(facts, "background"), rng)
    size = 0.18 * rng.uniform(0.85, 1.05)
    for name, y in (("", 0.27), ("other_", 0.73)):
        spot = (pen.wide / 2 + rng.uniform(-0.08, 0.08), y, size)
        _shape(pen, text(facts, name + "shape"), text(facts, name + "colour"), spot, rng)


def _choose_cloth(rng: Random, colour: str) -> Attributes:
    other = rng.choice(contrasting(colour))
    return {"colour": colour, "second_colour": other}


def _choose_stripes(rng: Random, colour: str) -> Attributes:
    direction = rng.choice(("horizontal", "vertical", "diagonal"))
    return {**_choose_cloth(rng, colour), "direction": direction}


def _word_stripes(facts: Attributes) -> tuple[str, ...]:
    both = f"{facts['colour']} and {facts['second_colour']}"
    return (
        f"{facts['direction']} {both} stripes",
        f"{both} stripes",
        f"a striped pattern in {both}",
        f"{facts['direction']} stripes",
        f"a pattern of {facts['direction']} {both} stripes",
    )


def _draw_stripes(pen: Pen, facts: Attributes, rng: Random) -> None:
    a, b = shade_of(text(facts, "colour"), rng), shade_of(text(facts, "second_colour"), rng)
    bands = rng.randint(7, 15)
    direction = facts["direction"]
    cloth = (
        slanted(a, b, bands)
        if direction == "diagonal"
        else stripes(a, b, bands, direction == "vertical")
    )
    _cover(pen, cloth)


def _draw_checkerboard(pen: Pen, facts: Attributes, rng: Random) -> None:
    a, b = shade_of(text(facts, "colour"), rng), shade_of(text(facts, "second_colour"), rng)
    _cover(pen, checks(a, b, rng.randint(5, 10)))


def _draw_dots(pen: Pen, facts: Attributes, rng: Random) -> None:
    dot, ground = shade_of(text(facts, "colour"), rng), shade_of(text(facts, "second_colour"), rng)
    _cover(pen, dots(ground, dot, rng.randint(5, 9), rng.uniform(0.2, 0.32)))


def _draw_rings(pen: Pen, facts: Attributes, rng: Random) -> None:
    a, b = shade_of(text(facts, "colour"), rng), shade_of(text(facts, "second_colour"), rng)
    pen.fill(box(0, 0, pen.wide, 1), b)
    rings = rng.choice((4, 5, 6))
    x, y = pen.wide / 2 + rng.uniform(-0.05, 0.05), 0.5 + rng.uniform(-0.04, 0.04)
    radius = min(0.42, pen.wide * 0.44)
    for i in range(rings):
        pen.fill(oval(x, y, radius * (rings - i) / rings), b if i % 2 else a)


def _cover(pen: Pen, cloth: Paint) -> None:
    pen.fill(box(0, 0, pen.wide, 1), cloth)


def _word_cloth(one: str, *more: str) -> Callable[[Attributes], tuple[str, ...]]:
    def words(facts: Attributes) -> tuple[str, ...]:
        names = {"a": facts["colour"], "b": facts["second_colour"]}
        return tuple(phrase.format_map(names) for phrase in (one, *more))

    return words


_word_checkerboard = _word_cloth(
    "{a} and {b} checkerboard",
    "a checkerboard pattern in {a} and {b}",
    "a {a} and {b} checkered pattern",
    "checkerboard",
    "squares in {a} and {b}",
)
_word_dots = _word_cloth(
    "{a} dots on a {b} background",
    "a pattern of {a} polka dots on {b}",
    "polka dots",
    "{a} polka dots",
    "a {b} cloth with {a} dots",
)
_word_rings = _word_cloth(
    "{a} and {b} rings",
    "a target of {a} and {b} circles",
    "concentric circles in {a} and {b}",
    "concentric circles",
)

_PAIRED = tuple(c for c in _HUES if c != "white")
_ALL = tuple(COLOURS)

KINDS = (
    Kind("shapes", "pattern", _choose_shapes, _word_shapes, _draw_shapes, _HUES),
    Kind(
        "single shape",
        "pattern",
        lambda rng, c: {**_choose_shapes(rng, c), "count": 1},
        _word_shapes,
        _draw_shapes,
        _HUES,
    ),
    Kind("shapes side by side", "pattern", _choose_pair, _word_side, _draw_side, _PAIRED),
    Kind("shape above another", "pattern", _choose_pair, _word_above, _draw_above, _PAIRED),
    Kind("stripes", "pattern", _choose_stripes, _word_stripes, _draw_stripes, _ALL),
    Kind("checkerboard", "pattern", _choose_cloth, _word_checkerboard, _draw_checkerboard, _ALL),
    Kind("dots", "pattern", _choose_cloth, _word_dots, _draw_dots, _ALL),
    Kind("rings", "pattern", _choose_cloth, _word_rings, _draw_rings, _ALL),
)
