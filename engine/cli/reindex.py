"""`reindex`: take the library over to another model, or back."""

from dataclasses import asdict
from typing import Annotated

import typer
from rich.markup import escape

import engine
from engine import ReindexReport
from engine.cli.application import app
from engine.cli.options import AsJson, Library, Model, Processor
from engine.cli.printing import err, out, print_json, printable, progress_shown


@app.command()
def reindex(
    model: Model = None,
    rollback: Annotated[
        bool, typer.Option("--rollback", help="Go back to the model of before")
    ] = False,
    forget_previous: Annotated[
        bool,
        typer.Option("--forget-previous", help="Give up the way back, and free its disk space"),
    ] = False,
    library: Library = None,
    device: Processor = None,
    as_json: AsJson = False,
) -> None:
    """Take the library over to another model, or back. Searches go on meanwhile.

    The new vectors are made beside the old ones; then the library changes over at once. A run that
    was stopped goes on where it was when it is started again.
    """
    if forget_previous + rollback > 1 or (forget_previous and model):
        raise typer.BadParameter("--forget-previous goes alone")
    if forget_previous:
        _forgotten(engine.forget_previous(library), as_json)
        return
    if not rollback and model is None:
        raise typer.BadParameter("name the new model with --model DIR, or --rollback")
    try:
        with progress_shown() as show:
            if rollback:
                report = engine.rollback(library, model, device, show)
            else:
                assert model is not None
                report = engine.reindex(model, library, device, show)
    except KeyboardInterrupt:
        err.print("stopped; what was done is kept, run again to go on")
        raise typer.Exit(130) from None
    if as_json:
        print_json(asdict(report))
    else:
        _print(report)


def _print(report: ReindexReport) -> None:
    if not report.changed:
        out.print(f"{escape(report.model)} is the model in use: nothing to do")
        return
    for skip in report.missing:
        err.print(
            f"[yellow]no vector[/yellow] {escape(printable(skip.path))}: {escape(skip.reason)}"
        )
    if report.from_thumbnails:
        err.print(
            f"[yellow]note:[/yellow] {report.from_thumbnails} originals were not there as they "
            "were indexed; their thumbnails were used"
        )
    out.print(
        f"{escape(report.before)} -> {escape(report.model)}: {report.encoded} contents encoded, "
        f"{report.kept} had been before, {len(report.missing)} images without a vector, in "
        f"{report.seconds:.1f} s"
    )
    err.print("[dim]the way back: python -m engine reindex --rollback[/dim]")


def _forgotten(freed: int, as_json: bool) -> None:
    if as_json:
        print_json({"freed_bytes": freed})
    elif freed:
        out.print(f"{freed / 1e6:,.1f} MB freed; there is no way back to the model of before now")
    else:
        out.print("nothing to forget: there is no way back to another model")
