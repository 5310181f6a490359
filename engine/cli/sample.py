"""`sample`: pictures to try the search on."""

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from engine import Progress
from engine.cli.application import app
from engine.cli.printing import err, progress_shown


@app.command()
def sample(
    folder: Annotated[Path, typer.Argument(help="Where to write the pictures")],
    count: Annotated[int, typer.Option("--count", min=1, help="Number of pictures")] = 300,
    seed: Annotated[int, typer.Option("--seed", help="Another seed gives other pictures")] = 0,
) -> None:
    """Draw a library of sample pictures with captions, to try the search on."""
    from engine.sample import write_sample_library

    with progress_shown() as show:
        write_sample_library(
            folder, count, seed, lambda done, total: show(Progress(done, total, stage="drawing"))
        )
    err.print(f"{count} pictures in {escape(str(folder))}; now: python -m engine index {folder}")
