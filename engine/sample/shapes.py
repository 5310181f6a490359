"""Outlines: lists of points in a local frame, x to the right and y downwards."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from random import Random

Point = tuple[float, float]
Outline = list[Point]


def oval(x: float, y: float, rx: float, ry: float | None = None, tilt: float = 0) -> Outline:
    """An ellipse around (x, y); a circle without `ry`; `tilt` in degrees, clockwise."""
    ry = rx if ry is None else ry
    cos, sin = math.cos(math.radians(tilt)), math.sin(math.radians(tilt))
    points: Outline = []
    for step in range(40):
        u = rx * math.cos(step * math.tau / 40)
        v = ry * math.sin(step * math.tau / 40)
        points.append((x + u * cos - v * sin, y + u * sin + v * cos))
    return points


def arc(x: float, y: float, rx: float, ry: float, start: float, stop: float) -> Outline:
    """Part of an ellipse, from `start` to `stop` degrees (0 is right, 90 is down)."""
    steps = max(6, round(abs(stop - start) / 9))
    turns = [math.radians(start + (stop - start) * i / steps) for i in range(steps + 1)]
    return [(x + rx * math.cos(t), y + ry * math.sin(t)) for t in turns]


def box(x0: float, y0: float, x1: float, y1: float, radius: float = 0) -> Outline:
    """An upright rectangle, with rounded corners where `radius` is given."""
    if radius <= 0:
        return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
    r = min(radius, abs(x1 - x0) / 2, abs(y1 - y0) / 2)
    return [
        *arc(x1 - r, y0 + r, r, r, -90, 0),
        *arc(x1 - r, y1 - r, r, r, 0, 90),
        *arc(x0 + r, y1 - r, r, r, 90, 180),
        *arc(x0 + r, y0 + r, r, r, 180, 270),
    ]


def smooth(points: Sequence[Point], closed: bool = True, steps: int = 7) -> Outline:
    """A soft curve through all `points` (a Catmull-Rom spline)."""
    n = len(points)
    curve: Outline = []
    for i in range(n if closed else n - 1):
        if closed:
            a, b, c, d = (points[(i + k) % n] for k in (-1, 0, 1, 2))
        else:
            a, b, c, d = (points[min(max(i + k, 0), n - 1)] for k in (-1, 0, 1, 2))
        for step in range(steps):
            t = step / steps
            curve.append((_spline(a[0], b[0], c[0], d[0], t), _spline(a[1], b[1], c[1], d[1], t)))
    if not closed:
        curve.append(points[-1])
    return curve


def _spline(a: float, b: float, c: float, d: float, t: float) -> float:
    linear = (c - a) * t
    square = (2 * a - 5 * b + 4 * c - d) * t * t
    cube = (3 * b - a - 3 * c + d) * t * t * t
    return b + 0.5 * (linear + square + cube)


def mirrored(half: Sequence[Point]) -> Outline:
    """A closed outline from its right half, mirrored at x = 0."""
    return [*half, *((-x, y) for x, y in reversed(half))]


def regular(x: float, y: float, r: float, corners: int, tilt: float = -90) -> Outline:
    """A regular polygon with one corner at `tilt` degrees (-90 is up)."""
    turns = [math.radians(tilt) + math.tau * i / corners for i in range(corners)]
    return [(x + r * math.cos(t), y + r * math.sin(t)) for t in turns]


def star(x: float, y: float, r: float, rays: int = 5, inner: float = 0.42) -> Outline:
    """A star with one ray up; `inner` is the radius of its notches as a share of `r`."""
    points: Outline = []
    for i in range(rays * 2):
        t = -math.pi / 2 + math.pi * i / rays
        radius = r if i % 2 == 0 else r * inner
        points.append((x + radius * math.cos(t), y + radius * math.sin(t)))
    return points


def heart(x: float, y: float, r: float) -> Outline:
    """A heart about `2 r` wide."""
    points: Outline = []
    for i in range(48):
        t = math.tau * i / 48
        across = 16 * math.sin(t) ** 3
        up = 13 * math.cos(t) - 5 * math.cos(2 * t) - 2 * math.cos(3 * t) - math.cos(4 * t)
        points.append((x + r * across / 16, y - r * (up + 2.5) / 16))
    return points


def hills(rng: Random, width: float, y: float, height: float, waves: float = 1.5) -> Outline:
    """A rolling line from x = 0 to `width` around `y`, as open points."""
    parts = [
        (rng.uniform(0.7, 1.3) * waves * (k + 1), rng.uniform(0, math.tau), 0.6 / (k + 1))
        for k in range(3)
    ]
    xs = [width * i / 48 for i in range(49)]
    return [
        (x, y + height * sum(a * math.sin(f * math.tau * x / width + p) for f, p, a in parts))
        for x in xs
    ]


def crags(rng: Random, start: Point, stop: Point, rough: float, depth: int = 5) -> Outline:
    """A jagged line from `start` to `stop` by halving; `rough` is the first height of a step."""
    line = [start, stop]
    for _ in range(depth):
        finer = [line[0]]
        for (x0, y0), (x1, y1) in itertools.pairwise(line):
            finer.append(((x0 + x1) / 2, (y0 + y1) / 2 + rng.uniform(-rough, rough)))
            finer.append((x1, y1))
        line = finer
        rough *= 0.5
    return line


def below(line: Sequence[Point], bottom: float) -> Outline:
    """The area between an open line and the level `bottom`."""
    return [*line, (line[-1][0], bottom), (line[0][0], bottom)]
