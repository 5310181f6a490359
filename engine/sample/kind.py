"""What the sample library knows about one kind of picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from engine.sample.pen import Pen

Attributes = dict[str, str | int]


@dataclass(frozen=True)
class Kind:
    """One kind of picture: how its facts are chosen, worded and drawn.

    `choose` gets the main colour dealt to this picture ("" where `colours` is empty) and returns
    the facts; `words` turns facts into captions, the plainest first; `draw` paints a scene in a
    frame one unit high and `pen.wide` units wide.
    """

    name: str
    category: str
    choose: Callable[[Random, str], Attributes]
    words: Callable[[Attributes], tuple[str, ...]]
    draw: Callable[[Pen, Attributes, Random], None]
    colours: tuple[str, ...] = ()
    sizes: tuple[tuple[int, int], ...] = ()


def text(attributes: Attributes, name: str) -> str:
    """The fact `name`, as text."""
    return str(attributes[name])


def whole(attributes: Attributes, name: str) -> int:
    """The fact `name`, as a number."""
    return int(attributes[name])
