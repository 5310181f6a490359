"""Drawing one item: twice the size first, for smooth edges, then reduced."""

from __future__ import annotations

from random import Random

from PIL import Image

from engine.sample.catalogue import kind_named
from engine.sample.items import Recipe
from engine.sample.pen import Pen
from engine.sample.shapes import box

_OVERSAMPLING = 2


def render(recipe: Recipe) -> Image.Image:
    """The picture of a recipe, RGB; the same recipe always gives the same pixels."""
    width, height = recipe.size
    image = Image.new("RGB", (width * _OVERSAMPLING, height * _OVERSAMPLING))
    scale = float(image.height)
    pen = Pen(image, (scale, 0.0, 0.0, 0.0, scale, 0.0))
    kind = kind_named(str(recipe.item.attributes["kind"]))
    kind.draw(pen, dict(recipe.item.attributes), Random(f"{recipe.seed}/drawing"))
    picture = image.reduce(_OVERSAMPLING)
    _set_light(picture, Random(f"{recipe.seed}/light"))
    return picture


def _set_light(picture: Image.Image, rng: Random) -> None:
    """A light fall-off towards one side and a warm or cool cast, both faint."""
    pen = Pen(picture, (float(picture.height), 0.0, 0.0, 0.0, float(picture.height), 0.0))
    whole = box(0, 0, pen.wide, 1)
    fall = [0.0, rng.uniform(0, 0.07)]
    rng.shuffle(fall)
    pen.veil(whole, (20, 18, 34), *fall, across=rng.random() < 0.6)
    cast = rng.choice(((255, 206, 150), (190, 214, 255), (255, 255, 255)))
    pen.veil(whole, cast, rng.uniform(0, 0.06))
