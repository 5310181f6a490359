"""`python -m engine ...`: index, search, info, sample.

Data goes to stdout, messages and progress to stderr. Exit codes: 0 fine, 1 failed, 2 wrong usage.
"""

import json
import logging
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.logging import RichHandler
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as ProgressBar

from engine import (
    BACKENDS,
    Device,
    Hit,
    ImageError,
    IndexUnavailableError,
    IngestReport,
    LibraryError,
    ModelError,
    Progress,
    Query,
    QueryError,
    ResultPage,
    SearchEngine,
)

app = typer.Typer(
    help="Search your own pictures by words, by example, or by both. Offline, on a CPU.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
)
out = Console(soft_wrap=True, highlight=False)
err = Console(stderr=True, soft_wrap=True, highlight=False)

Library = Annotated[
    Path | None,
    typer.Option("--library", help="Library folder [default: $VISUAL_SEARCH_LIBRARY or ./library]"),
]
Model = Annotated[
    Path | None,
    typer.Option("--model", help="Model folder [default: $VISUAL_SEARCH_MODEL or the shipped one]"),
]
Processor = Annotated[Device, typer.Option("--device", help="Where the model runs")]
Backend = Annotated[str, typer.Option("--backend", help=f"Index: auto, {', '.join(BACKENDS)}")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object")]


@app.callback()
def options(
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say what is going on")] = False,
) -> None:
    """Set up messages."""
    level = logging.INFO if verbose else logging.WARNING
    handler = RichHandler(console=err, show_time=False, show_path=False)
    logging.basicConfig(level=level, format="%(message)s", handlers=[handler])


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
    library: Library = None,
    model: Model = None,
    device: Processor = "auto",
    backend: Backend = "auto",
    as_json: AsJson = False,
) -> None:
    """Add or refresh images. Originals are never touched; run it again at any time."""
    with _open(library, model, device, backend) as engine:
        if not folders and not engine.info().folders:
            raise typer.BadParameter("name a folder: this library has none yet")
        with _progress_bar() as bar:
            task = bar.add_task("indexing", total=None)

            def show(progress: Progress) -> None:
                bar.update(task, completed=progress.done, total=progress.total)

            try:
                report = engine.index(folders or None, show, remove_missing)
            except KeyboardInterrupt:
                err.print("stopped; what was indexed so far is kept, run again to go on")
                raise typer.Exit(130) from None
    if as_json:
        _print_json(asdict(report))
    else:
        _print_report(report)
    if report.notes and not (report.added or report.unchanged or report.updated or report.moved):
        raise typer.Exit(1)


@app.command()
def search(
    text: Annotated[str | None, typer.Argument(help="What to look for, in words")] = None,
    image: Annotated[
        list[str] | None, typer.Option("--image", help="An example picture: file or http(s) URL")
    ] = None,
    like: Annotated[
        list[int] | None, typer.Option("--like", help="Id of an image of the library")
    ] = None,
    without: Annotated[
        list[str] | None, typer.Option("--without", help="Words for what must not be there")
    ] = None,
    text_weight: Annotated[float, typer.Option("--text-weight", help="Influence of words")] = 1.0,
    image_weight: Annotated[
        float, typer.Option("--image-weight", help="Influence of each example")
    ] = 1.0,
    k: Annotated[int, typer.Option("-k", min=1, max=10_000, help="Number of results")] = 10,
    library: Library = None,
    model: Model = None,
    device: Processor = "auto",
    backend: Backend = "auto",
    as_json: AsJson = False,
) -> None:
    """Find images by words, by example pictures, or by both."""
    try:
        query = Query()
        if text is not None:
            query = query.and_text(text, text_weight)
        for source in image or []:
            query = query.and_image(source, image_weight)
        for image_id in like or []:
            query = query.and_like(image_id, image_weight)
        for words in without or []:
            query = query.without(words)
    except QueryError as error:
        raise typer.BadParameter(str(error)) from error
    if not query.terms:
        raise typer.BadParameter("give words, --image, --like or --without")
    with _open(library, model, device, backend) as engine:
        page = engine.search(query, limit=k)
    if as_json:
        _print_json(_page_as_dict(query, page))
    else:
        _print_page(page)


