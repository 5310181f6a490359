"""What a table says of the images: looked at, imported, and forgotten again."""

import tempfile
from pathlib import Path
from typing import Protocol

import streamlit as st

from engine import (
    ImportReport,
    LibraryError,
    SearchEngine,
    TableError,
    TablePreview,
    preview_table,
)
from ui import permissions, resources
from ui.jobs import job_view
from ui.jobs.job import Tell, Work
from ui.text import code, count, printable

KINDS = ("csv", "tsv", "json", "jsonl", "ndjson")
LARGEST = 50
"""Megabytes of a table; larger ones are imported on the command line."""


class Uploaded(Protocol):
    """A file that a visitor has given."""

    name: str

    def getvalue(self) -> bytes:
        """Its content."""


def show(engine: SearchEngine) -> None:
    """A chooser with a preview, and the columns that are there."""
    st.markdown(
        "A table with one row for each picture: tags, captions, prices, dates, whatever you have. "
        "Its columns become filters, such as `price:10..20`, and its texts are found by words."
    )
    file = st.file_uploader(
        "Table (CSV, TSV, JSON or JSON Lines)",
        type=list(KINDS),
        max_upload_size=LARGEST,
        key=f"table_{st.session_state.get('tables', 0)}",
        help="Read here and kept nowhere but in the library.",
    )
    if file is not None:
        _offer(engine, file)
    _columns(engine)


def _offer(engine: SearchEngine, file: Uploaded) -> None:
    try:
        table = look_at(file)
    except TableError as error:
        st.error(f"This table cannot be used: {code(str(error))}", icon=":material/table:")
        return
    if not table.rows:
        st.warning("There are no rows in this table.", icon=":material/table:")
        return
    st.dataframe(
        {
            printable(name): [printable(row.get(name, "")) for row in table.rows]
            for name in table.columns
        },
        hide_index=True,
        key="table_preview",
    )
    st.caption(f"The first {count(len(table.rows), 'row')}.")
    key = st.selectbox(
        "Column that names the picture",
        table.columns,
        index=table.columns.index(table.key) if table.key in table.columns else None,
        format_func=printable,
        placeholder="Choose one",
        key="table_key",
        help="A path, the end of one, or the name of a file, with or without its ending.",
    )
    if st.button(
        "Import",
        key="import_table",
        type="primary",
        icon=":material/upload:",
        disabled=key is None or resources.index_job().state.running,
    ):
        st.session_state["tables"] = st.session_state.get("tables", 0) + 1  # empties the chooser
        work = import_table(engine, file.name, file.getvalue(), key)
        job_view.start(work, "metadata", resumes=False)


def look_at(file: Uploaded) -> TablePreview:
    """The beginning of a table.

    Raises:
        TableError: it is none; the message names it as its owner does.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = _written(Path(folder), file.name, file.getvalue())
        try:
            return preview_table(path)
        except TableError as error:
            raise TableError(str(error).replace(str(path), file.name)) from None


def import_table(engine: SearchEngine, name: str, content: bytes, key: str | None) -> Work:
    """The job that imports a table; it is on the disk only as long as that takes.

    Args:
        engine: of the library.
        name: of the file, as its owner calls it.
        content: of the file.
        key: the column that names the image; None takes the first of the usual names.
    """

    def work(tell: Tell) -> ImportReport:
        tell("Reading the table", 0, 0)
        with tempfile.TemporaryDirectory() as folder:
            path = _written(Path(folder), name, content)
            try:
                return engine.import_metadata(
                    path, key, lambda done: tell("Importing rows", done, 0)
                )
            except LibraryError as error:
                raise LibraryError(str(error).replace(str(path), name)) from None

    return work


def _written(folder: Path, name: str, content: bytes) -> Path:
    """The content in a file; of its owner's name only the ending is used."""
    path = folder / f"table{Path(name).suffix.lower()}"
    path.write_bytes(content)
    return path


def _columns(engine: SearchEngine) -> None:
    columns = engine.columns(of_files=False)
    st.subheader("Imported", anchor=False)
    if not columns:
        st.caption("Nothing has been imported yet.")
        return
    for number, (name, images) in enumerate(columns.items()):
        with st.container(
            border=True,
            horizontal=True,
            horizontal_alignment="distribute",
            vertical_alignment="center",
            key=f"column_{number}",
        ):
            st.markdown(f"{code(name)}: {count(images, 'picture')}", width="content")
            with st.popover("Forget", icon=":material/delete:", key=f"ask_column_{number}"):
                st.markdown(f"Forget what was imported as {code(name)}?")
                st.button(
                    "Forget it",
                    key=f"forget_column_{number}",
                    type="primary",
                    on_click=forget_column,
                    args=(engine, name),
                )


def forget_column(engine: SearchEngine, name: str) -> None:
    """Drop an imported column."""
    permissions.require()
    engine.forget_column(name)
