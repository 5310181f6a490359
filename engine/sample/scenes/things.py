"""Things that people put into landscapes: houses, cars, tents, balloons."""

from __future__ import annotations

from random import Random

from engine.sample.paint import across, down
from engine.sample.palette import Colour, dark, light
from engine.sample.pen import Pen
from engine.sample.scenes.elements import lit
from engine.sample.shapes import arc, box, oval, smooth


def house(
    pen: Pen, x: float, y: float, size: float, wall: Colour, roof: Colour, windows: bool = False
) -> None:
    """A house `2 size` wide that stands at (x, y); its windows are lit if asked."""
    frame = pen.at(x, y, size)
    pane = (255, 222, 120) if windows else (150, 196, 220)
    frame.glow(0.2, 0.02, 1.5, 0.14, (10, 30, 10), 0.5)
    frame.fill(box(0.42, -1.72, 0.64, -1.0), across(dark(roof, 0.15), dark(roof, 0.35)))
    frame.fill(box(-0.9, -0.92, 0.9, 0), across(light(wall, 0.1), wall, dark(wall, 0.12)))
    frame.veil(box(-0.9, -0.92, 0.9, -0.78), (20, 10, 30), 0.35, 0.0)
    frame.fill(
        [(-1.08, -0.88), (0, -1.72), (1.08, -0.88)], down(light(roof, 0.1), dark(roof, 0.15))
    )
    frame.line([(-1.08, -0.88), (0, -1.72), (1.08, -0.88)], light(roof, 0.22), 0.045)
    frame.fill(oval(0, -1.2, 0.15), (250, 248, 240))
    frame.fill(oval(0, -1.2, 0.11), pane)
    for wx in (-0.58, 0.58):
        frame.fill(box(wx - 0.23, -0.7, wx + 0.23, -0.28), (250, 248, 240))
        frame.fill(box(wx - 0.18, -0.65, wx + 0.18, -0.33), down(light(pane, 0.3), pane))
        frame.line([(wx, -0.65), (wx, -0.33)], (250, 248, 240), 0.035)
        frame.line([(wx - 0.18, -0.5), (wx + 0.18, -0.5)], (250, 248, 240), 0.035)
    frame.fill(box(-0.19, -0.6, 0.19, 0, 0.03), (250, 248, 240))
    frame.fill(box(-0.15, -0.56, 0.15, 0), down(light(roof, 0.05), dark(roof, 0.25)))
    frame.dot(0.09, -0.27, 0.03, (250, 220, 120))


def car_from_behind(pen: Pen, x: float, y: float, size: float, colour: Colour, time: str) -> None:
    """A car seen from behind, `2 size` wide over its shadow at (x, y)."""
    frame = pen.at(x, y, size * 0.62)
    paint = lit(colour, time) if time == "night" else colour
    frame.glow(0, 0, 1.35, 0.22, (10, 10, 20), 0.85)
    for side in (-0.66, 0.66):
        frame.fill(box(side - 0.17, -0.35, side + 0.17, 0.05, 0.08), (26, 26, 30))
    cabin = smooth(
        [(-0.72, -0.78), (-0.5, -1.24), (0, -1.32), (0.5, -1.24), (0.72, -0.78), (0, -0.74)]
    )
    frame.fill(cabin, down(light(paint, 0.16), paint))
    frame.fill(
        smooth([(-0.56, -0.84), (-0.42, -1.16), (0, -1.21), (0.42, -1.16), (0.56, -0.84)]),
        down((70, 92, 112), (150, 184, 204)),
    )
    frame.fill(
        box(-0.95, -0.86, 0.95, -0.2, 0.2), down(light(paint, 0.2), paint, dark(paint, 0.25))
    )
    for side in (-1, 1):
        frame.fill(
            box(min(side * 0.88, side * 0.58), -0.68, max(side * 0.88, side * 0.58), -0.5, 0.06),
            (190, 20, 26) if colour[0] < 190 else (120, 0, 14),
        )
        frame.fill(oval(side * 0.8, -0.59, 0.055), (255, 150, 120))
    frame.fill(box(-0.26, -0.6, 0.26, -0.44), (244, 244, 238))
    frame.fill(box(-0.9, -0.32, 0.9, -0.2, 0.05), dark(paint, 0.5))


