"""The steps of an export, from a source to a model folder."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from engine.encoder import ScoreCurve, load
from engine.machine import describe_machine
from export import checkpoint as files
from export import folder
from export.architectures import architecture_for
from export.measure import latency
from export.onnx import export_tower, parity
from export.quantize import quantize
from export.rules import bare_tokenizer, pixel_rules, text_rules
from export.samples import COUNT, SEED, agreement, embed, score_curves
from export.tower import Tower, Towers

Precision = Literal["fp32", "int8"]

_UNFITTED = {"text": ScoreCurve(1.0, 0.0), "image": ScoreCurve(1.0, 0.0)}


def convert(
    source: str,
    out: Path,
    precision: Precision = "fp32",
    name: str | None = None,
    force: bool = False,
    say: Callable[[str], None] = lambda message: None,
    samples: int = COUNT,
) -> None:
    """Write the model folder `out`.

    Args:
        source: a local folder, or a hub id.
        out: where to write; its parents are made.
        precision: how the weights of both towers are stored.
        name: the model's name; by default that of the folder.
        force: replace a model folder that is there.
        say: takes a line for each step.
        samples: drawn pictures to measure on and to fit the score curves on.

    Raises:
        ExportError: it cannot be done; `out` is then as it was.
    """
    folder.check_target(out, force)
    architecture = architecture_for(files.model_type(source))
    checkpoint = files.open_checkpoint(source)
    say(f"loading {checkpoint.source}")
    towers = architecture.towers(files.load_model(checkpoint))
    tokenizer = files.read_json(checkpoint.folder / files.TOKENIZER)
    about = _describe(checkpoint, towers, tokenizer, name or out.name)
    with folder.staged(out, force) as (model, scratch):
        floats = model if precision == "fp32" else scratch
        (floats / folder.TOKENIZER).write_text(bare_tokenizer(tokenizer), encoding="utf-8")
        cosines = _write_towers(towers, floats, say)
        folder.write_manifest(floats, about, _UNFITTED, {})
        say(f"measuring on {samples} drawn pictures")
        embedded = embed(load(floats, device="cpu"), samples)
        measured = {"machine": describe_machine(), "parity": cosines}
        if precision == "int8":
            say("quantizing to int8")
            about = replace(about, precision="int8")
            _write_int8(floats, model)
            folder.write_manifest(model, about, _UNFITTED, {})
            exact, embedded = embedded, embed(load(model, device="cpu"), samples)
            measured["quantization"] = agreement(exact, embedded)
        measured["samples"] = {"pictures": samples, "seed": SEED}
        measured["latency_ms"] = latency(load(model, device="cpu"))
        folder.write_manifest(model, about, score_curves(embedded), measured)


def _describe(
    checkpoint: files.Checkpoint, towers: Towers, tokenizer: dict[str, Any], name: str
) -> folder.Description:
    preprocessor = files.read_json(checkpoint.folder / files.PREPROCESSOR)
    tokenizer_config = files.read_json(checkpoint.folder / files.TOKENIZER_CONFIG)
    return folder.Description(
        name=name,
        source=checkpoint.source,
        revision=checkpoint.revision,
        dim=towers.dim,
        precision="fp32",
        vision_graph=_names(towers.vision),
        text_graph=_names(towers.text),
        pixels=pixel_rules(preprocessor, towers.image_size),
        tokens=text_rules(tokenizer, tokenizer_config, towers.context_length),
    )


def _names(tower: Tower) -> dict[str, object]:
    return {"inputs": list(tower.inputs), "output": tower.output}


def _write_towers(towers: Towers, target: Path, say: Callable[[str], None]) -> dict[str, float]:
    """Export both towers in float32; the parity of each."""
    cosines = {}
    parts = (("vision", towers.vision, folder.VISION), ("text", towers.text, folder.TEXT))
    for part, tower, file in parts:
        say(f"exporting the {part} tower")
        export_tower(tower, target / file)
        cosines[part] = round(parity(tower, target / file), 6)
    return cosines


def _write_int8(floats: Path, target: Path) -> None:
    for file in (folder.VISION, folder.TEXT):
        quantize(floats / file, target / file)
    shutil.copy(floats / folder.TOKENIZER, target / folder.TOKENIZER)
