"""`evaluate`: how good the results are, on images whose captions or labels are known."""

from pathlib import Path
from typing import Annotated

import typer

from engine import (
    BACKENDS,
    Device,
    Encoder,
    Progress,
    adapter_name,
    evaluation,
    load_encoder,
    model_folder,
)
from engine.cli.application import app
from engine.cli.evaluation_printing import print_evaluation
from engine.cli.options import Adapter, AsJson, Library, Processor, opened
from engine.cli.printing import err, print_json, progress_shown
from engine.evaluation import NAMES, TASKS, Evaluation, Setting


@app.command()
def evaluate(
    dataset: Annotated[
        Path | None,
        typer.Argument(
            help="JSON lines, CSV, TSV, COCO's or Karpathy's JSON; a folder, with a manifest.jsonl "
            "or with one folder for each label; saved searches with their targets; or judgements, "
            "with --topics. Without one, the library is judged by its thumbs",
        ),
    ] = None,
    task: Annotated[
        str, typer.Option(help=f"What to ask with, and to look for: {', '.join(TASKS)}")
    ] = "text-image",
    label: Annotated[
        str | None, typer.Option(help="Column with labels, to ask for these instead of captions")
    ] = None,
    template: Annotated[
        str, typer.Option(help='How a label is asked for, such as "a photo of {}"')
    ] = "{}",
    known_captions: Annotated[
        int | None,
        typer.Option(
            min=0,
            help="First captions of each image that keyword search knows, and that are not asked "
            "with [default: 1 if there are several, else 0]",
        ),
    ] = None,
    among: Annotated[
        list[str] | None,
        typer.Option(help="COLUMN=VALUE of the images that are searched; may be repeated"),
    ] = None,
    asking: Annotated[
        list[str] | None,
        typer.Option(help="COLUMN=VALUE of the images asked with [default: those of --among]"),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(
            help="Column whose values are told apart: where does it fail? "
            "[default: --label, where images ask for images]"
        ),
    ] = None,
    topics: Annotated[
        Path | None,
        typer.Option(
            help="For judgements in TREC's format: topics, a name, a tab and words a line"
        ),
    ] = None,
    images: Annotated[
        Path | None,
        typer.Option(
            help="For judgements and saved searches: the folder that is searched "
            "[default: of judgements their own, of searches what they name]"
        ),
    ] = None,
    model: Annotated[
        list[Path] | None,
        typer.Option("--model", help="Model folder; repeated, models are compared"),
    ] = None,
    adapter: Adapter = None,
    backend: Annotated[
        str | None,
        typer.Option(help=f"Also search by this index: {', '.join(BACKENDS)}. What does it miss?"),
    ] = None,
    library: Library = None,
    device: Processor = None,
    minimum: Annotated[
        list[str] | None,
        typer.Option("--min", help="Least value of the first model, such as hit@10=0.6"),
    ] = None,
    html: Annotated[
        Path | None,
        typer.Option(help="Also write a report: one file, with charts and examples"),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Measure how good the results are, on images whose captions or labels are known.

    Compared with keyword search, with both together, and with chance. Exit code 1 if a value asked
    for with --min is missed.
    """
    if task not in TASKS:
        raise typer.BadParameter(f"task {task!r} is unknown; expected {', '.join(TASKS)}")
    if backend is not None and backend not in BACKENDS:
        raise typer.BadParameter(f"index {backend!r} is unknown; expected {', '.join(BACKENDS)}")
    if dataset is None and len(model or ()) > 1:
        raise typer.BadParameter("a library has one model; models are compared on a data set")
    if dataset is None and (label or among or asking or by or backend or topics or images):
        raise typer.BadParameter("a library is judged by its thumbs alone; name a data set")
    wanted = {name: _number(name, value) for name, value in _pairs(minimum, "--min").items()}
    setting = Setting(
        task,
        label,
        template,
        known_captions,
        _pairs(among, "--among"),
        None if asking is None else _pairs(asking, "--asking"),
        topics,
        images,
        by,
    )
    with progress_shown() as show:

        def tell(stage: str, done: int, total: int) -> None:
            show(Progress(done, total, stage=stage))

        if dataset is None:
            with opened(library, model[0] if model else None, device, adapter=adapter) as engine:
                found = evaluation.evaluate_thumbs(engine, tell)
        else:
            models = _loaded(model, device, adapter_name(adapter))
            found = evaluation.evaluate(dataset.expanduser(), models, setting, tell, backend)
    if html is not None:
        _write_html(found, html)
    missed = {
        name: least for name, least in wanted.items() if found.runs[0].scores.means[name] < least
    }
    if as_json:
        print_json({**evaluation.as_values(found), "missed": missed})
    else:
        print_evaluation(found)
    for name, least in missed.items():
        value = found.runs[0].scores.means[name]
        err.print(f"[red]missed:[/red] {name} is {value:.4f}, less than the {least} asked for")
    if missed:
        raise typer.Exit(1)


def _loaded(
    folders: list[Path] | None, device: Device | None, adapter: str | None
) -> dict[str, Encoder]:
    """The models by name; with an adapter, first the first model with it."""
    models: dict[str, Encoder] = {}
    for folder in [model_folder(one) for one in folders] if folders else [model_folder()]:
        encoder = load_encoder(folder, device)
        if adapter and not models:
            fitted = encoder.with_adapter(adapter)
            models[fitted.name] = fitted
        models[encoder.name if encoder.name not in models else str(folder)] = encoder
    return models


def _write_html(found: Evaluation, path: Path) -> None:
    try:
        evaluation.write_html(found, path)
    except OSError as error:
        raise ValueError(f"{path}: cannot be written: {error.strerror or error}") from error


def _pairs(given: list[str] | None, option: str) -> dict[str, str]:
    pairs = {}
    for text in given or []:
        name, sign, value = text.partition("=")
        if not (name and sign):
            raise typer.BadParameter(f"{option} {text!r}: expected NAME=VALUE")
        pairs[name] = value
    return pairs


def _number(name: str, value: str) -> float:
    if name not in NAMES:
        raise typer.BadParameter(f"--min {name!r} is unknown; expected {', '.join(NAMES)}")
    try:
        return float(value)
    except ValueError:
        raise typer.BadParameter(f"--min {name}={value}: {value!r} is no number") from None
