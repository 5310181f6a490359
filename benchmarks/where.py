"""Whether the map of where the words match marks what they name, on pictures of known truth.

Drawn things stand small in drawn scenes; four photographs of different kinds make one picture,
cut at places of chance. Each picture is asked for one of its things, and for one that it has not.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageChops

from benchmarks.labels import read_split
from engine import Encoder, HeatMap
from engine.evaluation import as_words
from engine.query.parts.heat import heat_map
from engine.query.parts.picture_parts import PictureParts, close_look, parts_of_picture
from engine.query.scores.calibration import Background
from engine.query.scores.neutral import neutral_queries
from engine.query.scores.statistics import LibraryStatistics
from engine.sample import recipes, render
from engine.sample.pen import Pen
from engine.sample.products import PRODUCTS
from engine.sample.stage import Product

Box = tuple[float, float, float, float]
"""Left, top, right and bottom edge, as shares of the sides."""

_SIDE = 448  # of a picture of four
_FINE = 56  # places a side that a map is judged at
_COLUMNS = ("articleType", "group", "label")
_HALF_HEIGHT = (0.12, 0.24)  # of drawn things, of the height of a picture
_NEEDLESS = 24  # difference of colours, of 255: a shadow is not the thing


@dataclass(frozen=True)
class Case:
    """A picture, what is asked for and where it is, and what is not in the picture."""

    picture: Image.Image
    text: str
    box: Box
    absent: str


@dataclass(frozen=True)
class Found:
    """Of one picture.

    Attributes:
        is_right: whether the brightest place is in the box.
        share: of the light that is in the box.
        there: how bright the brightest place is, of 1.
        absent: the same, asked for what is not there.
    """

    is_right: bool
    share: float
    there: float
    absent: float


Look = Callable[[Encoder, Image.Image], PictureParts]
LOOKS: dict[str, Look] = {"windows": parts_of_picture, "a close look": close_look}


def measure(encoder: Encoder, count: int, folders: Sequence[Path] = ()) -> str:
    """A table for docs/search.md.

    Args:
        encoder: a model that has windows.
        count: pictures of each set.
        folders: with a `manifest.jsonl` each that has kinds.
    """
    table = [
        "| pictures | | map of | brightest place right | by chance | light on the thing "
        "| brightest, thing there | thing not there | ms a picture |",
        f"|{' --- |' * 9}",
    ]
    sets = {"a small thing in a scene": drawn(count)}
    sets |= {f"four of {folder.name}": mosaics(folder, count) for folder in folders}
    for name, cases in sets.items():
        asked = list(cases)
        chance = np.mean([(c.box[2] - c.box[0]) * (c.box[3] - c.box[1]) for c in asked])
        for way, look in LOOKS.items():
            found, seconds = _found(encoder, asked, look)
            table.append(
                f"| {name} | {len(asked)} | {way} | {np.mean([f.is_right for f in found]):.0%} "
                f"| {chance:.0%} | {np.mean([f.share for f in found]):.0%} "
                f"| {np.mean([f.there for f in found]):.2f} "
                f"| {np.mean([f.absent for f in found]):.2f} | {seconds * 1000:.0f} |"
            )
    return "\n".join(table)


def drawn(count: int, seed: int = 3) -> Iterator[Case]:
    """Things anywhere in scenes; the same ones for the same arguments."""
    chance = Random(seed)
    owners = (getattr(kind.draw, "__self__", None) for kind in PRODUCTS)
    things = [each for each in owners if isinstance(each, Product) and each.place != "room"]
    scenes = (r for r in recipes(4 * count, seed) if r.item.file.startswith("scenes/"))
    for recipe in islice(scenes, count):
        thing, other = chance.sample(things, 2)
        scene, picture, noun = _with(render(recipe), thing, chance)
        differs = ImageChops.difference(scene, picture).convert("L")
        if box := differs.point([int(level > _NEEDLESS) for level in range(256)]).getbbox():
            left, top, right, bottom = box
            width, height = scene.size
            place = (left / width, top / height, right / width, bottom / height)
            yield Case(picture, noun, place, other.nouns[0][0])


def mosaics(folder: Path, count: int, seed: int = 3, split: str = "dev") -> Iterator[Case]:
    """Four photographs in one, of four kinds; the same ones for the same arguments."""
    chance = Random(seed)
    entries = read_split(folder, split)
    column = next(name for name in _COLUMNS if name in entries[0].labels)
    kinds: dict[str, list[Path]] = {}
    for entry in entries:
        if kind := entry.labels.get(column):
            kinds.setdefault(as_words(str(kind)).lower(), []).append(entry.file)
    for _ in range(count):
        *four, absent = chance.sample(sorted(kinds), 5)
        x, y = (round(_SIDE * chance.uniform(0.4, 0.6)) for _ in range(2))
        boxes = [(0, 0, x, y), (x, 0, _SIDE, y), (0, y, x, _SIDE), (x, y, _SIDE, _SIDE)]
        picture = Image.new("RGB", (_SIDE, _SIDE))
        for kind, (left, top, right, bottom) in zip(four, boxes, strict=True):
            with Image.open(chance.choice(kinds[kind])) as photograph:
                part = photograph.convert("RGB").resize((right - left, bottom - top))
            picture.paste(part, (left, top))
        one = chance.randrange(4)
        left, top, right, bottom = (edge / _SIDE for edge in boxes[one])
        yield Case(picture, four[one], (left, top, right, bottom), absent)


def judged(found: HeatMap, box: Box) -> tuple[bool, float, float]:
    """Whether its brightest place is in the box, the share of its light there, its brightness."""
    values = np.asarray(found.mask(_FINE, _FINE), dtype=np.float64) / 255
    inside = _inside(box)
    light = float(values.sum())
    # As is told by the eye: of several that are as bright, the middle.
    brightest = np.argwhere(values == values.max()).mean(axis=0).round().astype(int)
    is_right = light > 0 and bool(inside[tuple(brightest)])
    return is_right, float(values[inside].sum()) / max(light, 1e-9), float(found.values.max())


def _found(encoder: Encoder, cases: Sequence[Case], look: Look) -> tuple[list[Found], float]:
    """What is found in each picture, and the seconds that one takes."""
    windows = [parts_of_picture(encoder, case.picture).vectors for case in cases]
    library = LibraryStatistics.of(np.concatenate(windows))
    background = Background.of(neutral_queries(encoder, "texts"), library, len(cases))
    texts = encoder.encode_texts([text for case in cases for text in (case.text, case.absent)])
    found, started = [], time.perf_counter()
    for case, text, absent in zip(cases, texts[0::2], texts[1::2], strict=True):
        parts = look(encoder, case.picture)
        there = judged(heat_map(parts, text, background), case.box)
        found.append(Found(*there, judged(heat_map(parts, absent, background), case.box)[2]))
    return found, (time.perf_counter() - started) / max(len(cases), 1)


def _inside(box: Box) -> npt.NDArray[np.bool_]:
    """Which places of a map are in a box, [rows, columns]."""
    middles = (np.arange(_FINE) + 0.5) / _FINE
    across = (middles >= box[0]) & (middles <= box[2])
    down = (middles >= box[1]) & (middles <= box[3])
    return down[:, None] & across[None, :]


def _with(
    scene: Image.Image, thing: Product, chance: Random
) -> tuple[Image.Image, Image.Image, str]:
    """A scene without and with a thing in it, and what to call the thing."""
    large = scene.resize((2 * scene.width, 2 * scene.height))  # to be reduced: smooth edges
    without = large.reduce(2)
    high, wide = float(large.height), scene.width / scene.height
    pen = Pen(large, (high, 0.0, 0.0, 0.0, high, 0.0))
    half = chance.uniform(*_HALF_HEIGHT)
    x = chance.uniform(half * thing.breadth, wide - half * thing.breadth)
    y = chance.uniform(half, 1 - half)
    colour, look = chance.choice(thing.colours), Random(chance.getrandbits(32))
    facts = {"colour": colour, "count": 1, **thing.details(look, colour)}
    if thing.pair:
        facts["unit"] = "pair"
    thing.draw(pen.at(x, y, half), facts, look)
    noun = thing.nouns[0][1 if thing.pair else 0]
    return without, large.reduce(2), noun
