"""`python -m engine ...`: index, search, info, sample.

Data goes to stdout, messages and progress to stderr. Exit codes: 0 fine, 1 failed, 2 wrong usage.
"""

import logging
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.logging import RichHandler
from rich.markup import escape

from engine import (
    BACKENDS,
    Device,
    ImageError,
    IndexUnavailableError,
    LibraryError,
    ModelError,
    Progress,
    Query,
    QueryError,
    SearchEngine,
    describe_model,
    library_folder,
    load_encoder,
    model_folder,
)
from engine.printing import (
    err,
    page_as_dict,
    print_facts,
    print_json,
    print_model,
    print_page,
    print_report,
    printable,
    progress_bar,
)

app = typer.Typer(
    help="Search your own pictures by words, by example, or by both. Offline, on a CPU.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
)
Library = Annotated[
    Path | None,
    typer.Option("--library", help="Library folder [default: $VISUAL_SEARCH_LIBRARY or ./library]"),
]
Model = Annotated[
    Path | None,
    typer.Option("--model", help="Model folder [default: $VISUAL_SEARCH_MODEL or the shipped one]"),
]
Processor = Annotated[
    Device | None,
    typer.Option("--device", help="Where the model runs [default: $VISUAL_SEARCH_DEVICE or auto]"),
]
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
    device: Processor = None,
    backend: Backend = "auto",
    as_json: AsJson = False,
) -> None:
    """Add or refresh images. Originals are never touched; run it again at any time."""
    with _open(library, model, device, backend) as engine:
        if not folders and not engine.info().folders:
            raise typer.BadParameter("name a folder: this library has none yet")
        with progress_bar() as bar:
            task = bar.add_task("indexing", total=None)

            def show(progress: Progress) -> None:
                bar.update(task, completed=progress.done, total=progress.total)

            try:
                report = engine.index(folders or None, show, remove_missing)
            except KeyboardInterrupt:
                err.print("stopped; what was indexed so far is kept, run again to go on")
                raise typer.Exit(130) from None
    if as_json:
        print_json(asdict(report))
    else:
        print_report(report)
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
    device: Processor = None,
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
    with _open(library, model, device, backend, existing=True) as engine:
        page = engine.search(query, limit=k)
    if as_json:
        print_json(page_as_dict(query, page))
    else:
        print_page(page)


@app.command()
def info(
    library: Library = None,
    model: Model = None,
    device: Processor = None,
    as_json: AsJson = False,
) -> None:
    """Show what is in the library and which files were skipped; with --model, also the model."""
    folder = library_folder(library)
    there = (folder / "library.db").exists()
    model_alone = model is not None and library is None
    if not there and not model_alone:
        raise _no_library(folder)
    encoder = load_encoder(model_folder(model), device)
    facts: dict[str, Any] = {}
    if there:
        try:
            with SearchEngine.with_encoder(encoder, library) as engine:
                facts = {**asdict(engine.info()), "disk_bytes": engine.disk_bytes()}
        except LibraryError as error:
            if not model_alone:
                raise
            err.print(
                f"[dim]no library of this model is shown: {escape(printable(str(error)))}[/dim]"
            )
    about = describe_model(encoder) if model is not None else None
    if as_json:
        print_json({**facts, "model_info": asdict(about)} if about else facts)
        return
    if facts:
        print_facts(facts)
    if about:
        print_model(about)


@app.command()
def sample(
    folder: Annotated[Path, typer.Argument(help="Where to write the pictures")],
    count: Annotated[int, typer.Option("--count", min=1, help="Number of pictures")] = 300,
    seed: Annotated[int, typer.Option("--seed", help="Another seed gives other pictures")] = 0,
) -> None:
    """Draw a library of sample pictures with captions, to try the search on."""
    from engine.sample import write_sample_library

    with progress_bar() as bar:
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
        err.print(f"[red]error:[/red] {escape(printable(str(error)))}")
        sys.exit(1)


def _open(
    library: Path | None,
    model: Path | None,
    device: Device | None,
    backend: str,
    existing: bool = False,
) -> SearchEngine:
    if backend not in ("auto", *BACKENDS):
        raise typer.BadParameter(f"index backend {backend!r} is unknown")
    folder = library_folder(library)
    if existing and not (folder / "library.db").exists():
        raise _no_library(folder)
    return SearchEngine.open(library, model, device, backend)


def _no_library(folder: Path) -> LibraryError:
    return LibraryError(f"{folder}: no library here; python -m engine index FOLDER makes one")
