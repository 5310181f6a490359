"""Writes a model folder: made in full beside its place, then moved there in one step."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from engine.encoder.manifest import PixelRules, ScoreCurve, TextRules
from engine.encoder.manifest_file import MANIFEST_NAME, SCHEMA
from export.errors import ExportError

VISION = "vision.onnx"
TEXT = "text.onnx"
TOKENIZER = "tokenizer.json"


@dataclass(frozen=True)
class Description:
    """What `model.json` says besides the digests of the files."""

    name: str
    source: str
    revision: str
    dim: int
    precision: str
    vision_graph: Mapping[str, Any]
    text_graph: Mapping[str, Any]
    pixels: PixelRules
    tokens: TextRules


def check_target(out: Path, force: bool) -> None:
    """Refuse a place that is taken.

    Raises:
        ExportError: `out` exists, and is no model folder or may not be replaced.
    """
    if not out.exists() and not out.is_symlink():
        return
    if not (out / MANIFEST_NAME).is_file():
        raise ExportError(f"{out}: exists and is no model folder; choose another --out")
    if not force:
        raise ExportError(f"{out}: exists already; --force replaces it")


@contextmanager
def staged(out: Path, force: bool) -> Iterator[tuple[Path, Path]]:
    """Two empty folders beside `out`: one becomes `out` when the block ends well, one is scratch.

    If the block raises, both are gone and `out` is as it was.
    """
    check_target(out, force)
    out.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as place:
        model, scratch = Path(place) / "model", Path(place) / "scratch"
        model.mkdir()
        scratch.mkdir()
        yield model, scratch
        check_target(out, force)  # the export took minutes
        _move(model, out, old=Path(place) / "old")


def write_manifest(
    folder: Path,
    description: Description,
    curves: Mapping[str, ScoreCurve],
    measured: Mapping[str, Any],
) -> None:
    """Write `folder/model.json` for the files that lie there."""
    about = description
    manifest = {
        "schema": SCHEMA,
        "name": about.name,
        "source": about.source,
        "revision": about.revision,
        "license": {"code": "see source", "weights": "see source"},
        "dim": about.dim,
        "vision": _tower(folder, VISION, about.precision, about.vision_graph),
        "text": _tower(folder, TEXT, about.precision, about.text_graph),
        "tokenizer": _file(folder, TOKENIZER),
        "pixels": asdict(about.pixels),
        "tokens": asdict(about.tokens),
        "score": {name: asdict(curve) for name, curve in curves.items()},
        "measured": measured,
    }
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    (folder / MANIFEST_NAME).write_text(text, encoding="utf-8")


def _tower(folder: Path, name: str, precision: str, graph: Mapping[str, Any]) -> dict[str, Any]:
    tower = {**_file(folder, name), "precision": precision, **graph}
    data = f"{name}.data"  # weights that did not fit into one file
    return tower | {"data": _file(folder, data)} if (folder / data).exists() else tower


def _file(folder: Path, name: str) -> dict[str, str]:
    with (folder / name).open("rb") as stream:
        return {"file": name, "sha256": hashlib.file_digest(stream, "sha256").hexdigest()}


def _move(model: Path, out: Path, old: Path) -> None:
    if not out.exists():
        model.rename(out)
        return
    out.rename(old)
    try:
        model.rename(out)
    except OSError:
        old.rename(out)
        raise
