"""The form for a folder of the machine that runs the app."""

import os
from collections.abc import Callable
from pathlib import Path

import streamlit as st

from engine import SearchEngine
from ui import indexing
from ui.text import code


class FolderError(Exception):
    """A folder that cannot be added; the message is Markdown."""


def form(engine: SearchEngine, key: str, on_start: Callable[[], None] | None = None) -> None:
    """A field for a folder, and a button that indexes it; `on_start` is called just before."""
    with st.form(key, border=False):
        typed = st.text_input(
            "Folder with pictures",
            placeholder="~/Pictures",
            help="A folder of the machine on which this app runs. Folders inside it count, too. "
            "Your pictures are only read, never changed, moved or copied.",
            key=f"{key}_path",
        )
        if st.form_submit_button("Add pictures", type="primary", icon=":material/add_a_photo:"):
            try:
                folder = checked(typed or "")
            except FolderError as error:
                st.error(str(error), icon=":material/folder_off:")
            else:
                if on_start:
                    on_start()
                indexing.start(indexing.add(engine, [folder]))


def checked(typed: str) -> Path:
    """The folder a person means.

    Raises:
        FolderError: there is none, or it cannot be read.
    """
    folder = _expanded(typed.strip())
    shown = code(str(folder))
    try:
        if not folder.exists():
            raise FolderError(f"{shown}: there is no such folder on this machine.")
        if not folder.is_dir():
            raise FolderError(f"{shown} is a file, not a folder.")
    except OSError as error:
        raise FolderError(f"{shown}: {error.strerror}.") from error
    if not os.access(folder, os.R_OK | os.X_OK):
        raise FolderError(f"{shown}: this app is not allowed to read it.")
    return folder


def _expanded(typed: str) -> Path:
    if not typed:
        raise FolderError("Type the path of a folder first.")
    if "\0" in typed:
        raise FolderError(f"{code(typed)} is not a path.")
    try:
        folder = Path(typed).expanduser()
    except RuntimeError as error:  # ~nobody
        raise FolderError(f"{code(typed)}: there is no such user on this machine.") from error
    if not folder.is_absolute():
        raise FolderError(f"{code(typed)}: give the whole path, from `/` or `~` on.")
    return folder
