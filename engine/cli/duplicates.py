"""`duplicates`: list images that show the same."""

from typing import Annotated, Any

import typer
from rich.markup import escape

from engine import DuplicateGroup, DuplicateReport, ImageRecord
from engine.cli.application import app
from engine.cli.options import AsJson, Backend, Library, Model, Processor, opened
from engine.cli.printing import err, out, print_json, printable, progress_shown


@app.command()
def duplicates(
    exact_only: Annotated[
        bool, typer.Option("--exact-only", help="Only files with the very same content")
    ] = False,
    threshold: Annotated[
        float | None,
        typer.Option(
            "--threshold",
            min=0.0,
            max=1.0,
            help="Least similarity (cosine) of near copies [default: measured in this library]",
        ),
    ] = None,
    library: Library = None,
    model: Model = None,
    device: Processor = None,
    backend: Backend = "auto",
    as_json: AsJson = False,
) -> None:
    """List exact and near copies in groups, with sizes. Nothing is deleted, ever."""
    if threshold == 0.0:
        raise typer.BadParameter("--threshold must be above 0")
    if exact_only and threshold is not None:
        raise typer.BadParameter("--exact-only compares no similarities: leave --threshold out")
    with opened(library, model, device, backend) as engine, progress_shown() as show:
        report = engine.duplicates(threshold, exact_only, show)
    if as_json:
        print_json(_as_dict(report))
    else:
        _print(report)


def _print(report: DuplicateReport) -> None:
    """Groups to stdout, each with its best image first; the sum to stderr."""
    for group in report.groups:
        copies = f"{len(group.copies)} {'copy' if len(group.copies) == 1 else 'copies'}"
        out.print(f"[bold]group {group.id}[/bold]: {copies}, {_size(group.copied_bytes)}")
        out.print(_line("best", group.best))
        for copy in group.copies:
            out.print(_line(copy.kind, copy.image, f"  {copy.similarity:.3f}"))
    if report.threshold is not None:
        how = "measured in this library" if report.is_calibrated else "as asked for"
        err.print(f"[dim]compared from a similarity of {report.threshold:.3f} on, {how}[/dim]")
    err.print(
        f"{report.copies} of {report.images} images are copies, in {len(report.groups)} groups; "
        f"they take {_size(report.copied_bytes)}. Nothing was deleted."
    )


def _line(kind: str, image: ImageRecord, similarity: str = "") -> str:
    size = f"{image.width} x {image.height}"
    path = escape(printable(image.path))
    return f"  {kind:<5}  {size:>13}  {_size(image.size):>9}  {image.id:>8}  {path}{similarity}"


def _size(count: int) -> str:
    """Bytes for people."""
    for unit, step in (("GB", 1_000_000_000), ("MB", 1_000_000), ("KB", 1_000)):
        if count >= step:
            return f"{count / step:.1f} {unit}"
    return f"{count} B"


def _as_dict(report: DuplicateReport) -> dict[str, Any]:
    return {
        "images": report.images,
        "copies": report.copies,
        "copied_bytes": report.copied_bytes,
        "threshold": report.threshold,
        "calibrated": report.is_calibrated,
        "deleted": 0,
        "groups": [_group_as_dict(group) for group in report.groups],
    }


def _group_as_dict(group: DuplicateGroup) -> dict[str, Any]:
    return {
        "id": group.id,
        "copied_bytes": group.copied_bytes,
        "best": _image_as_dict(group.best),
        "copies": [
            {**_image_as_dict(copy.image), "kind": copy.kind, "similarity": copy.similarity}
            for copy in group.copies
        ],
    }


def _image_as_dict(image: ImageRecord) -> dict[str, Any]:
    names = ("id", "path", "size", "width", "height", "digest")
    return {name: getattr(image, name) for name in names}
