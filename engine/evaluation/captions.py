"""Captioned images: a folder with a `manifest.jsonl`, one object a line."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

MANIFEST = "manifest.jsonl"
_EXAMPLE = '{"file": "a.jpg", "captions": ["a red door"]}'


@dataclass(frozen=True)
class CaptionedImages:
    """Images and captions; `own[i]` is the image of caption i."""

    files: tuple[Path, ...]
    captions: tuple[str, ...]
    own: npt.NDArray[np.int64]


def read_captions(source: Path, split: str | None = None, per_image: int = 5) -> CaptionedImages:
    """Read a manifest of lines with `file`, `captions` and, where there are several, `split`.

    Args:
        source: the manifest, or the folder of a `manifest.jsonl`; files are relative to its folder.
        split: take only these lines; None takes all.
        per_image: captions taken of each image, at most.

    Raises:
        ValueError: a line is not as expected; names the file and the line.
    """
    manifest = source / MANIFEST if source.is_dir() else source
    files: list[Path] = []
    captions: list[str] = []
    own: list[int] = []
    for number, line in enumerate(manifest.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            entry = json.loads(line)
            if split is not None and entry["split"] != split:
                continue
            file, texts = manifest.parent / entry["file"], [str(text) for text in entry["captions"]]
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(
                f"{manifest}, line {number}: expected an object such as {_EXAMPLE}, "
                f"found {line[:60]!r}"
            ) from error
        files.append(file)
        captions.extend(texts[:per_image])
        own.extend([len(files) - 1] * len(texts[:per_image]))
    return CaptionedImages(tuple(files), tuple(captions), np.array(own, dtype=np.int64))
