"""What products stand or lie on: studio paper, a wooden table, a room, grass."""

from __future__ import annotations

from random import Random

from engine.sample.paint import across, down, grain
from engine.sample.palette import COLOURS, Colour, dark, light, mix
from engine.sample.pen import Pen
from engine.sample.scenes.elements import cloud, sky, vary
from engine.sample.scenes.plants import grass
from engine.sample.shapes import box

PAPERS: dict[str, Colour] = {
    "white": (250, 250, 249),
    "grey": (172, 176, 182),
    "beige": (230, 213, 186),
    "light blue": (186, 216, 240),
    "light green": (196, 226, 190),
    "yellow": (252, 222, 110),
    "pink": (250, 204, 216),
    "black": (40, 40, 46),
}
_WOODS: tuple[Colour, ...] = ((178, 126, 78), (146, 98, 60), (196, 150, 102))

# The colours of things that would drown in a background.
_DROWNED: dict[str, set[str]] = {
    "white": {"white"},
    "grey": {"grey"},
    "beige": {"yellow", "white"},
    "light blue": {"blue", "turquoise", "grey"},
    "light green": {"green"},
    "yellow": {"yellow", "orange"},
    "pink": {"pink", "red"},
    "black": {"black", "brown", "purple", "blue"},
    "wooden table": {"brown", "orange"},
    "wooden floor": {"brown", "orange"},
    "grass": {"green"},
    "white wall": {"white"},
    "grey wall": {"grey"},
    "light blue wall": {"blue", "turquoise", "grey"},
    "light green wall": {"green"},
    "yellow wall": {"yellow", "orange"},
    "pink wall": {"pink", "red"},
    "beige wall": {"yellow", "white"},
}
_STUDIO = ("white",) * 5 + ("grey", "beige", "light blue", "light green", "yellow", "pink", "black")
_PLACES: dict[str, tuple[str, ...]] = {
    "table": (*_STUDIO, *("wooden table",) * 5),
    "flat": (*_STUDIO, *("wooden floor",) * 3),
    "desk": (*_STUDIO, *("wooden table",) * 5),
    "floor": (*_STUDIO, *("wooden floor",) * 4),
    "room": ("white", "white", "grey", *(f"{name} wall" for name in PAPERS if name != "black")),
    "wall": (*(f"{name} wall" for name in PAPERS if name != "black"), "white wall"),
    "outdoors": (*_STUDIO, *("grass",) * 6),
}


# Places where things lie or hang flat, seen straight on.
FROM_ABOVE = ("flat", "desk", "wall")


def background_for(place: str, colour: str, rng: Random) -> str:
    """A background of this kind of place on which something of this colour stands out."""
    return rng.choice([name for name in _PLACES[place] if colour not in _DROWNED[name]])


def wording(background: str, place: str) -> tuple[str, ...]:
    """How a caption may name the background."""
    if background in ("wooden table", "wooden floor"):
        return (f"on a {background}",)
    if background == "grass":
        return ("on the grass", "on green grass")
    if place == "wall":
        return (f"on a {background}", f"hanging on a {background}")
    if background.endswith(" wall"):
        return (f"in front of a {background}", f"in a room with a {background}")
    return (f"on a {background} background", f"on {background}")


def draw_backdrop(pen: Pen, background: str, place: str, horizon: float, rng: Random) -> None:
    """Covers the picture; a table begins at the height `horizon` where it has an edge."""
    from_above = place in FROM_ABOVE
    if background in ("wooden table", "wooden floor"):
        wood = vary(rng.choice(_WOODS), rng)
        if from_above:
            _planks(pen, 0, wood, rng)
        else:
            _wall(pen, rng.choice(("white", "beige", "light blue", "light green", "grey")), rng)
            _planks(pen, horizon, wood, rng)
    elif background == "grass":
        _lawn(pen, horizon - 0.04, rng)
    elif background.endswith(" wall") and place != "wall":
        _room(pen, background.removesuffix(" wall"), rng)
    else:
        _paper(pen, background.removesuffix(" wall"), from_above, rng)


def _paper(pen: Pen, name: str, from_above: bool, rng: Random) -> None:
    tone = PAPERS[name] if name == "white" else vary(PAPERS[name], rng, 5)
    whole = box(0, 0, pen.wide, 1)
    deep = 0.02 if name == "white" else 0.08
    if from_above:
        pen.fill(whole, down(light(tone, 0.06), tone, dark(tone, deep)))
    else:
        pen.fill(whole, down(tone, tone, dark(tone, deep), light(tone, 0.1), light(tone, 0.05)))
    x = pen.wide * rng.choice((0.3, 0.5, 0.7))
    pen.glow(x, rng.uniform(0.25, 0.5), pen.wide * 0.7, 0.7, light(tone, 0.5), 0.35)


def _wall(pen: Pen, name: str, rng: Random) -> None:
    tone = vary(PAPERS[name], rng, 6)
    pen.fill(box(0, 0, pen.wide, 1), down(dark(tone, 0.06), light(tone, 0.05)))
    pen.glow(pen.wide * rng.uniform(0.2, 0.8), 0.2, pen.wide * 0.6, 0.5, light(tone, 0.6), 0.5)


def _planks(pen: Pen, top: float, wood: Colour, rng: Random) -> None:
    count = 5 if top == 0 else 3
    y = top
    for i in range(count):
        # Boards look broader the nearer they are, unless seen from straight above.
        bottom = top + (1 - top) * ((i + 1) / count) ** (1.0 if top == 0 else 1.3)
        board = vary(wood, rng, 9)
        pen.fill(box(0, y, pen.wide, bottom + 0.004), grain(board, rng.getrandbits(30), 0.2))
        pen.line([(0, bottom), (pen.wide, bottom)], dark(wood, 0.38), 0.004)
        y = bottom
    if top > 0:
        pen.veil(box(0, top, pen.wide, top + 0.05), light(wood, 0.6), 0.4, 0.0)
        pen.veil(box(0, top - 0.03, pen.wide, top), (40, 30, 30), 0.0, 0.16)


def _room(pen: Pen, name: str, rng: Random) -> None:
    tone = vary(mix(PAPERS[name], COLOURS["grey"], 0.04), rng, 5)
    floor = rng.uniform(0.72, 0.77)
    pen.fill(box(0, 0, pen.wide, 1), across(light(tone, 0.12), tone, dark(tone, 0.07)))
    wood = vary(rng.choice(((186, 144, 100), (150, 106, 72), (196, 170, 140))), rng)
    pen.fill(box(0, floor, pen.wide, 1), grain(wood, rng.getrandbits(30), 0.14))
    pen.fill(box(0, floor - 0.03, pen.wide, floor), (246, 244, 240))
    pen.veil(box(0, floor, pen.wide, floor + 0.06), (30, 20, 20), 0.3, 0.0)


def _lawn(pen: Pen, top: float, rng: Random) -> None:
    sky(pen, "day", rng, 0.7)
    cloud(
        pen,
        pen.wide * rng.uniform(0.2, 0.8),
        top * rng.uniform(0.4, 0.6),
        0.12,
        (255, 255, 255),
        rng,
    )
    green = vary((104, 172, 70), rng)
    pen.fill(box(0, top, pen.wide, 1), down(light(green, 0.2), green, dark(green, 0.12)))
    grass(pen, rng, top + 0.04, 130, dark(green, 0.14))
