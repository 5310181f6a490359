"""The pen: fills, lines, glows and shadows in a frame that can be moved, turned and scaled."""

from __future__ import annotations

import math
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from engine.sample.paint import Paint, soft_spot
from engine.sample.palette import Colour
from engine.sample.shapes import Outline, Point

_BILINEAR = Image.Resampling.BILINEAR
_SHADOW_SCALE = 8  # soft shadows are drawn this much smaller: nobody sees it, and it is fast


@dataclass(frozen=True)
class Pen:
    """Draws onto `image`; `frame` (a, b, c, d, e, f) maps (x, y) to (ax+by+c, dx+ey+f) pixels."""

    image: Image.Image
    frame: tuple[float, float, float, float, float, float]

    @property
    def unit(self) -> float:
        """The length of one local unit, in pixels."""
        a, b, _, d, e, _ = self.frame
        return math.sqrt(abs(a * e - b * d))

    @property
    def wide(self) -> float:
        """The width of the picture by its height: the right edge in the frame of a scene."""
        return self.image.width / self.image.height

    def at(
        self,
        x: float,
        y: float,
        scale: float = 1.0,
        angle: float = 0.0,
        flip: bool = False,
        squeeze: float = 1.0,
    ) -> Pen:
        """A pen whose origin lies at (x, y), turned clockwise by `angle` degrees."""
        a, b, c, d, e, f = self.frame
        cos, sin = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        sx, sy = (-scale if flip else scale) * squeeze, scale
        return Pen(
            self.image,
            (
                (a * cos + b * sin) * sx,
                (b * cos - a * sin) * sy,
                a * x + b * y + c,
                (d * cos + e * sin) * sx,
                (e * cos - d * sin) * sy,
                d * x + e * y + f,
            ),
        )

    def place(self, points: Sequence[Point]) -> Outline:
        """The points in pixels."""
        a, b, c, d, e, f = self.frame
        return [(a * x + b * y + c, d * x + e * y + f) for x, y in points]

    def fill(self, outline: Sequence[Point], paint: Paint | Colour) -> None:
        """Fills an outline with a colour, or with a paint laid over its bounding box."""
        if isinstance(paint, tuple):
            ImageDraw.Draw(self.image).polygon(self.place(outline), paint)
            return
        corner, mask = self._mask(outline)
        self.image.paste(paint(*mask.size), corner, mask)

    def veil(
        self, outline: Sequence[Point], colour: Colour, *alphas: float, across: bool = False
    ) -> None:
        """Lays `colour` over an outline; opacities (0..1) run down it, or across it."""
        corner, mask = self._mask(outline)
        strip = Image.new("L", (len(alphas), 1) if across else (1, len(alphas)))
        strip.putdata([round(255 * alpha) for alpha in alphas])
        inner = (0.5, 0, len(alphas) - 0.5, 1) if across else (0, 0.5, 1, len(alphas) - 0.5)
        fade = strip.resize(mask.size, _BILINEAR, box=inner if len(alphas) > 1 else None)
        self.image.paste(colour, _span(corner, mask), ImageChops.multiply(mask, fade))

    def line(self, points: Sequence[Point], colour: Colour, width: float) -> None:
        """A line with round ends, `width` in local units."""
        placed = self.place(points)
        pixels = max(1, round(width * self.unit))
        draw = ImageDraw.Draw(self.image)
        draw.line(placed, colour, pixels, joint="curve")
        if pixels > 3:
            r = pixels / 2
            for x, y in (placed[0], placed[-1]):
                draw.ellipse((x - r, y - r, x + r - 1, y + r - 1), colour)

    def dot(self, x: float, y: float, radius: float, colour: Colour) -> None:
        """A small round dot: quicker than filling an outline."""
        ((px, py),) = self.place([(x, y)])
        r = max(0.5, radius * self.unit)
        ImageDraw.Draw(self.image).ellipse((px - r, py - r, px + r, py + r), colour)

    def glow(
        self, x: float, y: float, rx: float, ry: float, colour: Colour, strength: float = 1.0
    ) -> None:
        """A soft spot of light, or of shadow, that fades out at (rx, ry); it ignores rotation."""
        ((px, py),) = self.place([(x, y)])
        w, h = max(2, round(2 * rx * self.unit)), max(2, round(2 * ry * self.unit))
        spot = soft_spot().point([round(v * strength) for v in range(256)])
        spot = spot.resize((w, h), _BILINEAR)
        corner = (round(px - w / 2), round(py - h / 2))
        self.image.paste(colour, _span(corner, spot), spot)

    def shadow(
        self,
        outline: Sequence[Point],
        dx: float = 0.03,
        dy: float = 0.05,
        blur: float = 0.05,
        strength: float = 0.4,
    ) -> None:
        """The soft shadow that an outline throws on the ground just behind it."""
        placed = self.place([(x + dx, y + dy) for x, y in outline])
        margin = 3 * blur * self.unit
        x0, y0 = min(x for x, _ in placed) - margin, min(y for _, y in placed) - margin
        x1, y1 = max(x for x, _ in placed) + margin, max(y for _, y in placed) + margin
        k = _SHADOW_SCALE
        small = Image.new("L", (math.ceil((x1 - x0) / k), math.ceil((y1 - y0) / k)))
        full = round(255 * strength)
        ImageDraw.Draw(small).polygon([((x - x0) / k, (y - y0) / k) for x, y in placed], full)
        small = small.filter(ImageFilter.GaussianBlur(blur * self.unit / k))
        mask = small.resize((small.width * k, small.height * k), _BILINEAR)
        self.image.paste((14, 14, 30), _span((round(x0), round(y0)), mask), mask)

    @contextmanager
    def inside(self, outline: Sequence[Point]) -> Generator[Pen]:
        """A pen in the same frame whose marks show only within the outline."""
        corner, mask = self._mask(outline)
        layer = self.image.crop(_span(corner, mask))
        a, b, c, d, e, f = self.frame
        yield Pen(layer, (a, b, c - corner[0], d, e, f - corner[1]))
        self.image.paste(layer, corner, mask)

    def _mask(self, outline: Sequence[Point]) -> tuple[tuple[int, int], Image.Image]:
        placed = self.place(outline)
        x0, y0 = math.floor(min(x for x, _ in placed)), math.floor(min(y for _, y in placed))
        x1, y1 = math.ceil(max(x for x, _ in placed)), math.ceil(max(y for _, y in placed))
        mask = Image.new("L", (max(1, x1 - x0 + 1), max(1, y1 - y0 + 1)))
        ImageDraw.Draw(mask).polygon([(x - x0, y - y0) for x, y in placed], 255)
        return (x0, y0), mask


def _span(corner: tuple[int, int], image: Image.Image) -> tuple[int, int, int, int]:
    return corner[0], corner[1], corner[0] + image.width, corner[1] + image.height
