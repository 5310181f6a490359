"""What visitors may do: in read-only mode, look and search, and nothing that stays."""

import os

_VARIABLE = "VISUAL_SEARCH_READ_ONLY"
_NO = ("", "0", "false", "no", "off")


class ReadOnlyError(Exception):
    """Something would have been changed in read-only mode."""


def may_change() -> bool:
    """Whether visitors may change anything: thumbs, folders, metadata, model, settings."""
    return os.environ.get(_VARIABLE, "").strip().lower() in _NO


def require() -> None:
    """For functions that change something, whatever the page shows.

    Raises:
        ReadOnlyError: this is a read-only app.
    """
    if not may_change():
        raise ReadOnlyError("This app is read-only: nothing in it can be changed.")
