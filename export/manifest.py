"""Writes `model.json` for the files of a model folder."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from engine.encoder import ScoreCurve
from engine.encoder.manifest_file import MANIFEST_NAME, SCHEMA
from export.spec import (
    PATCH_EMBEDS,
    PATCH_STATES,
    PATCHES,
    TEXT,
    TOKENIZER,
    VISION,
    Graph,
    ModelSpec,
    Provenance,
)

_NOWHERE = Provenance(source="draft", revision="draft", licence={})
_FLAT = ScoreCurve(scale=1.0, midpoint=0.0)


@dataclass(frozen=True)
class Header:
    """What `model.json` says of a model besides its files.

    Attributes:
        name: what to call it.
        provenance: where it is from.
        precisions: of `vision`, `text` and, where there are patches, `patches`.
        curves: the score curves `text` and `image`.
        measured: what the export measured.
    """

    name: str = "draft"
    provenance: Provenance = _NOWHERE
    precisions: Mapping[str, str] = field(default_factory=dict)
    curves: Mapping[str, ScoreCurve] = field(default_factory=dict)
    measured: Mapping[str, Any] = field(default_factory=dict)


def write_draft(folder: Path, spec: ModelSpec, **files: str) -> None:
    """A manifest that is good enough to load the folder and measure it.

    Args:
        folder: the model folder.
        spec: what is true of the model.
        files: other names of the files with the towers `vision` and `text`.
    """
    write_manifest(folder, spec, Header(), **files)


def write_manifest(folder: Path, spec: ModelSpec, header: Header, **files: str) -> dict[str, Any]:
    """Write `folder/model.json` for the files that lie there, and return what it says."""
    said = header.precisions
    vision, text = files.get("vision", VISION), files.get("text", TEXT)
    manifest = {
        "schema": SCHEMA,
        "name": header.name,
        "source": header.provenance.source,
        "revision": header.provenance.revision,
        "license": dict(header.provenance.licence),
        "dim": spec.dim,
        "vision": _tower(folder, vision, said.get("vision", "fp32"), spec.vision),
        "text": _tower(folder, text, said.get("text", "fp32"), spec.text),
        "tokenizer": _file(folder, TOKENIZER),
        "pixels": asdict(spec.pixels),
        "tokens": asdict(spec.tokens),
        "score": {name: asdict(header.curves.get(name, _FLAT)) for name in ("text", "image")},
        "measured": dict(header.measured),
    }
    if spec.patches:
        graph = Graph(inputs=(PATCH_STATES,), output=PATCH_EMBEDS)
        head = _tower(folder, PATCHES, said.get("patches", "fp32"), graph)
        manifest["patches"] = head | asdict(spec.patches)
    if spec.windows:
        manifest["windows"] = asdict(spec.windows)
    text = json.dumps(_without_none(manifest), indent=2, ensure_ascii=False) + "\n"
    (folder / MANIFEST_NAME).write_text(text, encoding="utf-8")
    return manifest


def _tower(folder: Path, name: str, precision: str, graph: Graph) -> dict[str, Any]:
    data = f"{name}.data"  # weights that did not fit into one file
    return {
        **_file(folder, name),
        "precision": precision,
        "inputs": list(graph.inputs),
        "output": graph.output,
        "batch": graph.batch,
        "data": _file(folder, data) if (folder / data).exists() else None,
    }


def _file(folder: Path, name: str) -> dict[str, str]:
    with (folder / name).open("rb") as stream:
        return {"file": name, "sha256": hashlib.file_digest(stream, "sha256").hexdigest()}


def _without_none(value: Any) -> Any:
    """Fields that are None are left out: they mean the same as fields that are not there."""
    if isinstance(value, Mapping):
        return {name: _without_none(item) for name, item in value.items() if item is not None}
    return value
