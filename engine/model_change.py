"""Taking a library over to another model, and back: vectors, index, and the change itself.

None of this needs the model that the library has now: it may be gone already.
"""

import os
from functools import partial
from pathlib import Path

from engine.encoder import Device, Encoder, ModelError, load
from engine.library import (
    Library,
    LibraryError,
    NextLibrary,
    ProgressCallback,
    ReindexReport,
)
from engine.library.store.stamp import PREVIOUS, ModelStamp, other_stamps
from engine.library.takeover.reindex import reindex as fill_and_switch
from engine.library.takeover.succession import forget_previous as forget
from engine.opening import Parts
from engine.places import library_folder, model_folder
from engine.search_engine import SearchEngine

AnyPath = str | os.PathLike[str]


def reindex(
    model: AnyPath,
    library: AnyPath | None = None,
    device: Device | None = None,
    progress: ProgressCallback | None = None,
) -> ReindexReport:
    """Take a library over to another model, while other processes search on under the present one.

    A run that was stopped is gone on with where it was. Engines that are open raise
    `ModelChangedError` afterwards: open them again.

    Args:
        model: the new model's folder.
        library: the library's folder; by default `VISUAL_SEARCH_LIBRARY`, or `./library`.
        device: as in `SearchEngine.open`.
        progress: called after every batch.

    Raises:
        ModelError: the model cannot be used.
        LibraryError: there is no library, another process is writing, or there is no room.
    """
    folder = library_folder(library)
    return _take_over(folder, load(model_folder(model), device), progress)


def rollback(
    library: AnyPath | None = None,
    model: AnyPath | None = None,
    device: Device | None = None,
    progress: ProgressCallback | None = None,
) -> ReindexReport:
    """Go back to the model that the library had before; that is kept as the next way back.

    Images that were added since get their vectors first.

    Args:
        library: the library's folder; by default `VISUAL_SEARCH_LIBRARY`, or `./library`.
        model: where the previous model is, if it was moved.
        device: as in `SearchEngine.open`.
        progress: called after every batch.

    Raises:
        LibraryError: there is no previous model, its folder is gone or holds another one by now,
            another process is writing, or there is no room.
    """
    folder = library_folder(library)
    previous = _previous(folder)
    if previous is None:
        raise LibraryError(f"{folder}: has not been taken over from another model: no way back")
    return _take_over(folder, _load_previous(previous, model, device), progress)


def previous_model(library: AnyPath | None = None) -> str | None:
    """Name of the model that `rollback` goes back to; None if there is no way back.

    Raises:
        LibraryError: there is no library.
    """
    stamp = _previous(library_folder(library))
    return None if stamp is None else stamp.model_name


def forget_previous(library: AnyPath | None = None) -> int:
    """Free the room that the way back takes; returns the bytes of vectors that were deleted.

    Raises:
        LibraryError: there is no library, or another process is writing.
    """
    opened = Library(library_folder(library))
    try:
        return forget(opened)
    finally:
        opened.close()


def _take_over(folder: Path, encoder: Encoder, progress: ProgressCallback | None) -> ReindexReport:
    library = Library(folder)
    try:
        return fill_and_switch(
            library, encoder, progress, partial(_index, folder, encoder, progress)
        )
    finally:
        library.close()


def _index(folder: Path, encoder: Encoder, progress: ProgressCallback | None) -> None:
    """Build the next model's index before the change, so that no search has to wait for it."""
    library = NextLibrary(folder, encoder.manifest)
    with SearchEngine(Parts.of(library, encoder)) as engine:
        engine.upkeep(progress)


def _previous(folder: Path) -> ModelStamp | None:
    library = Library(folder)
    try:
        return other_stamps(library.catalogue.facts()).get(PREVIOUS)
    finally:
        library.close()


def _load_previous(stamp: ModelStamp, model: AnyPath | None, device: Device | None) -> Encoder:
    folder = Path(model) if model else Path(stamp.model_folder)
    wanted = f"the previous model {stamp.model_name!r} ({stamp.model})"
    hint = "say where it is with --model DIR"
    try:
        encoder = load(folder, device)
    except ModelError as error:
        raise LibraryError(f"{wanted} cannot be used: {error}; {hint}") from error
    if encoder.manifest.fingerprint != stamp.model:
        raise LibraryError(
            f"{folder}: holds {encoder.manifest.name!r} ({encoder.manifest.fingerprint}) now, not "
            f"{wanted}; {hint}"
        )
    return encoder
