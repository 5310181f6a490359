"""Options that several commands share, and how they open a library."""

from pathlib import Path
from typing import Annotated

import typer

from engine import BACKENDS, Device, LibraryError, SearchEngine, has_library, library_folder

Library = Annotated[
    Path | None,
    typer.Option("--library", help="Library folder [default: $VISUAL_SEARCH_LIBRARY or ./library]"),
]
Model = Annotated[
    Path | None,
    typer.Option("--model", help="Model folder [default: the library's, or the shipped one]"),
]
Processor = Annotated[
    Device | None,
    typer.Option("--device", help="Where the model runs [default: $VISUAL_SEARCH_DEVICE or auto]"),
]
Adapter = Annotated[
    str | None,
    typer.Option(
        "--adapter",
        help='Adapter beside the model, "" for none [default: $VISUAL_SEARCH_ADAPTER]',
    ),
]
Backend = Annotated[str, typer.Option("--backend", help=f"Index: auto, {', '.join(BACKENDS)}")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object")]


def opened(
    library: Path | None,
    model: Path | None,
    device: Device | None = None,
    backend: str = "auto",
    existing: bool = True,
    adapter: str | None = "",
) -> SearchEngine:
    """The engine on a library.

    Args:
        library: its folder, as the user gave it.
        model: the model's folder, as the user gave it.
        device: where the model runs.
        backend: of the index.
        existing: refuse a folder that holds no library yet.
        adapter: name of an adapter beside the model, None for that of the environment; only
            searches need one.

    Raises:
        LibraryError: there is no library, or it cannot be used.
    """
    if backend not in ("auto", *BACKENDS):
        raise typer.BadParameter(f"index backend {backend!r} is unknown")
    folder = library_folder(library)
    if existing and not has_library(folder):
        raise no_library(folder)
    return SearchEngine.open(library, model, device, backend, adapter)


def no_library(folder: Path) -> LibraryError:
    """What to say where a library was expected."""
    return LibraryError(f"{folder}: no library here; python -m engine index FOLDER makes one")
