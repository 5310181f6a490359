"""Pictures and texts that a smaller precision is compared with float32 on."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from random import Random

import numpy as np
import numpy.typing as npt

from engine.encoder import SUFFIXES, Encoder, ImageError, ImageSource, decode, load
from engine.evaluation import read_annotations
from engine.machine import physical_cores, usable_cores
from engine.sample import Recipe, SampleItem, recipes, render
from export.errors import ExportError
from export.spec import Vectors

DRAWN = 200
LARGEST = 1000
"""Pictures taken of a folder, at most: each is embedded once for every precision."""

LEAST = 20
"""With fewer pictures a list of ten is nearly all of them, and cannot differ."""

SEED = 7
BATCH = 32
_CAPTIONS = 5  # of each picture, at most
_PLANNED = 2000
_MANIFEST = "manifest.jsonl"


@dataclass(frozen=True)
class Calibration:
    """Pictures and texts.

    Attributes:
        name: what to call the set in the model card; no path.
        pictures: files, or pictures in memory.
        texts: captions, or other queries.
        owner: the picture that each text describes, int [texts]; None where that is unknown.
        meaning: what each picture shows; equal meanings match each other. None where unknown.
    """

    name: str
    pictures: tuple[ImageSource, ...]
    texts: tuple[str, ...]
    owner: npt.NDArray[np.int64] | None
    meaning: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Embedded:
    """A calibration set as unit rows.

    Attributes:
        images: float32 [pictures, dim].
        texts: float32 [texts, dim].
        windows: of the pictures, float32 [pictures, windows, dim], where the model gives them.
    """

    images: Vectors
    texts: Vectors
    windows: Vectors | None = None


def embed(folder: Path, calibration: Calibration) -> Embedded:
    """The whole set with a model folder."""
    images, windows = embed_pictures(load(folder, device="cpu"), calibration)
    texts = embed_texts(load(folder, device="cpu", threads=1), calibration)
    return Embedded(images, texts, windows)


def embed_pictures(encoder: Encoder, calibration: Calibration) -> tuple[Vectors, Vectors | None]:
    """The pictures in batches, as they are indexed; and their windows, see `Embedded`."""
    if encoder.window_grid is None:
        return encoder.encode_images(calibration.pictures), None
    found = []
    with ThreadPoolExecutor(usable_cores()) as pool:
        for at in range(0, len(calibration.pictures), BATCH):
            batch = calibration.pictures[at : at + BATCH]
            pixels = pool.map(lambda picture: prepared(encoder, picture), batch)
            found.append(encoder.encode_with_windows(list(pixels)))
    rows, windows = zip(*found, strict=True)
    return np.concatenate(rows), np.concatenate(windows)


def prepared(encoder: Encoder, picture: ImageSource) -> Vectors:
    """A picture as the vision tower's input, float32 [3, height, width]."""
    return encoder.pixels(decode(picture, at_least=encoder.decode_side).image)


def embed_texts(encoder: Encoder, calibration: Calibration) -> Vectors:
    """The texts one at a time, as people search; quickest where the encoder has one thread.

    With some precisions a vector depends on what else is in its batch.
    """
    with ThreadPoolExecutor(max(1, physical_cores() // encoder.threads)) as pool:
        rows = list(pool.map(lambda text: encoder.encode_texts([text]), calibration.texts))
    return np.concatenate(rows)


def drawn(count: int = DRAWN, seed: int = SEED) -> Calibration:
    """`count` sample pictures (an even number) in pairs of equal meaning, with all captions."""
    chosen = _in_twos(count, seed)
    captions = [(row, text) for row, recipe in enumerate(chosen) for text in recipe.item.captions]
    return Calibration(
        name=f"{count} drawn pictures",
        pictures=tuple(render(recipe) for recipe in chosen),
        texts=tuple(text for _, text in captions),
        owner=np.array([row for row, _ in captions], dtype=np.int64),
        meaning=tuple(_meaning(recipe.item) for recipe in chosen),
    )


def read(
    path: Path, limit: int = LARGEST, say: Callable[[str], None] = lambda message: None
) -> Calibration:
    """A folder of pictures, or a manifest.

    Captions come from `manifest.jsonl` (one `{"file": ..., "captions": [...]}` a line), in the
    folder or in the one above it. Without one, the captions of the drawn pictures are the queries:
    whether the same pictures are found can then be measured, but not whether they are right.

    Args:
        path: the folder, or the manifest itself.
        limit: pictures to take at most; chosen by chance, the same in every run.
        say: is told which pictures cannot be read.

    Raises:
        ExportError: nothing there, a damaged manifest, or too few pictures that can be read.
    """
    path = path.expanduser()
    if path.is_file():
        return _captioned(path, path.parent, path.resolve().parent.name, limit, say)
    if not path.is_dir():
        raise ExportError(f"{path}: no such folder or manifest to calibrate on")
    for folder in (path, path.resolve().parent):
        if (folder / _MANIFEST).is_file():
            inner = path.resolve()
            name = inner.name if folder is path else f"{inner.parent.name}/{inner.name}"
            return _captioned(folder / _MANIFEST, path, name, limit, say)
    files = [file for file in sorted(path.rglob("*")) if file.suffix.lower() in SUFFIXES]
    chosen = _readable(_some(files, limit), path, say)
    texts = drawn().texts
    return Calibration(path.resolve().name, tuple(chosen), texts, owner=None)


def _captioned(
    manifest: Path, within: Path, name: str, limit: int, say: Callable[[str], None]
) -> Calibration:
    """The pictures of a manifest that lie in `within`, with their captions."""
    try:
        data = read_annotations(manifest)
    except ValueError as error:
        raise ExportError(str(error)) from error
    if data.left_out:
        say(f"left out: {data.left_out[0]} (one of {len(data.left_out)})")
    captions = {
        entry.file: entry.captions[:_CAPTIONS]
        for entry in data.entries
        if entry.file.resolve().is_relative_to(within.resolve())
    }
    chosen = _readable(_some(list(captions), limit), within, say)
    pairs = [(row, text) for row, file in enumerate(chosen) for text in captions[file]]
    if not pairs:
        raise ExportError(f"{manifest}: has no captions for pictures in {within}")
    return Calibration(
        name=name,
        pictures=tuple(chosen),
        texts=tuple(text for _, text in pairs),
        owner=np.array([row for row, _ in pairs], dtype=np.int64),
    )


def _some(files: Sequence[Path], limit: int) -> list[Path]:
    return sorted(Random(SEED).sample(files, limit)) if len(files) > limit else list(files)


def _readable(files: Sequence[Path], place: Path, say: Callable[[str], None]) -> list[Path]:
    good = []
    for file in files:
        try:
            decode(file, at_least=1)
        except ImageError as error:
            say(f"left out: {file}: {error}")
        else:
            good.append(file)
    if len(good) < LEAST:
        raise ExportError(
            f"{place}: {len(good)} pictures that can be read; calibrating needs at least {LEAST}"
        )
    return good


def _in_twos(count: int, seed: int) -> list[Recipe]:
    """Two pictures of each of `count / 2` meanings; a plain plan repeats hardly any."""
    groups: dict[str, list[Recipe]] = {}
    for recipe in recipes(_PLANNED, seed):
        groups.setdefault(_meaning(recipe.item), []).append(recipe)
    repeated = [group[:2] for group in groups.values() if len(group) > 1]
    return [recipe for group in Random(seed).sample(repeated, count // 2) for recipe in group]


def _meaning(item: SampleItem) -> str:
    return f"{item.attributes.get('colour')} {item.attributes['kind']}"
