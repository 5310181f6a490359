"""Cloth: plain, striped, dotted or checked; how it is chosen, worded and sewn."""

from __future__ import annotations

from random import Random

from engine.sample.kind import Attributes, text
from engine.sample.paint import (
    Paint,
    across,
    checks,
    dots,
    stripes,
    tartan,
)
from engine.sample.palette import contrasting, dark, light, shade_of
from engine.sample.pen import Pen
from engine.sample.shapes import Outline

_PATTERNS = ("plain", "striped", "dotted", "checked")


def cloth_details(rng: Random, colour: str) -> Attributes:
    """A pattern, and its second colour unless it is plain."""
    pattern = rng.choice(("plain", "plain", *_PATTERNS[1:]))
    if pattern == "plain":
        return {"pattern": pattern}
    liked = [c for c in contrasting(colour) if c in ("white", "black", "yellow", "blue")]
    second = rng.choice(liked or list(contrasting(colour)))
    return {"pattern": pattern, "second_colour": second}


def cloth_words(facts: Attributes) -> tuple[str, str]:
    """The words before and after the name of the garment."""
    colour, pattern = text(facts, "colour"), text(facts, "pattern")
    if pattern == "plain":
        return colour, ""
    second = text(facts, "second_colour")
    if pattern == "dotted":
        return colour, f"with {second} dots"
    return f"{colour} and {second} {pattern}", ""


def cloth_of(facts: Attributes, rng: Random, bands: int = 13) -> Paint:
    """The cloth that the facts tell of, as a paint."""
    colour = shade_of(text(facts, "colour"), rng)
    pattern = text(facts, "pattern")
    if pattern == "plain":
        return across(light(colour, 0.08), colour, dark(colour, 0.08))
    second = shade_of(text(facts, "second_colour"), rng)
    if pattern == "striped":
        return stripes(colour, second, bands, upright=rng.random() < 0.3)
    if pattern == "dotted":
        return dots(colour, second, bands - 4, 0.2)
    return tartan(colour, second, bands) if rng.random() < 0.5 else checks(colour, second, bands)


def sew(pen: Pen, outline: Outline, cloth: Paint) -> None:
    """One piece of clothing: its shadow, the cloth and the light on it."""
    pen.shadow(outline, 0.03, 0.06, 0.05, 0.42)
    pen.fill(outline, cloth)
    pen.veil(outline, (10, 8, 30), 0.16, 0.0, 0.0, 0.06, 0.22, across=True)
