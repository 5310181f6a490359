"""`index`: bring folders into the library."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from engine.cli.application import app
from engine.cli.options import AsJson, Backend, Library, Model, Processor, opened
from engine.cli.printing import err, print_json, print_report, progress_shown


@app.command()
def index(
    folders: Annotated[
        list[Path] | None,
        typer.Argument(help="Folders or files; none refreshes all that were indexed before"),
    ] = None,
    remove_missing: Annotated[
        bool,
        typer.Option("--remove-missing", help="Also drop images of folders that are gone or empty"),
    ] = False,
    jobs: Annotated[
        int | None,
        typer.Option(min=1, max=64, help="Threads that read and decode [default: the cores]"),
    ] = None,
    batch: Annotated[
        int | None,
        typer.Option(min=1, max=1024, help="Pictures the model gets at a time [default: 32]"),
    ] = None,
    library: Library = None,
    model: Model = None,
    device: Processor = None,
    backend: Backend = "auto",
    as_json: AsJson = False,
) -> None:
    """Add or refresh images. Originals are never touched; run it again at any time."""
    with opened(library, model, device, backend, existing=False) as engine:
        if not folders and not engine.info().folders:
            raise typer.BadParameter("name a folder: this library has none yet")
        try:
            with progress_shown() as show:
                report = engine.index(folders or None, show, remove_missing, jobs, batch)
        except KeyboardInterrupt:
            err.print("stopped; what was indexed so far is kept, run again to go on")
            raise typer.Exit(130) from None
    if as_json:
        print_json(asdict(report))
    else:
        print_report(report)
    if report.notes and not (report.added or report.unchanged or report.updated or report.moved):
        raise typer.Exit(1)
