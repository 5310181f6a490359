"""`tune`: measure what the index finds, and set it so that it finds enough."""

from dataclasses import asdict
from typing import Annotated

import typer

from engine.cli.application import app
from engine.cli.options import AsJson, Backend, Library, Model, Processor, opened
from engine.cli.printing import out, print_json, progress_shown, tuning_text


@app.command()
def tune(
    recall: Annotated[
        float | None,
        typer.Option(
            "--recall",
            min=0.5,
            max=0.999,
            help="Least recall@10, as lower 95 % confidence bound [default: as before, or 0.97]",
        ),
    ] = None,
    library: Library = None,
    model: Model = None,
    device: Processor = None,
    backend: Backend = "auto",
    as_json: AsJson = False,
) -> None:
    """Measure how many of the true neighbours the index finds, and set it accordingly.

    Texts and images are tried: past queries of this library first, neutral phrases otherwise.
    """
    with opened(library, model, device, backend) as engine, progress_shown() as show:
        tuning = engine.tune(recall, show)
        images = engine.info().images
    if as_json:
        print_json({"images": images, "tuning": asdict(tuning) if tuning else None})
    elif tuning is None:
        out.print(f"every search compares all {images} images: nothing is missed, nothing to tune")
    else:
        out.print(tuning_text(tuning))
    if tuning is not None and not tuning.is_reached:
        raise typer.Exit(1)
