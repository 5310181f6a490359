"""Writing a sample library to disk: the pictures and a manifest of what is on them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from functools import partial
from io import BytesIO
from pathlib import Path

from engine.sample.items import Recipe, SampleItem, recipes
from engine.sample.render import render

MANIFEST = "manifest.jsonl"


def write_sample_library(
    folder: Path,
    count: int = 300,
    seed: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> list[SampleItem]:
    """Writes `count` pictures and `manifest.jsonl` (one item a line) into `folder`.

    `progress` is called with (written, count) after every picture. Writing again gives the same
    bytes; other files in the folder are left alone. Raises ValueError where `folder` is a file or
    `count` is below 1.
    """
    folder = Path(folder)
    todo = recipes(count, seed)
    if folder.exists() and not folder.is_dir():
        raise ValueError(f"cannot write a sample library to {folder}: it is a file, not a folder")
    for parent in {(folder / recipe.item.file).parent for recipe in todo}:
        parent.mkdir(parents=True, exist_ok=True)
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        for done, _ in enumerate(pool.map(partial(_write, folder), todo), 1):
            if progress:
                progress(done, count)
    items = [recipe.item for recipe in todo]
    lines = [json.dumps(asdict(item), ensure_ascii=False) + "\n" for item in items]
    (folder / MANIFEST).write_bytes("".join(lines).encode())
    return items


def _write(folder: Path, recipe: Recipe) -> None:
    path = folder / recipe.item.file
    path.write_bytes(_encoded(recipe, path.suffix))


def _encoded(recipe: Recipe, suffix: str) -> bytes:
    image, data = render(recipe), BytesIO()
    match suffix:
        case ".png":
            image.save(data, "PNG", compress_level=6)
        case ".webp":
            image.save(data, "WEBP", quality=90, method=2)
        case _:
            image.save(data, "JPEG", quality=90)
    return data.getvalue()
