"""Where libraries and models are, if nobody says."""

import os
from pathlib import Path

from engine.library import recorded_model

DEFAULT_LIBRARY = Path("library")
DEFAULT_MODEL = Path("models/default")
_PROJECT = Path(__file__).resolve().parent.parent


def library_folder(library: str | os.PathLike[str] | None = None) -> Path:
    """The library's folder: as given, from `VISUAL_SEARCH_LIBRARY`, or `./library`."""
    chosen = library or os.environ.get("VISUAL_SEARCH_LIBRARY") or DEFAULT_LIBRARY
    return Path(chosen).expanduser().resolve()


def adapter_name(adapter: str | None = None) -> str | None:
    """The adapter's name: as given, from `VISUAL_SEARCH_ADAPTER`, or none; "" is none."""
    return (os.environ.get("VISUAL_SEARCH_ADAPTER") if adapter is None else adapter) or None


def model_folder(model: str | os.PathLike[str] | None = None, library: Path | None = None) -> Path:
    """The model's folder.

    Args:
        model: as given; else `VISUAL_SEARCH_MODEL`, the model of the library, or the one that
            ships.
        library: folder of a library that may be there already.

    Raises:
        LibraryError: the library cannot be read.
    """
    named = model or os.environ.get("VISUAL_SEARCH_MODEL")
    if not named and library is not None:
        recorded = recorded_model(library)
        named = recorded if recorded is not None and recorded.exists() else None
    chosen = Path(named or DEFAULT_MODEL).expanduser()
    shipped = _PROJECT / chosen
    # Started from another folder, "models/default" still means the project's own.
    return shipped if not chosen.exists() and shipped.exists() else chosen.absolute()


def model_folders(current: Path) -> tuple[Path, ...]:
    """All model folders that lie beside the one in use, or where the project keeps its own.

    Only a look at their names: whether a model can be used turns out when it is loaded.
    """
    found = {
        manifest.parent.resolve()
        for place in (current.parent, _PROJECT / "models")
        for manifest in place.glob("*/model.json")
    }
    return tuple(sorted({*found, current.resolve()}))
