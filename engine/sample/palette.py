"""The named colours of the sample library, and how to lighten, darken and mix them."""

from __future__ import annotations

from random import Random

Colour = tuple[int, int, int]

COLOURS: dict[str, Colour] = {
    "red": (212, 40, 46),
    "orange": (242, 128, 28),
    "yellow": (250, 206, 46),
    "green": (52, 152, 74),
    "blue": (38, 94, 196),
    "purple": (124, 66, 168),
    "pink": (244, 132, 174),
    "brown": (124, 76, 44),
    "black": (36, 36, 41),
    "white": (247, 247, 245),
    "grey": (142, 146, 152),
    "turquoise": (36, 182, 180),
}

NAMES = tuple(COLOURS)
BRIGHT = ("red", "orange", "yellow", "green", "blue", "purple", "pink", "turquoise")

STEEL: Colour = (186, 192, 200)
GOLD: Colour = (224, 182, 84)

# Colours that a viewer could take for one another when they touch.
_CLOSE = (
    {"red", "pink"},
    {"red", "orange"},
    {"orange", "yellow"},
    {"orange", "brown"},
    {"blue", "purple"},
    {"blue", "turquoise"},
    {"green", "turquoise"},
    {"white", "grey"},
    {"black", "grey"},
    {"black", "brown"},
    {"red", "brown"},
    {"yellow", "white"},
)


def contrasting(colour: str, names: tuple[str, ...] = NAMES) -> tuple[str, ...]:
    """The names that nobody would confuse with `colour` when seen beside it."""
    return tuple(n for n in names if n != colour and {n, colour} not in _CLOSE)


def mix(a: Colour, b: Colour, share: float) -> Colour:
    """`a` with `share` (0..1) of `b` mixed in."""
    return (
        round(a[0] + (b[0] - a[0]) * share),
        round(a[1] + (b[1] - a[1]) * share),
        round(a[2] + (b[2] - a[2]) * share),
    )


def light(colour: Colour, share: float = 0.25) -> Colour:
    """`colour` moved towards white."""
    return mix(colour, (255, 255, 255), share)


def dark(colour: Colour, share: float = 0.25) -> Colour:
    """`colour` moved towards a cool black, as a shadow does."""
    return mix(colour, (12, 12, 26), share)


def shade_of(name: str, rng: Random, spread: int = 9) -> Colour:
    """The named colour, a little different every time."""
    r, g, b = COLOURS[name]
    return (
        _channel(r + rng.randint(-spread, spread)),
        _channel(g + rng.randint(-spread, spread)),
        _channel(b + rng.randint(-spread, spread)),
    )


def _channel(value: int) -> int:
    return max(0, min(255, value))
