"""Thumbs as files to take along."""

import csv
import io
import tempfile
import zipfile
from pathlib import Path

from engine import SearchEngine


def as_csv(engine: SearchEngine) -> bytes:
    """One row a thumb: the search, the image's path, and 1 or -1."""
    paths = _paths(engine)
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(["search", "path", "thumb"])
    for query, marks in engine.judgements():
        text = engine.written(query)
        rows = ((_harmless(text), paths[image], mark) for image, mark in marks.items())
        writer.writerows(rows)
    return stream.getvalue().encode("utf-8", "surrogateescape")


def as_trec(engine: SearchEngine) -> bytes:
    """A ZIP archive with judgements and topics."""
    from engine.evaluation.qrels import write_qrels

    paths = _paths(engine)
    topics = (
        (words, {paths[image]: max(mark, 0) for image, mark in marks.items()})
        for query, marks in engine.judgements()
        if (words := query.wanted_words)  # all a topic of TREC can say
    )
    stream = io.BytesIO()
    with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(stream, "w") as archive:
        for file in write_qrels(Path(folder), topics):
            archive.write(file, file.name)
    return stream.getvalue()


def _paths(engine: SearchEngine) -> dict[int, str]:
    return {record.id: record.path for record in engine.images()}


def _harmless(text: str) -> str:
    """So that a table calculator does not take a search for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text
