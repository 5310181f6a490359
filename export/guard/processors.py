"""Whether the engine's own path from pictures and texts gives what the framework's gives."""

from collections.abc import Sequence

import numpy as np
from PIL import Image

from engine.encoder import Encoder
from engine.sample import recipes, render
from export.errors import ExportError
from export.spec import PARITY, Reference, Vectors

_SIZES = ((640, 480), (333, 500), (500, 333), (1023, 201), (97, 131), (384, 384), (447, 670))
_TEXTS = (
    "a dog",
    "",
    "Two RED shoes, and a cat on a wooden table beside the window!",
    "crème brûlée 🍮, 25 °C",
    "don't  stop -- (really)",
    "ein Hund läuft über die Wiese; 一只狗在草地上",
    "very " * 200 + "long",
)


def compare(reference: Reference, encoder: Encoder) -> dict[str, float]:
    """Largest absolute difference of a component, by tower, each side with its own processors.

    Pictures are given as they are, without the scaled decoding of large files.

    Raises:
        ExportError: it is above PARITY; names the tower and the picture or text.
    """
    pictures = [
        render(recipe).resize(size, Image.Resampling.LANCZOS)
        for recipe, size in zip(recipes(len(_SIZES), seed=3), _SIZES, strict=True)
    ]
    prepared = [encoder.pixels(picture) for picture in pictures]
    sizes = [f"a picture of {width} x {height}" for width, height in _SIZES]
    return {
        "vision": _largest(
            "vision", sizes, encoder.encode_pixels(prepared), reference.images(pictures)
        ),
        "text": _largest(
            "text", _TEXTS, encoder.encode_texts(list(_TEXTS)), reference.texts(list(_TEXTS))
        ),
    }


def _largest(tower: str, names: Sequence[str], found: Vectors, expected: Vectors) -> float:
    differences = np.abs(found - expected).max(axis=1)
    worst = int(np.argmax(differences))
    if not differences[worst] <= PARITY:  # also refuses NaN
        raise ExportError(
            f"{tower} tower: {names[worst][:60]!r} gives another vector than the framework with "
            f"its own processors: components differ by up to {differences[worst]:.6f}, "
            f"{PARITY:g} is allowed"
        )
    return float(f"{differences[worst]:.3g}")
