"""Thumbs as files to take along."""

import io
import tempfile
import zipfile
from pathlib import Path

from engine import SearchEngine
from ui import tables


def as_csv(engine: SearchEngine) -> bytes:
    """One row a thumb: the search, the image's path, and 1 or -1."""
    paths = {record.id: record.path for record in engine.images()}
    rows = (
        (engine.written(query), paths[image], mark)
        for query, marks in engine.judgements()
        for image, mark in marks.items()
    )
    return tables.as_csv(("search", "path", "thumb"), rows)


def as_trec(engine: SearchEngine) -> bytes:
    """A ZIP archive with judgements and topics."""
    from engine.evaluation import write_thumbs

    stream = io.BytesIO()
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(stream, "w") as archive:
        for file in write_thumbs(engine, Path(folder)):
            archive.write(file, file.name)
    return stream.getvalue()
