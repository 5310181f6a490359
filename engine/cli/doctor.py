"""`doctor`: what is wrong with a library, and its repair."""

from dataclasses import asdict
from typing import Annotated

import typer
from rich.markup import escape

from engine import FAULTS, REMARKS, CheckUp
from engine.cli.application import app
from engine.cli.options import AsJson, Backend, Library, Model, Processor, opened
from engine.cli.printing import err, out, print_json, printable, progress_shown

_SHOWN = 10  # findings of a kind


@app.command()
def doctor(
    repair: Annotated[
        bool,
        typer.Option("--repair", help="Repair what can be; originals stay as they are"),
    ] = False,
    remove_missing: Annotated[
        bool,
        typer.Option(
            "--remove-missing", help="With --repair: also drop images of folders gone or empty"
        ),
    ] = False,
    library: Library = None,
    model: Model = None,
    device: Processor = None,
    backend: Backend = "auto",
    as_json: AsJson = False,
) -> None:
    """Compare the library with its folders, and its parts with each other. Reads no picture.

    Exit code 0 if all is well, 1 if something has to be repaired.
    """
    if remove_missing and not repair:
        raise typer.BadParameter("--remove-missing goes with --repair")
    with opened(library, model, device, backend) as engine, progress_shown() as show:
        try:
            found = engine.doctor(repair, show, remove_missing)
        except KeyboardInterrupt:
            err.print("stopped; what was repaired so far is kept, run again to go on")
            raise typer.Exit(130) from None
    if as_json:
        print_json({"sound": found.is_sound, **asdict(found)})
    else:
        _print(found, repair)
    if not found.is_sound:
        raise typer.Exit(1)


def _print(found: CheckUp, repaired: bool) -> None:
    for sentence in found.repairs:
        out.print(f"[green]repaired:[/green] {escape(printable(sentence))}")
    if found.busy:
        err.print("[yellow]note:[/yellow] another process is just writing; look again afterwards")
    for kind, title in (FAULTS | REMARKS).items():
        findings = found.findings.get(kind, ())
        if not findings:
            continue
        colour = "red" if kind in FAULTS else "yellow"
        out.print(f"[{colour}]{len(findings)} {title}[/{colour}]")
        for finding in findings[:_SHOWN]:
            out.print(
                f"  {escape(printable(finding.subject))}: {escape(printable(finding.detail))}"
            )
        if len(findings) > _SHOWN:
            out.print(f"  and {len(findings) - _SHOWN} more (all of them: --json)")
    dead = f", {found.dead_rows / found.rows:.0%} of them unused" if found.dead_rows else ""
    out.print(
        f"{found.images} images, {found.duplicates} of them exact copies; {found.rows} vectors"
        f"{dead}; examined in {found.seconds:.1f} s"
    )
    for advice in _advice(found, repaired):
        err.print(advice)
    if found.is_sound:
        out.print("[green]nothing has to be repaired[/green]")


def _advice(found: CheckUp, repaired: bool) -> list[str]:
    left = found.findings.keys()
    if found.is_sound:
        return []
    if "database" in left and repaired:
        return [
            "the database cannot be repaired: restore library.db from a backup, or delete the "
            "library folder and index again"
        ]
    if not repaired:
        return ["to repair: python -m engine doctor --repair"]
    advice = {
        "vectors": "vectors that are left: plug in the drive with the originals, or index them "
        "again, and repair again; --remove-missing drops images whose folder is gone",
        "orphaned": "images in no indexed folder: index their folder again, or --remove-missing",
        "index": "the search index: delete the folder index in the library, then run "
        "python -m engine index",
    }
    files_changed = left & {"missing", "changed", "unindexed"}
    changed = ["files have changed meanwhile: repair again"] if files_changed else []
    return [*(text for kind, text in advice.items() if kind in left), *changed]
