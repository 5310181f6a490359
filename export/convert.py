"""The steps of an export, from a source to a model folder."""

import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from engine.encoder import ScoreCurve, load
from engine.machine import describe_machine
from export import precisions
from export.card import write_card
from export.errors import ExportError
from export.folder import check_room, staged
from export.guard import calibration as sets
from export.guard.candidates import Candidate, Workbench
from export.guard.choice import Choice, allowed, choose
from export.guard.loss import Bounds, Loss
from export.guard.processors import compare
from export.manifest import Header, write_draft, write_manifest
from export.precisions import files
from export.scores import score_curves
from export.sources import open_source
from export.spec import PATCHES, TEXT, TOKENIZER, VISION, ModelSpec, Say, Source
from export.versions import versions


@dataclass(frozen=True)
class Options:
    """How to export.

    Attributes:
        precision: one of `choice.CHOICES`.
        calibration: a folder or manifest to compare on; None takes drawn pictures.
        bounds: how much retrieval may be lost.
        force: go beyond the bounds.
        replace: take the place of a model folder that is there.
        name: the model's name; None takes that of the folder.
        device: where to measure times.
        drawn: number of drawn pictures.
    """

    precision: str = "auto"
    calibration: Path | None = None
    bounds: Bounds = field(default_factory=Bounds)
    force: bool = False
    replace: bool = False
    name: str | None = None
    device: str = "cpu"
    drawn: int = sets.DRAWN


def convert(
    source: str,
    out: Path,
    options: Options = Options(),
    say: Say = lambda message: None,
) -> Choice:
    """Write the model folder `out`.

    Args:
        source: see `sources.open_source`.
        out: where to write; its parents are made.
        options: how.
        say: takes a line for each step.

    Raises:
        ExportError: it cannot be done; `out` is then as it was.
    """
    with staged(out, options.replace) as (model, scratch):
        opened = open_source(source)
        chosen_set = _calibration(options, say)
        floats = scratch / "fp32"
        floats.mkdir()
        spec = opened.write(floats, say)
        check_room(floats)
        write_draft(floats, spec)
        processors = _processors(opened, floats, say)
        bench = Workbench(floats, spec, chosen_set, say)
        names = allowed(options.precision, cuda=options.device == "cuda")
        choice = choose(bench, names, options.bounds, say, options.device, options.force)
        said = _assemble(floats, model, choice)
        write_draft(model, spec)
        header = Header(
            name=options.name or out.name,
            provenance=opened.provenance,
            precisions=said,
            curves=_curves(model, spec, bench, choice),
            measured=_measured(opened, out, options, bench, choice, spec, processors),
        )
        manifest = write_manifest(model, spec, header)
        write_card(model, manifest, opened.provenance.readme)
        load(model, device="cpu")
    return choice


def _processors(source: Source, floats: Path, say: Say) -> dict[str, float] | None:
    """Agreement with the framework; None where the source has none."""
    reference = source.reference()
    if reference is None:
        return None
    say("comparing with the framework's own processors")
    return compare(reference, load(floats, device="cpu"))


def _calibration(options: Options, say: Say) -> sets.Calibration:
    if options.calibration is None:
        return sets.drawn(options.drawn)
    return sets.read(options.calibration, say=say)


def _assemble(floats: Path, model: Path, choice: Choice) -> dict[str, str]:
    """Put the chosen towers into the model folder, and what belongs to both; the precisions."""
    shutil.copy(floats / TOKENIZER, model / TOKENIZER)
    for one, file in ((choice.vision, VISION), (choice.text, TEXT)):
        files.write(files.read(one.file), model / file)
    said = {"vision": choice.vision.precision, "text": choice.text.precision}
    if (floats / PATCHES).exists():
        said["patches"] = _store_patches(floats, model, choice.vision.precision)
    return said


