"""`import-metadata`: tags, captions, prices and whatever else a table says of the images."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from engine import ImportReport, Progress
from engine.cli.application import app
from engine.cli.options import AsJson, Library, Model, opened
from engine.cli.printing import err, out, print_json, printable, progress_shown


@app.command("import-metadata")
def import_metadata(
    table: Annotated[
        Path | None, typer.Argument(help="CSV, TSV, JSON or JSON Lines, one row an image")
    ] = None,
    key: Annotated[
        str | None,
        typer.Option("--key", help="Column that names the image [default: file, path, filename]"),
    ] = None,
    forget: Annotated[
        str | None, typer.Option("--forget", help="Drop a column that was imported")
    ] = None,
    library: Library = None,
    model: Model = None,
    as_json: AsJson = False,
) -> None:
    """Import columns to filter by and to find by keywords; a second import takes their place."""
    if (table is None) == (forget is None):
        raise typer.BadParameter("give a table, or --forget a column")
    with opened(library, model) as engine:
        if forget is not None:
            count = engine.forget_column(forget)
            err.print(f"{escape(printable(forget))}: forgotten for {count} images")
        if table is not None:
            with progress_shown() as show:
                report = engine.import_metadata(
                    table, key, lambda done: show(Progress(done, 0, stage="importing"))
                )
            if as_json:
                print_json(asdict(report))
            else:
                _print(report)


def _print(report: ImportReport) -> None:
    """Counts to stdout, what could not be used to stderr."""
    columns = ", ".join(report.columns) or "none"
    out.print(f"{report.rows} rows, {report.images} images; columns: {escape(printable(columns))}")
    for example in report.examples:
        err.print(f"[yellow]passed over[/yellow] {escape(printable(example))}")
    more = report.unknown + report.ambiguous - len(report.examples)
    if more > 0:
        err.print(f"[dim]... and {more} more rows[/dim]")
