"""`watch`: follow folders, and keep the library up to date with them."""

import signal
import threading
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Annotated

import typer
from rich.markup import escape

from engine import IngestReport, ModelChangedError, WatchRound
from engine.cli.application import app
from engine.cli.options import AsJson, Backend, Library, Model, Processor, opened
from engine.cli.printing import err, out, print_json_line, printable

_COUNTS = ("added", "updated", "moved", "removed")


@app.command()
def watch(
    folders: Annotated[
        list[Path] | None,
        typer.Argument(help="Folders to follow; none follows all that were indexed before"),
    ] = None,
    poll: Annotated[
        float | None,
        typer.Option(
            "--poll",
            min=0.1,
            help="Look at every file each SECONDS, for drives that tell of no changes",
            metavar="SECONDS",
        ),
    ] = None,
    library: Library = None,
    model: Model = None,
    device: Processor = None,
    backend: Backend = "auto",
    as_json: AsJson = False,
) -> None:
    """Bring the library up to date, and again whenever a picture comes, changes, moves or goes.

    Runs until Ctrl-C. A folder that is not there, on a drive not plugged in, say, is waited for.
    """
    stop, printer = threading.Event(), _Printer(as_json)

    def terminate(_number: int, _frame: FrameType | None) -> None:
        stop.set()
        raise KeyboardInterrupt  # in the middle of a run, too: what was stored so far is kept

    before = signal.signal(signal.SIGTERM, terminate)
    try:
        while not stop.is_set():
            with opened(library, model, device, backend, existing=False) as engine:
                chosen = folders or [Path(folder) for folder in engine.info().folders]
                if not chosen:
                    raise typer.BadParameter("name a folder: this library has none yet")
                err.print(
                    f"watching {escape(printable(', '.join(map(str, chosen))))}; Ctrl-C ends it"
                )
                try:
                    engine.watch(chosen, printer.show, poll, stop)
                except ModelChangedError:
                    if model is not None:
                        raise
                    err.print("the library has been taken over to another model; going on with it")
    except KeyboardInterrupt:
        raise typer.Exit(0 if stop.is_set() else 130) from None
    finally:
        signal.signal(signal.SIGTERM, before)


class _Printer:
    """One line a round to stdout; what went wrong to stderr, each thing once."""

    def __init__(self, as_json: bool) -> None:
        self._as_json = as_json
        self._told: set[str] = set()
        self._rounds = 0

    def show(self, what: WatchRound) -> None:
        if what.message is not None:
            err.print(f"[yellow]note:[/yellow] {escape(printable(what.message))}")
        if what.report is None:
            return
        self._tell_once(what.report)
        changes = [f"{number} {name}" for name in _COUNTS if (number := getattr(what.report, name))]
        self._rounds += 1
        if not changes and self._rounds > 1:
            return
        if self._as_json:
            print_json_line({"folders": what.folders, **asdict(what.report)})
        else:
            out.print(f"{datetime.now():%H:%M:%S}  {', '.join(changes) or 'nothing to do'}")

    def _tell_once(self, report: IngestReport) -> None:
        notes = [f"note: {note}" for note in report.notes]
        notes += [f"skipped {skip.path}: {skip.reason}" for skip in report.skipped]
        for note in notes:
            if note not in self._told:
                err.print(escape(printable(note)))
        self._told = set(notes) if self._rounds == 0 else self._told | set(notes)
