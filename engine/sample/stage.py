"""Turns the drawing of one thing into a kind of product picture: counts, places and captions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from engine.sample.backdrops import FROM_ABOVE, background_for, draw_backdrop, wording
from engine.sample.kind import Attributes, Kind, text, whole
from engine.sample.palette import COLOURS
from engine.sample.pen import Pen
from engine.sample.words import counted, number

ALL_COLOURS = tuple(COLOURS)
UP_TO_FOUR = (1, 2, 3, 4)
_SIDES = {"left": 0.32, "centre": 0.5, "right": 0.68}


def _no_details(rng: Random, colour: str) -> Attributes:
    return {}


def colourless(facts: Attributes) -> tuple[str, str]:
    """No words before or after: for things that come in one colour only."""
    return "", ""


def _by_colour(facts: Attributes) -> tuple[str, str]:
    return text(facts, "colour"), ""


@dataclass(frozen=True)
class Product:
    """A thing that can be shown once or several times before a background.

    `draw` paints it into the square from (-1, -1) to (1, 1); things that stand touch y = 1.
    `nouns` are (singular, plural), the plainest first; in a `pair` they come in pairs, such as
    shoes, and the fact `count` counts pairs. `describe` gives the words before and after the
    noun. `breadth` is half its width.
    """

    name: str
    nouns: tuple[tuple[str, str], ...]
    draw: Callable[[Pen, Attributes, Random], None]
    colours: tuple[str, ...] = ALL_COLOURS
    place: str = "table"
    breadth: float = 0.9
    counts: tuple[int, ...] = (1, 1, 1, 2, 3)
    pair: bool = False
    details: Callable[[Random, str], Attributes] = _no_details
    describe: Callable[[Attributes], tuple[str, str]] = _by_colour

    def kind(self) -> Kind:
        """The product as a kind of picture."""
        return Kind(self.name, "product", self._choose, self._words, self._draw, self.colours)

    def _choose(self, rng: Random, colour: str) -> Attributes:
        count = rng.choice(self.counts)
        facts: Attributes = {"colour": colour, "count": count, **self.details(rng, colour)}
        if self.pair:
            facts["unit"] = "pair"
        if count == 1:
            facts["position"] = rng.choice(("centre", "centre", "centre", "left", "right"))
        return {**facts, "background": background_for(self.place, colour, rng)}

    def _words(self, facts: Attributes) -> tuple[str, ...]:
        before, after = self.describe(facts)
        count = whole(facts, "count")
        where = wording(text(facts, "background"), self.place)
        first, *rest = self.nouns
        other = rest[0] if rest else first
        position = {"left": "on the left", "right": "on the right"}.get(
            str(facts.get("position")), ""
        )
        plain = self._named(first, before, after, facts)
        phrases = [
            f"{before} {first[1]} {after}" if self.pair and count == 1 else plain,
            f"{self._named(other, before, after, facts)} {where[0]}",
            f"{plain} {position} {where[0]}" if position else f"{plain} {where[-1]}",
            f"{before} {first[0] if count == 1 and not self.pair else first[1]}",
            f"a picture of {self._named(other, before, '', facts)}",
            *(
                f"{before} {one if count == 1 and not self.pair else many} {after}"
                for one, many in rest
            ),
        ]
        return tuple(" ".join(phrase.split()) for phrase in phrases)

    def _named(self, noun: tuple[str, str], before: str, after: str, facts: Attributes) -> str:
        count = whole(facts, "count")
        if self.pair:
            amount = "a pair" if count == 1 else f"{number(count)} pairs"
            return f"{amount} of {before} {noun[1]} {after}"
        return f"{counted(count, f'{before} {noun[0]}', f'{before} {noun[1]}')} {after}"

    def _draw(self, pen: Pen, facts: Attributes, rng: Random) -> None:
        standing = self.place not in FROM_ABOVE
        rows = self._rows(whole(facts, "count"))
        horizon = rng.uniform(0.58, 0.66) if len(rows) == 1 else rng.uniform(0.22, 0.3)
        draw_backdrop(pen, text(facts, "background"), self.place, horizon, rng)
        look = rng.getrandbits(32)  # copies in one picture look alike
        for x, y, scale in self._spots(pen, facts, rng, standing):
            frame = pen.at(x, y, scale, 0 if standing else rng.uniform(-7, 7))
            if standing:
                frame.glow(0.08, 0.99, self.breadth * 1.5, 0.2, (16, 14, 26), 0.5)
                frame.glow(0, 0.99, self.breadth * 1.1, 0.08, (16, 14, 26), 0.5)
            self.draw(frame, facts, Random(look))

    def _spots(
        self, pen: Pen, facts: Attributes, rng: Random, standing: bool
    ) -> list[tuple[float, float, float]]:
        """(x, y, scale) of every copy, the farthest first."""
        count, wide = whole(facts, "count"), pen.wide
        if count == 1:
            x = wide * _SIDES[text(facts, "position")]
            room = min(wide * 0.46 / self.breadth, 0.41)
            if facts["position"] != "centre":
                room = min(wide * 0.3 / self.breadth, 0.38)
            scale = room * rng.uniform(0.84, 1.0)
            y = rng.uniform(0.83, 0.89) - scale if standing else rng.uniform(0.48, 0.52)
            return [(x + rng.uniform(-0.02, 0.02), max(y, scale + 0.05), scale)]
        rows = self._rows(count)
        scale = min(wide * 0.45 / (max(rows) * self.breadth), 0.4 if len(rows) == 1 else 0.24)
        scale *= rng.uniform(0.85, 0.98)
        levels = self._levels(len(rows), scale, standing)
        return [
            (wide * (i + 0.5) / n + rng.uniform(-0.015, 0.015), y + rng.uniform(-0.01, 0.01), scale)
            for n, y in zip(rows, levels, strict=True)
            for i in range(n)
        ]

    def _rows(self, count: int) -> tuple[int, ...]:
        return (count,) if count * self.breadth < 2.5 else (count // 2, count - count // 2)

    def _levels(self, rows: int, scale: float, standing: bool) -> tuple[float, ...]:
        if rows == 1:
            return (min(0.84, 0.5 + scale * 1.1) - scale if standing else 0.5,)
        return (0.48 - scale, 0.92 - scale) if standing else (0.26, 0.74)
