"""`python -m benchmarks`: prints Markdown for docs/performance.md."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from benchmarks import indexing, ranking, searching
from engine import SearchEngine, describe_machine, model_folder
from engine.encoder import Encoder, load
from engine.sample import write_sample_library

app = typer.Typer(no_args_is_help=True, add_completion=False)
Model = Annotated[Path | None, typer.Option(help="Model folder; the shipped one by default")]


@app.command()
def speed(
    photos: Annotated[
        Path | None, typer.Option(help="Folder to measure on; 1,000 drawn pictures by default")
    ] = None,
    model: Model = None,
) -> None:
    """Times of indexing and searching on this machine."""
    encoder = _load(model)
    with tempfile.TemporaryDirectory() as temporary:
        folder = photos or Path(temporary) / "pictures"
        if photos is None:
            write_sample_library(folder, 1000, seed=5)
        library = Path(temporary) / "library"
        print(indexing.measure(encoder, folder, library), end="\n\n")
        with SearchEngine.with_encoder(encoder, library) as engine:
            print(searching.measure(engine, library))


@app.command()
def rules(
    folder: Annotated[
        Path, typer.Argument(help="Folder with a manifest.jsonl: articleType and baseColour")
    ],
    model: Model = None,
) -> None:
    """What the rules for unwanted terms and for thumbs are worth."""
    print(ranking.measure(folder, _load(model)))


def _load(model: Path | None) -> Encoder:
    encoder = load(model_folder(model))
    print(f"Machine: {describe_machine()}. Model: {encoder.manifest.name}.\n")
    return encoder


app()