@app.command()
def info(
    library: Library = None,
    model: Model = None,
    device: Processor = "auto",
    as_json: AsJson = False,
) -> None:
    """Show what is in the library, which model made it, and which files were skipped."""
    with _open(library, model, device, "auto") as engine:
        facts = {**asdict(engine.info()), "disk_bytes": engine.disk_bytes()}
    if as_json:
        _print_json(facts)
        return
    skipped = facts.pop("skipped")
    for name, value in facts.items():
        values = value if isinstance(value, tuple) else (value,)
        for number, shown in enumerate(values or ("none",)):
            label = "" if number else name.replace("_", " ")
            out.print(f"{label:<14} {escape(_printable(str(shown)))}")
    out.print(f"{'skipped files':<14} {len(skipped)}")
    for skip in skipped:
        out.print(f"  {escape(_printable(skip['path']))}: {escape(skip['reason'])}")


@app.command()
def sample(
    folder: Annotated[Path, typer.Argument(help="Where to write the pictures")],
    count: Annotated[int, typer.Option("--count", min=1, help="Number of pictures")] = 300,
    seed: Annotated[int, typer.Option("--seed", help="Another seed gives other pictures")] = 0,
) -> None:
    """Draw a library of sample pictures with captions, to try the search on."""
    from engine.sample import write_sample_library

    with _progress_bar() as bar:
        task = bar.add_task("drawing", total=count)
        write_sample_library(
            folder, count, seed, lambda done, total: bar.update(task, completed=done, total=total)
        )
    err.print(f"{count} pictures in {escape(str(folder))}; now: python -m engine index {folder}")


def main() -> None:
    """Run the command line; expected failures become one line and exit code 1."""
    failures = (ModelError, LibraryError, QueryError, ImageError, IndexUnavailableError, ValueError)
    try:
        app()
    except failures as error:
        err.print(f"[red]error:[/red] {escape(_printable(str(error)))}")
        sys.exit(1)


def _open(library: Path | None, model: Path | None, device: Device, backend: str) -> SearchEngine:
    return SearchEngine.open(library, model, device, backend)


def _progress_bar() -> ProgressBar:
    return ProgressBar(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=err,
    )


def _print_report(report: IngestReport) -> None:
    for note in report.notes:
        err.print(f"[yellow]note:[/yellow] {escape(_printable(note))}")
    for skip in report.skipped:
        err.print(
            f"[yellow]skipped[/yellow] {escape(_printable(skip.path))}: {escape(skip.reason)}"
        )
    counts = ("added", "updated", "moved", "removed", "unchanged")
    shown = ", ".join(f"{getattr(report, name)} {name}" for name in counts)
    read = report.added + report.updated + report.moved
    speed = f", {read / report.seconds:.0f} images/s" if read else ""
    out.print(f"{shown}, {len(report.skipped)} skipped in {report.seconds:.1f} s{speed}")


def _print_page(page: ResultPage) -> None:
    if page.total == 0:
        err.print("the library is empty: python -m engine index FOLDER")
        return
    # No table of Rich's: on a pipe it would break long paths into lines of 80 characters.
    width = max((len(str(hit.id)) for hit in page.results), default=2)
    out.print(f"[bold]score  {'id':>{width}}  path[/bold]")
    for hit in page.results:
        out.print(f"{hit.score:5.2f}  {hit.id:>{width}}  {escape(_printable(hit.path))}")
    if page.verdict != "strong":
        said = {"weak": "only weak matches", "none": "nothing in the library seems to match"}
        err.print(f"[yellow]{said[page.verdict]}[/yellow]")
    err.print(f"[dim]{page.total} images searched in {page.took_ms:.0f} ms[/dim]")


def _page_as_dict(query: Query, page: ResultPage) -> dict[str, Any]:
    terms = [{"kind": t.kind, "label": t.label, "weight": t.weight} for t in query.terms]
    return {
        "query": terms,
        "model": page.model,
        "took_ms": round(page.took_ms, 3),
        "verdict": page.verdict,
        "results": [_hit_as_dict(hit) for hit in page.results],
    }


def _hit_as_dict(hit: Hit) -> dict[str, Any]:
    names = ("id", "path", "score", "similarity")
    return {**{name: getattr(hit, name) for name in names}, "terms": [asdict(t) for t in hit.terms]}


def _print_json(value: dict[str, Any]) -> None:
    # ASCII escapes carry any file name, also one that is not UTF-8.
    sys.stdout.write(json.dumps(value, default=str, indent=2) + "\n")


def _printable(text: str) -> str:
    """A file name may hold line breaks, control characters and bytes that are not UTF-8."""
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
