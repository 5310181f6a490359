"""The steps of an export, from a source to a model folder."""

import shlex
import shutil
from dataclasses import dataclass, field
from pathlib import Path

from engine.encoder import ScoreCurve, load
from engine.encoder.providers import choose_providers
from export import precisions
from export.card import write_card
from export.errors import ExportError
from export.folder import check_room, staged
from export.graphs import files
from export.guard import calibration as sets
from export.guard.candidates import Workbench
from export.guard.choice import Choice, allowed, choose
from export.guard.loss import Bounds
from export.guard.processors import compare
from export.manifest import Header, write_draft, write_manifest
from export.record import about_the_choice, about_this_run
from export.scores import score_curves
from export.sources import open_source
from export.spec import PATCHES, TEXT, TOKENIZER, VISION, ModelSpec, Say, Source


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
        choose_providers(options.device)  # fails before minutes are spent
        chosen_set = _calibration(options, say)
        opened = open_source(source)
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
        header = Header(
            name=options.name or out.name,
            provenance=opened.provenance,
            precisions=said,
            curves=_curves(model, spec, bench, choice),
            measured={
                **about_this_run(options.device, _command(opened, out, options, bench)),
                **about_the_choice(choice, bench.calibration, options.bounds),
                "parity": {"tensors": dict(spec.parity), "processors": processors},
            },
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
    captions = labels = bench.calibration
    captioned = labelled = sets.Embedded(choice.vision.rows, choice.text.rows)
    if labels.meaning is None:
        write_draft(model, spec)
        labels = sets.drawn()
        labelled = sets.embed(model, labels)
    if captions.owner is None:
        captions, captioned = labels, labelled
    return score_curves(captioned, captions, labelled, labels)


def _command(source: Source, out: Path, options: Options, bench: Workbench) -> str:
    """The command; of paths on this machine only the names are kept."""
    place = out if not out.is_absolute() else Path(out.name)
    parts = ["python", "-m", "export", source.provenance.source, "--out", place.as_posix()]
    parts += ["--precision", options.precision]
    parts += ["--name", options.name] if options.name else []
    parts += ["--device", options.device] if options.device != "cpu" else []
    if options.calibration:
        parts += ["--calibration", bench.calibration.name]
    if options.bounds != Bounds():
        parts += ["--max-loss", f"{options.bounds.points:g}"]
        parts += ["--min-overlap", f"{options.bounds.overlap:g}"]
    return shlex.join([*parts, *(["--force"] if options.force else [])])
