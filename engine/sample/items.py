"""The plan of a sample library: which pictures it holds, and the exact truth about each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import count as count_from
from random import Random

from engine.sample.catalogue import KINDS
from engine.sample.kind import Kind
from engine.sample.words import slug, tidy

# The order in which categories take turns: 9 scenes, 9 products and 2 patterns in 20.
_TURNS = (
    *("scene", "product") * 4,
    *("scene", "pattern"),
    *("product", "scene") * 4,
    *("product", "pattern"),
)
_FOLDERS = {"scene": "scenes", "product": "products", "pattern": "patterns"}
_LANDSCAPE = ((384, 288), (400, 300), (432, 288), (448, 336), (416, 312))
_MIXED = ((384, 384), (352, 352), (384, 288), (400, 320), (320, 400), (336, 420), (416, 416))


@dataclass(frozen=True)
class SampleItem:
    """One picture of the sample library, and what is true about it.

    `file` is relative to the library folder; `captions` starts with `caption` and goes on with
    paraphrases of other lengths; `attributes` holds facts such as kind, colour and count.
    """

    file: str
    caption: str
    captions: tuple[str, ...]
    attributes: Mapping[str, str | int]


@dataclass(frozen=True)
class Recipe:
    """All that `render` needs to draw one item: the item, its own seed, its size in pixels."""

    item: SampleItem
    seed: str
    size: tuple[int, int]


def plan(count: int = 300, seed: int = 0) -> list[SampleItem]:
    """The first `count` items of the library of this seed, without drawing them.

    The same arguments give the same items on every machine, and a longer plan starts with the
    shorter one. Raises ValueError where `count` is below 1.
    """
    return [recipe.item for recipe in recipes(count, seed)]


def recipes(count: int = 300, seed: int = 0) -> list[Recipe]:
    """The items of `plan`, each with what is needed to draw it."""
    if count < 1:
        raise ValueError(f"a sample library needs at least 1 picture, not {count}")
    decks = {category: _deck(category, seed) for category in _FOLDERS}
    dealt: dict[str, int] = {}
    made: list[Recipe] = []
    for index in range(count):
        kind = next(decks[_TURNS[index % len(_TURNS)]])
        turn = dealt.get(kind.name, 0)
        dealt[kind.name] = turn + 1
        made.append(_recipe(kind, index, turn, seed))
    return made


def _deck(category: str, seed: int) -> Iterator[Kind]:
    """The kinds of a category in shuffled rounds, so that any stretch of them is varied."""
    kinds = [kind for kind in KINDS if kind.category == category]
    for turn in count_from():
        Random(f"{seed}/deck/{category}/{turn}").shuffle(kinds)
        yield from kinds


def _recipe(kind: Kind, index: int, turn: int, seed: int) -> Recipe:
    own = f"{seed}/{index}/{kind.name}"
    rng = Random(f"{own}/facts")
    facts = kind.choose(rng, _dealt_colour(kind, turn, seed))
    attributes: dict[str, str | int] = {"kind": kind.name, "category": kind.category, **facts}
    phrases = list(dict.fromkeys(tidy(phrase) for phrase in kind.words(attributes)))
    others = phrases[1:]
    chosen = sorted(rng.sample(range(len(others)), min(len(others), rng.randint(3, 4))))
    captions = (phrases[0], *(others[i] for i in chosen))
    ending = _ending(kind.category, rng)
    file = f"{_FOLDERS[kind.category]}/{index + 1:04d}-{slug(captions[0])}.{ending}"
    sizes = kind.sizes or (_LANDSCAPE if kind.category == "scene" else _MIXED)
    return Recipe(SampleItem(file, captions[0], captions, attributes), own, rng.choice(sizes))


def _dealt_colour(kind: Kind, turn: int, seed: int) -> str:
    """Every colour of the kind comes once before any comes again."""
    if not kind.colours:
        return ""
    turn, place = divmod(turn, len(kind.colours))
    colours = list(kind.colours)
    Random(f"{seed}/colours/{kind.name}/{turn}").shuffle(colours)
    return colours[place]


def _ending(category: str, rng: Random) -> str:
    """Mostly JPEG; now and then what shops and drawing programs write."""
    if category == "scene":
        return "jpg"
    return rng.choices(("jpg", "png", "webp"), (88, 5, 7))[0]
