"""Reading a data set, whatever its kind."""

from pathlib import Path

from engine.evaluation.class_folders import read_class_folders
from engine.evaluation.entries import Annotations
from engine.evaluation.json_captions import read_json_captions
from engine.evaluation.manifests import read_json_lines, read_table

MANIFESTS = ("manifest.jsonl", "manifest.csv", "manifest.tsv", "metadata.jsonl", "metadata.csv")
"""What describes a folder of images, the first that is there; else its folders are the labels."""

_READERS = {
    ".jsonl": read_json_lines,
    ".csv": read_table,
    ".tsv": read_table,
    ".json": read_json_captions,
}


def read_annotations(source: Path) -> Annotations:
    """Read images with captions and labels.

    Args:
        source: JSON lines, CSV or TSV; COCO's or Karpathy's JSON; or a folder, with one of
            `MANIFESTS` or with a folder for each label.

    Raises:
        ValueError: it cannot be read, or nothing in it can be used; names the file, and what was
            expected.
    """
    if source.is_dir():
        named = next((source / name for name in MANIFESTS if (source / name).is_file()), None)
        return read_annotations(named) if named else read_class_folders(source)
    reader = _READERS.get(source.suffix.lower())
    if reader is None:
        raise ValueError(f"{source}: expected a folder, or a file {', '.join(_READERS)}")
    return reader(source)
