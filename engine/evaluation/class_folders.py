"""Labels as folders: every image below `shoes/` is one of shoes."""

from pathlib import Path

from engine.encoder import SUFFIXES
from engine.evaluation.entries import Annotations, Notes

LABEL = "label"
"""Name of the column that folders stand for."""


def read_class_folders(folder: Path) -> Annotations:
    """Images in folders that are named by their label; deeper folders make longer labels.

    Raises:
        ValueError: there are no folders with images.
    """
    notes = Notes(str(folder))
    for file in sorted(folder.rglob("*")):
        label = file.parent.relative_to(folder).as_posix()
        is_hidden = any(part.startswith(".") for part in file.relative_to(folder).parts)
        if label == "." or is_hidden or not file.is_file():
            continue
        if file.suffix.lower() in SUFFIXES:
            notes.add(file, (), {LABEL: label}, label)
    return notes.annotations()
