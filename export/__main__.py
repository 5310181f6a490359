"""`python -m export SOURCE --out models/NAME`: a checkpoint becomes a model folder.

The folder's path goes to stdout, messages to stderr. Exit codes: 0 fine, 1 failed, 2 wrong usage.
"""

from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console

from engine import ModelError
from export.errors import ExportError

app = typer.Typer(add_completion=False, pretty_exceptions_show_locals=False)
err = Console(stderr=True, soft_wrap=True, highlight=False, markup=False)


@app.command()
def main(
    source: Annotated[str, typer.Argument(help="Folder of a CLIP checkpoint, or a hub id")],
    out: Annotated[Path, typer.Option("--out", help="Model folder to write")],
    precision: Annotated[
        Literal["fp32", "int8"], typer.Option("--precision", help="How weights are stored")
    ] = "fp32",
    name: Annotated[
        str | None, typer.Option("--name", help="The model's name [default: the folder's]")
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace a model folder that is there")
    ] = False,
) -> None:
    """Make an ONNX model folder, which the engine loads, from a checkpoint."""
    try:
        from export.convert import convert

        convert(source, out, precision, name, force, say=err.print)
    except ModuleNotFoundError as error:
        err.print(f"{error}; install requirements-export.txt, best into its own environment")
        raise typer.Exit(1) from None
    except (ExportError, ModelError, OSError) as error:
        err.print(str(error))
        raise typer.Exit(1) from None
    typer.echo(out)


if __name__ == "__main__":
    app(prog_name="python -m export")