def _store_patches(floats: Path, model: Path, vision: str) -> str:
    """The patch head is one layer: beside a small tower it is stored small, computed in float."""
    if vision.startswith("int8"):
        try:
            precisions.make("int8-weights", floats / PATCHES, model / PATCHES)
            return "int8-weights"
        except ExportError:  # its weights are too few to be worth it
            pass
    precisions.make("fp32", floats / PATCHES, model / PATCHES)
    return "fp32"


def _curves(
    model: Path, spec: ModelSpec, bench: Workbench, choice: Choice
) -> dict[str, ScoreCurve]:
    """The source's own curves; else fitted on the calibration set and on drawn pictures."""
    if spec.curves:
        return dict(spec.curves)
    drawn = bench.calibration
    embedded = sets.Embedded(choice.vision.rows, choice.text.rows)
    captioned = (embedded, drawn) if drawn.owner is not None else None
    if drawn.meaning is None:
        drawn = sets.drawn()
        embedded = sets.embed(model, drawn)
    return score_curves(*(captioned or (embedded, drawn)), embedded, drawn)


def _measured(
    source: Source,
    out: Path,
    options: Options,
    bench: Workbench,
    choice: Choice,
    spec: ModelSpec,
    processors: dict[str, float] | None,
) -> dict[str, Any]:
    chosen = (choice.vision, choice.text)
    return {
        "machine": describe_machine(),
        "device": options.device,
        "versions": versions(),
        "command": _command(source, out, options, bench.calibration.name),
        "date": datetime.now(UTC).date().isoformat(),
        "calibration": {
            "name": bench.calibration.name,
            "pictures": len(bench.calibration.pictures),
            "texts": len(bench.calibration.texts),
        },
        "bounds": {"points": options.bounds.points, "overlap": options.bounds.overlap},
        "parity": {"tensors": dict(spec.parity), "processors": processors},
        "precisions": [_row(one, one in chosen, options.bounds) for one in choice.candidates],
        "loss": _loss(choice.loss) | {"broken": list(choice.broken)},
        "latency_ms": {"text": choice.text.speed.ms_one, "image": choice.vision.speed.ms_one},
    }


def _row(one: Candidate, chosen: bool, bounds: Bounds) -> dict[str, Any]:
    """A line of the table of precisions."""
    cosines = one.loss.vision if one.tower == "vision" else one.loss.text
    return {
        "tower": one.tower,
        "precision": one.precision,
        "kept_float": len(one.kept),
        "megabytes": one.megabytes,
        "ms_one": one.speed.ms_one,
        "ms_batch": one.speed.ms_batch,
        "peak_megabytes": one.speed.peak_megabytes,
        "cosine_mean": round(cosines.mean, 6),
        "cosine_worst": round(cosines.worst, 6),
        "overlap": round(one.loss.overlap, 4),
        **{f"hit@{k}": round(rate, 4) for k, rate in one.loss.hits.items()},
        "within_bounds": not bounds.broken(one.loss),
        "chosen": chosen,
    }


def _loss(loss: Loss) -> dict[str, Any]:
    """Both towers together, against float32."""
    return {
        "text_overlap": round(loss.text_overlap, 4),
        "image_overlap": round(loss.image_overlap, 4),
        "fp32": {f"hit@{k}": round(rate, 4) for k, rate in loss.exact_hits.items()},
        "chosen": {f"hit@{k}": round(rate, 4) for k, rate in loss.hits.items()},
    }


def _command(source: Source, out: Path, options: Options, calibration: str) -> str:
    """The command as it can be given again; places of this machine are left out."""
    place = out if not out.is_absolute() else Path(out.name)
    parts = ["python -m export", source.provenance.source, "--out", place.as_posix()]
    parts += ["--precision", options.precision]
    parts += ["--name", options.name] if options.name else []
    if options.calibration:
        parts += ["--calibration", calibration]
    if options.bounds != Bounds():
        parts += ["--max-loss", f"{options.bounds.points:g}"]
        parts += ["--min-overlap", f"{options.bounds.overlap:g}"]
    return " ".join([*parts, *(["--force"] if options.force else [])])
