"""Trees and flowers for scenes; each stands with its foot at (x, y)."""

from __future__ import annotations

import math
from random import Random

from engine.sample.paint import across
from engine.sample.palette import Colour, dark, light
from engine.sample.pen import Pen
from engine.sample.scenes.elements import vary
from engine.sample.shapes import oval, smooth

BARK: Colour = (104, 72, 50)
LEAF: Colour = (72, 142, 62)


def leafy_tree(
    pen: Pen, x: float, y: float, height: float, leaf: Colour, rng: Random, bark: Colour = BARK
) -> None:
    """A round-crowned tree."""
    h = height
    pen.glow(x + h * 0.1, y, h * 0.42, h * 0.07, (10, 20, 20), 0.45)
    trunk = [(-0.05, 0.0), (-0.032, -0.5), (0.032, -0.5), (0.05, 0.0)]
    frame = pen.at(x, y, h)
    frame.fill(trunk, across(light(bark, 0.1), bark, dark(bark, 0.35)))
    frame.line([(0, -0.42), (0.13, -0.58)], dark(bark, 0.2), 0.03)
    frame.line([(0, -0.36), (-0.12, -0.52)], dark(bark, 0.1), 0.025)
    balls = [(-0.19, -0.53, 0.19), (0.2, -0.54, 0.18), (0, -0.6, 0.24), (-0.11, -0.74, 0.19)]
    balls += [(0.12, -0.76, 0.18), (0.0, -0.86, 0.14)]
    crown = [(bx + rng.uniform(-0.02, 0.02), by, r * rng.uniform(0.9, 1.1)) for bx, by, r in balls]
    for bx, by, r in crown:
        frame.fill(oval(bx + 0.012, by + 0.02, r), dark(leaf, 0.26))
    for bx, by, r in crown:
        frame.fill(oval(bx - 0.012, by - 0.018, r * 0.9), leaf)
    for bx, by, r in crown:
        frame.fill(oval(bx - r * 0.24, by - r * 0.3, r * 0.46), light(leaf, 0.13))


def pine(
    pen: Pen, x: float, y: float, height: float, leaf: Colour, rng: Random, snow: bool = False
) -> None:
    """A conifer of stacked skirts, laden with snow if asked."""
    frame = pen.at(x, y, height, squeeze=rng.uniform(0.85, 1.1))
    frame.fill([(-0.03, 0), (-0.025, -0.2), (0.025, -0.2), (0.03, 0)], dark(BARK, 0.2))
    for i in range(4):
        foot, half = -0.1 - 0.19 * i, 0.27 - 0.055 * i
        tip = foot - 0.34 + 0.02 * i
        skirt = [(0, tip), (half, foot), (half * 0.5, foot + 0.028), (0, foot - 0.01)]
        skirt += [(-half * 0.5, foot + 0.028), (-half, foot)]
        frame.fill(skirt, across(light(leaf, 0.14), leaf, dark(leaf, 0.3)))
        if snow:
            drift = [(0, tip), (half * 0.62, foot - 0.1), (half * 0.34, foot - 0.11)]
            drift += [(half * 0.1, foot - 0.07), (-half * 0.2, foot - 0.12)]
            frame.fill([*drift, (-half * 0.62, foot - 0.1)], (246, 250, 255))


def palm(
    pen: Pen, x: float, y: float, height: float, leaf: Colour, rng: Random, lean: float
) -> None:
    """A palm that leans by `lean` of its height."""
    frame = pen.at(x, y, height)
    spine = smooth([(0, 0), (lean * 0.35, -0.4), (lean * 0.75, -0.72), (lean, -0.9)], closed=False)
    right = [(px + 0.035 * (1 + py * 0.5), py) for px, py in spine]
    left = [(px - 0.035 * (1 + py * 0.5), py) for px, py in reversed(spine)]
    bark = (150, 112, 74)
    frame.fill([*right, *left], across(light(bark, 0.12), bark, dark(bark, 0.3)))
    for px, py in spine[2::3]:
        frame.line([(px - 0.03, py), (px + 0.03, py - 0.008)], dark(bark, 0.3), 0.008)
    for turn, reach in (
        (200, 0.42),
        (165, 0.4),
        (-20, 0.42),
        (15, 0.4),
        (235, 0.34),
        (-60, 0.34),
        (40, 0.3),
        (140, 0.3),
    ):
        t = math.radians(turn + rng.uniform(-7, 7))
        dx, dy = math.cos(t) * reach, math.sin(t) * reach * 0.75
        tip = (lean + dx, -0.9 + dy + 0.1)
        upper = (lean + dx * 0.5, -0.9 + dy * 0.5 - 0.085)
        lower = (lean + dx * 0.5, -0.9 + dy * 0.5 + 0.015)
        frond = smooth([(lean, -0.92), upper, tip, lower])
        frame.fill(frond, vary(leaf, rng, 16))
    for dx in (-0.03, 0.035, 0.0):
        frame.fill(oval(lean + dx, -0.86, 0.028), (112, 70, 40))


def bush(pen: Pen, x: float, y: float, size: float, leaf: Colour) -> None:
    """A low round bush, `2 size` wide."""
    balls = ((-0.6, -0.3, 0.42), (0.6, -0.3, 0.42), (0, -0.5, 0.56))
    for dx, dy, r in balls:
        pen.fill(oval(x + dx * size, y + dy * size, r * size), dark(leaf, 0.22))
    for dx, dy, r in balls:
        pen.fill(oval(x + (dx - 0.06) * size, y + (dy - 0.08) * size, r * size * 0.86), leaf)


def flower(
    pen: Pen, x: float, y: float, height: float, petal: Colour, rng: Random, head: float = 0.3
) -> None:
    """An open flower on a stem; `head` is its radius by its height."""
    frame = pen.at(x, y, height, rng.uniform(-8, 8))
    frame.line([(0, 0), (0.02, -0.5), (0, -0.9)], (66, 126, 58), 0.045)
    frame.fill(smooth([(0, -0.25), (0.2, -0.5), (0.06, -0.22)]), (80, 142, 66))
    bloom(frame, 0, -0.95, head, petal, rng)


def bloom(pen: Pen, x: float, y: float, r: float, petal: Colour, rng: Random) -> None:
    """The head of a flower seen from the front."""
    start = rng.uniform(0, 60)
    for i in range(7):
        t = math.radians(start + i * 360 / 7)
        px, py = x + math.cos(t) * r * 0.62, y + math.sin(t) * r * 0.62
        leafage = oval(px, py, r * 0.42, r * 0.27, math.degrees(t))
        pen.fill(leafage, light(petal, 0.12) if i % 2 else petal)
    heart = (250, 206, 70) if petal[2] > 90 or petal[1] < 120 else (112, 68, 36)
    pen.fill(oval(x, y, r * 0.3), heart)


def grass(pen: Pen, rng: Random, top: float, count: int, colour: Colour) -> None:
    """Blades of grass below `top`, larger towards the front."""
    for _ in range(count):
        near = rng.random()
        x, y = rng.uniform(0, pen.wide), top + (1 - top) * near
        h = 0.012 + 0.035 * near
        tone = vary(colour, rng, 14)
        pen.fill(
            [(x - h * 0.12, y), (x + rng.uniform(-0.4, 0.4) * h, y - h), (x + h * 0.12, y)], tone
        )