def car_from_side(pen: Pen, x: float, y: float, size: float, colour: Colour, flip: bool) -> None:
    """A car from the side, `2 size` long, on wheels that touch y."""
    frame = pen.at(x, y, size, flip=flip)
    frame.glow(0, 0, 1.25, 0.12, (10, 10, 20), 0.8)
    frame.fill(
        smooth([(-0.58, -0.46), (-0.4, -0.76), (0.12, -0.78), (0.46, -0.48)]), dark(colour, 0.06)
    )
    for glass in (
        [(-0.48, -0.48), (-0.36, -0.7), (-0.1, -0.71), (-0.1, -0.48)],
        [(-0.03, -0.48), (-0.03, -0.71), (0.12, -0.7), (0.36, -0.48)],
    ):
        frame.fill(glass, down((206, 228, 240), (130, 168, 192)))
    body = smooth(
        [
            (-0.98, -0.2),
            (-0.95, -0.42),
            (-0.6, -0.5),
            (0.0, -0.49),
            (0.5, -0.47),
            (0.92, -0.36),
            (1.0, -0.18),
            (0.9, -0.12),
            (-0.9, -0.12),
        ]
    )
    frame.fill(body, down(light(colour, 0.24), colour, dark(colour, 0.25)))
    frame.line([(-0.92, -0.27), (0.96, -0.25)], dark(colour, 0.22), 0.016)
    frame.fill(oval(0.93, -0.28, 0.06, 0.045), (255, 244, 200))
    frame.fill(oval(-0.94, -0.3, 0.04, 0.045), (200, 24, 30))
    for wx in (-0.56, 0.58):
        frame.fill(oval(wx, -0.15, 0.2), (30, 30, 34))
        frame.fill(oval(wx, -0.15, 0.1), (196, 200, 206))
        frame.fill(oval(wx, -0.15, 0.04), (110, 114, 120))


def tent(pen: Pen, x: float, y: float, size: float, colour: Colour, glowing: bool) -> None:
    """A ridge tent `2 size` wide at (x, y)."""
    frame = pen.at(x, y, size)
    frame.glow(0, 0, 1.4, 0.15, (6, 8, 16), 0.7)
    frame.fill([(-1, 0), (-0.15, -1.05), (0.45, 0)], across(light(colour, 0.12), colour))
    frame.fill(
        [(-0.15, -1.05), (0.45, 0), (1.05, -0.08), (0.5, -0.95)],
        across(dark(colour, 0.12), dark(colour, 0.32)),
    )
    opening = [(-0.5, 0), (-0.15, -0.82), (0.16, 0)]
    frame.fill(opening, (255, 204, 104) if glowing else (46, 36, 36))
    if glowing:
        frame.glow(-0.17, -0.25, 0.4, 0.4, (255, 244, 190), 0.9)
    frame.fill([(-0.5, 0), (-0.15, -0.82), (-0.28, 0)], light(colour, 0.28))
    frame.line([(-0.15, -1.05), (-0.15, -1.13)], (90, 70, 50), 0.03)


def fire(pen: Pen, x: float, y: float, size: float, rng: Random) -> None:
    """A campfire `2 size` high, with the light that it throws."""
    pen.glow(x, y - size * 0.5, size * 4.2, size * 3.0, (255, 150, 50), 0.6)
    frame = pen.at(x, y, size)
    for tilt in (-24, 24, 2):
        log = frame.at(0, -0.05, 1, tilt)
        log.line([(-0.75, 0), (0.75, 0)], (92, 58, 38), 0.2)
        log.dot(0.75, 0, 0.08, (176, 128, 88))
    for half, height, colour in (
        (0.5, 1.7, (240, 86, 30)),
        (0.36, 1.25, (252, 158, 40)),
        (0.2, 0.75, (255, 236, 150)),
    ):
        lean = rng.uniform(-0.12, 0.12)
        flame = [
            (0, 0.02),
            (half, -0.3),
            (half * 0.62, -0.62 * height),
            (half * 0.36 + lean, -0.5 * height),
        ]
        flame += [
            (lean, -height),
            (-half * 0.4 + lean, -0.62 * height),
            (-half * 0.72, -0.55 * height),
            (-half, -0.3),
        ]
        frame.fill(smooth(flame), colour)


def hot_air_balloon(
    pen: Pen, x: float, y: float, size: float, colour: Colour, second: Colour
) -> None:
    """A balloon with gores in two colours; its envelope is `2 size` wide and centred at (x, y)."""
    frame = pen.at(x, y, size)
    envelope = smooth(
        [
            (0, -1),
            (0.72, -0.72),
            (1, -0.05),
            (0.62, 0.72),
            (0.24, 1.16),
            (-0.24, 1.16),
            (-0.62, 0.72),
            (-1, -0.05),
            (-0.72, -0.72),
        ]
    )
    for dx in (-0.2, 0.2):
        frame.line([(dx, 1.1), (dx * 0.8, 1.56)], (90, 74, 60), 0.025)
    frame.fill(box(-0.2, 1.52, 0.2, 1.8, 0.06), down((176, 126, 74), (116, 78, 44)))
    with frame.inside(envelope) as inner:
        inner.fill(envelope, colour)
        for k in (0.78, 0.3):
            ring = smooth(
                [
                    (0, -1.05),
                    (k * 0.74, -0.72),
                    (k, -0.05),
                    (k * 0.62, 0.72),
                    (k * 0.26, 1.2),
                    (-k * 0.26, 1.2),
                    (-k * 0.62, 0.72),
                    (-k, -0.05),
                    (-k * 0.74, -0.72),
                ]
            )
            inner.fill(ring, second if k > 0.5 else colour)
        inner.veil(box(-1, -1.1, 1, 1.3), (255, 255, 255), 0.1, 0.3, 0.05, 0.0, 0.0, across=True)
        inner.veil(box(-1, -1.1, 1, 1.3), (20, 10, 40), 0.1, 0.0, 0.04, 0.2, 0.42, across=True)
    frame.fill(arc(0, 1.14, 0.25, 0.08, 0, 360), dark(colour, 0.35))
