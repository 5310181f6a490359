"""What there is to say about a model: its origin, its size, and what was measured."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.encoder import Encoder
from engine.encoder.manifest import Tower

_MEGABYTE = 1e6


@dataclass(frozen=True)
class TowerInfo:
    """One graph of a model.

    Attributes:
        part: `vision`, `text` or `patches`.
        precision: of its weights, such as `fp32` or `int8-dynamic`.
        megabytes: size of its files.
    """

    part: str
    precision: str
    megabytes: float


@dataclass(frozen=True)
class ModelInfo:
    """What `info --model` tells.

    Attributes:
        name: the model's name.
        folder: where it is.
        source: where it was exported from.
        revision: of the source.
        licence: of `code` and of `weights`.
        dim: width of its vectors.
        towers: its graphs.
        provider: onnxruntime execution provider really in use.
        threads: threads inside one operator.
        measured: what the export has measured, as `model.json` has it.
    """

    name: str
    folder: Path
    source: str
    revision: str
    licence: Mapping[str, str]
    dim: int
    towers: tuple[TowerInfo, ...]
    provider: str
    threads: int
    measured: Mapping[str, Any]


def describe_model(encoder: Encoder) -> ModelInfo:
    """The facts about a model that was loaded."""
    manifest = encoder.manifest
    parts = {"vision": manifest.vision, "text": manifest.text, "patches": manifest.patches}
    return ModelInfo(
        name=manifest.name,
        folder=manifest.folder,
        source=manifest.source,
        revision=manifest.revision,
        licence=dict(manifest.licence),
        dim=encoder.dim,
        towers=tuple(
            TowerInfo(part, tower.precision, _size(manifest.folder, tower))
            for part, tower in parts.items()
            if tower is not None
        ),
        provider=encoder.provider,
        threads=encoder.threads,
        measured=dict(manifest.measured),
    )


def _size(folder: Path, tower: Tower) -> float:
    files = (tower, tower.data) if tower.data else (tower,)
    return sum((folder / file.file).stat().st_size for file in files) / _MEGABYTE
