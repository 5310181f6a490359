"""What scenes are made of: skies, suns, clouds, mountains, hills and water."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from engine.sample.paint import down
from engine.sample.palette import Colour, dark, light, mix
from engine.sample.pen import Pen
from engine.sample.shapes import Outline, Point, arc, below, box, crags, hills, oval, smooth

SKIES: dict[str, tuple[Colour, ...]] = {
    "day": ((70, 148, 222), (132, 192, 240), (206, 233, 248)),
    "morning": ((118, 170, 222), (196, 214, 232), (252, 226, 206)),
    "sunset": ((82, 58, 118), (206, 92, 106), (250, 158, 88), (255, 214, 138)),
    "dusk": ((36, 40, 92), (108, 82, 140), (224, 136, 128)),
    "night": ((8, 12, 36), (22, 32, 76), (50, 62, 118)),
    "overcast": ((112, 124, 140), (160, 170, 180), (204, 210, 214)),
    "winter": ((128, 172, 212), (190, 214, 234), (232, 240, 246)),
}
# What the light of the hour does to everything under the sky: a tint and its share.
_TINTS: dict[str, tuple[Colour, float]] = {
    "morning": ((255, 214, 180), 0.12),
    "sunset": ((150, 62, 70), 0.3),
    "dusk": ((50, 40, 96), 0.45),
    "night": ((10, 14, 46), 0.68),
    "overcast": ((120, 128, 138), 0.25),
}


def lit(colour: Colour, time: str) -> Colour:
    """A colour as it looks at this time of day."""
    tint, share = _TINTS.get(time, (colour, 0.0))
    return mix(colour, tint, share)


def vary(colour: Colour, rng: Random, spread: int = 8) -> Colour:
    """The colour, nudged a little."""
    shift = rng.randint(-spread, spread)
    return (
        max(0, min(255, colour[0] + shift + rng.randint(-3, 3))),
        max(0, min(255, colour[1] + shift + rng.randint(-3, 3))),
        max(0, min(255, colour[2] + shift + rng.randint(-3, 3))),
    )


def sky(pen: Pen, time: str, rng: Random, bottom: float = 1.0) -> None:
    """Covers the picture from the top to `bottom`."""
    stops = [vary(colour, rng) for colour in SKIES[time]]
    pen.fill(box(0, 0, pen.wide, bottom), down(*stops))


def sun(pen: Pen, x: float, y: float, r: float, colour: Colour = (255, 246, 206)) -> None:
    """A sun in its haze."""
    pen.glow(x, y, r * 6, r * 6, light(colour, 0.1), 0.55)
    pen.glow(x, y, r * 2.4, r * 2.4, colour, 0.85)
    pen.fill(oval(x, y, r), light(colour, 0.45))


def moon(pen: Pen, x: float, y: float, r: float, full: bool) -> None:
    """A full moon with its seas, or a crescent."""
    pen.glow(x, y, r * 4.5, r * 4.5, (206, 216, 255), 0.4)
    if not full:
        crescent = [*arc(0, 0, r, r, -90, -270), *arc(0, 0, r * 0.5, r, 90, 270)]
        pen.at(x, y, angle=-24).fill(crescent, (250, 244, 220))
        return
    pen.fill(oval(x, y, r), (250, 244, 220))
    seas = ((-0.3, -0.25, 0.26), (0.3, 0.1, 0.2), (-0.1, 0.4, 0.16), (0.35, -0.4, 0.12))
    for dx, dy, size in seas:
        pen.fill(oval(x + dx * r, y + dy * r, r * size), (226, 219, 194))


def stars(pen: Pen, rng: Random, count: int, bottom: float = 0.7) -> None:
    """Stars of several sizes between the top and `bottom`."""
    for _ in range(count):
        x, y = rng.uniform(0, pen.wide), rng.uniform(0, 1) ** 1.2 * bottom
        size = rng.choice((0.0016, 0.0016, 0.0024, 0.0036))
        if size > 0.003:
            pen.glow(x, y, size * 5, size * 5, (200, 214, 255), 0.7)
        pen.dot(x, y, size, rng.choice(((255, 255, 255), (220, 230, 255), (255, 240, 214))))


def cloud(pen: Pen, x: float, y: float, size: float, colour: Colour, rng: Random) -> None:
    """A heap of soft balls on a flat base, about `2 size` wide."""
    balls: list[tuple[float, float, float]] = []
    for dx in (-0.72, -0.38, 0.0, 0.36, 0.7):
        r = (0.42 - 0.28 * abs(dx)) * rng.uniform(0.85, 1.2)
        balls.append((x + (dx + rng.uniform(-0.06, 0.06)) * size, y - r * 0.55 * size, r * size))
    base = box(x - size, y - 0.2 * size, x + size, y, 0.1 * size)
    shade = dark(colour, 0.09)
    pen.fill(base, shade)
    for bx, by, r in balls:
        pen.fill(oval(bx, by + 0.0 * size, r * 1.02), shade)
    for bx, by, r in balls:
        pen.fill(oval(bx - 0.03 * size, by - 0.045 * size, r * 0.93), colour)


def clouds(
    pen: Pen, rng: Random, count: int, span: tuple[float, float], colour: Colour = (255, 255, 255)
) -> None:
    """`count` clouds spread over the width, between two heights."""
    for i in range(count):
        x = pen.wide * (i + rng.uniform(0.2, 0.8)) / count
        y = rng.uniform(*span)
        cloud(pen, x, y, rng.uniform(0.07, 0.15), vary(colour, rng, 4), rng)


def mountain(
    pen: Pen, x: float, peak: float, half: float, colour: Colour, rng: Random, snow: float = 0.0
) -> None:
    """A peak at (x, `peak`) down to the bottom, `half` wide each way at its foot; `snow` 0..1."""
    foot = peak + half * rng.uniform(0.95, 1.15)
    top = (x, peak)
    left = crags(rng, (x - half, foot), top, half * 0.1)
    right = crags(rng, top, (x + half, foot), half * 0.1)
    body = [*left, *right[1:]]
    ridge = crags(rng, top, (x + half * rng.uniform(-0.1, 0.25), foot), half * 0.12)
    shaded = [*right, *reversed(ridge)]
    pen.fill(body, down(light(colour, 0.08), colour, light(colour, 0.22)))
    pen.fill(shaded, down(dark(colour, 0.3), dark(colour, 0.14)))
    if snow > 0:
        depth = (foot - peak) * snow
        with pen.inside(body) as inner:
            inner.fill(_snowline(rng, x - half, x + half, peak, depth), (250, 252, 255))
        with pen.inside(shaded) as inner:
            inner.fill(_snowline(rng, x - half, x + half, peak, depth * 0.9), (196, 212, 234))


def _snowline(rng: Random, x0: float, x1: float, peak: float, depth: float) -> Outline:
    teeth = 15
    edge: Outline = []
    for i in range(teeth):
        level = peak + depth * (rng.uniform(0.55, 0.8) if i % 2 else rng.uniform(0.9, 1.15))
        edge.append((x1 + (x0 - x1) * i / (teeth - 1), level))
    return [(x0, peak - 0.1), (x1, peak - 0.1), *edge]


def hill(
    pen: Pen, rng: Random, y: float, height: float, colour: Colour, waves: float = 1
) -> Outline:
    """Rolling ground down to the bottom of the picture; returns its top line."""
    line = hills(rng, pen.wide, y, height, waves)
    pen.fill(below(line, 1.02), down(light(colour, 0.14), colour, dark(colour, 0.16)))
    return line


def level_at(line: Sequence[Point], x: float) -> float:
    """The height of a line at x (its nearest point)."""
    return min(line, key=lambda point: abs(point[0] - x))[1]


def water(
    pen: Pen, top: float, colours: tuple[Colour, ...], rng: Random, ripples: int = 46
) -> None:
    """Water from `top` to the bottom of the picture, with light on its ripples."""
    pen.fill(box(0, top, pen.wide, 1.01), down(*colours))
    for _ in range(ripples):
        near = rng.random()
        y = top + (1 - top) * (0.03 + 0.95 * near)
        x, length = rng.uniform(0, pen.wide), 0.03 + 0.1 * near * rng.random()
        tone = light(mix(colours[0], colours[-1], near), rng.uniform(0.08, 0.24))
        pen.fill(oval(x, y, length, 0.0018 + 0.004 * near), tone)


def glitter(
    pen: Pen, x: float, top: float, colour: Colour, rng: Random, spread: float = 0.05
) -> None:
    """The broken reflection of a light at x on water that begins at `top`."""
    pen.glow(x, top, spread * 3, (1 - top) * 0.9, colour, 0.45)
    y = top + 0.008
    while y < 1:
        near = (y - top) / (1 - top)
        half = spread * (0.5 + 1.3 * near) * rng.uniform(0.4, 1.1)
        middle = x + rng.uniform(-0.4, 0.4) * spread * (0.4 + near)
        pen.fill(oval(middle, y, half, 0.003 + 0.005 * near), mix(colour, (255, 255, 255), 0.25))
        y += 0.013 + 0.022 * near


def birds(pen: Pen, rng: Random, count: int, x: float, y: float, colour: Colour) -> None:
    """Far birds: two curved strokes each."""
    for _ in range(count):
        bx, by = x + rng.uniform(-0.15, 0.15), y + rng.uniform(-0.06, 0.06)
        s = rng.uniform(0.012, 0.022)
        wings = [(bx - s, by - s * 0.5), (bx - s * 0.4, by - s * 0.6), (bx, by)]
        other = [(bx, by), (bx + s * 0.4, by - s * 0.6), (bx + s, by - s * 0.5)]
        pen.line(smooth(wings, closed=False), colour, 0.005)
        pen.line(smooth(other, closed=False), colour, 0.005)
