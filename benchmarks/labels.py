"""Images with labels, of one split where a folder has several."""

from pathlib import Path

from engine.evaluation import Entry, read_annotations


def read_split(folder: Path, split: str) -> list[Entry]:
    """The images of a folder as `evaluate` reads one, without those of other splits.

    Raises:
        ValueError: it cannot be read, or nothing in it can be used.
    """
    entries = read_annotations(folder).entries
    return [entry for entry in entries if entry.labels.get("split", split) == split]
