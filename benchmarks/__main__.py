"""`python -m benchmarks`: prints Markdown for docs/performance.md."""

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from benchmarks import indexing, searching
from benchmarks.timing import machine
from engine import Encoder, SearchEngine, model_folder
from engine.encoder import load
from engine.sample import write_sample_library


def main(
    photos: Annotated[
        Path | None, typer.Option(help="Folder to measure on; 1,000 drawn pictures by default")
    ] = None,
    model: Annotated[Path | None, typer.Option(help="Model folder")] = None,
) -> None:
    """Measure indexing and searching on this machine."""
    encoder: Encoder = load(model_folder(model))
    with tempfile.TemporaryDirectory() as temporary:
        folder = photos or Path(temporary) / "pictures"
        if photos is None:
            write_sample_library(folder, 1000, seed=5)
        library = Path(temporary) / "library"
        print(f"Machine: {machine()}. Model: {encoder.manifest.name}.\n")
        print(indexing.measure(encoder, folder, library), end="\n\n")
        with SearchEngine.with_encoder(encoder, library) as engine:
            print(searching.measure(engine, library))


typer.run(main)
