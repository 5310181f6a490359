"""`python -m export SOURCE --out models/NAME`: a checkpoint becomes a model folder.

The folder's path goes to stdout, messages to stderr. Exit codes: 0 fine, 1 failed, 2 wrong usage,
130 stopped.
"""

import signal
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console

from engine import ModelError
from export.errors import ExportError

app = typer.Typer(add_completion=False, pretty_exceptions_show_locals=False)
err = Console(stderr=True, soft_wrap=True, highlight=False, markup=False)

Precision = Literal[
    "auto", "int8", "int8-dynamic", "int8-blocks", "int8-static", "int8-weights", "fp16", "fp32"
]


@app.command()
def main(
    source: Annotated[
        str,
        typer.Argument(
            help="Folder of a checkpoint or of ready-made ONNX towers, a hub id, or "
            "open_clip:ARCHITECTURE/WEIGHTS"
        ),
    ],
    out: Annotated[Path, typer.Option("--out", help="Model folder to write")],
    precision: Annotated[
        Precision,
        typer.Option(
            "--precision",
            help="auto takes the fastest of all within the bounds, int8 the fastest of the 8-bit "
            "ones; every other name insists on that one",
        ),
    ] = "auto",
    calibration: Annotated[
        Path | None,
        typer.Option(
            "--calibration",
            help="Folder or manifest.jsonl of your pictures, with captions if it can be, to "
            "measure the loss on [default: drawn pictures]",
        ),
    ] = None,
    max_loss: Annotated[
        float, typer.Option("--max-loss", min=0, help="Percentage points of hit@10 to lose at most")
    ] = 1.0,
    min_overlap: Annotated[
        float,
        typer.Option("--min-overlap", min=0, max=1, help="Least share of the first ten to keep"),
    ] = 0.9,
    device: Annotated[
        Literal["cpu", "cuda"], typer.Option("--device", help="Where to measure times")
    ] = "cpu",
    name: Annotated[
        str | None, typer.Option("--name", help="The model's name [default: the folder's]")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Take the precision even if it loses too much")
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace a model folder that is there")
    ] = False,
) -> None:
    """Make an ONNX model folder, which the engine loads, from a model's own files."""
    signal.signal(signal.SIGTERM, _stop)
    try:
        from export.convert import Options, convert
        from export.guard.loss import Bounds

        options = Options(
            precision=precision,
            calibration=calibration,
            bounds=Bounds(max_loss, min_overlap),
            force=force,
            replace=replace,
            name=name,
            device=device,
        )
        choice = convert(source, out, options, say=err.print)
    except ModuleNotFoundError as error:
        err.print(
            f"{error}; install requirements-export.txt, best into its own environment "
            "(requirements-onnx.txt is enough for ready-made ONNX towers)"
        )
        raise typer.Exit(1) from None
    except (ExportError, ModelError, OSError) as error:
        err.print(str(error))
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        err.print("stopped; nothing was changed")
        raise typer.Exit(130) from None
    err.print(
        f"pictures: {choice.vision.precision}, texts: {choice.text.precision}; "
        f"the figures are in {out / 'MODEL_CARD.md'}"
    )
    typer.echo(out)


def _stop(number: int, frame: object) -> None:
    """A polite end, as by Ctrl-C: what was begun is cleared away."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    app(prog_name="python -m export")
