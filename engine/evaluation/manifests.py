"""Annotations in tables: JSON lines, CSV and TSV, with an image in each line."""

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from engine.evaluation.entries import Annotations, Notes, content_of, shortened

IMAGE_COLUMNS = ("file", "image", "path", "filename", "file_name", "filepath", "image_path")
"""What the column with the image may be called, the first that is there."""

CAPTION_COLUMNS = ("captions", "caption", "text", "title", "description", "sentence")
"""What columns with captions may be called; all that are there count."""

_SEPARATORS = {".csv": ",", ".tsv": "\t"}
_NUMBERS = (str, int, float, bool)


def read_json_lines(path: Path) -> Annotations:
    """One object a line: an image, captions (a text or a list of texts), and any labels.

    Raises:
        ValueError: it cannot be read, or nothing in it can be used.
    """
    notes = Notes(str(path))
    for place, row in json_objects(path, notes.tell):
        _add(row, path.parent, place, notes)
    return notes.annotations()


def read_table(path: Path) -> Annotations:
    """A table with a header; an image may have several lines, one for each caption.

    Raises:
        ValueError: it cannot be read, nothing in it can be used, or no column holds images.
    """
    notes = Notes(str(path))
    lines = list(text_lines(path, notes.tell))
    numbers = [place for place, _ in lines]
    # Fields with line breaks are put together; a place is where such a row ends.
    rows = csv.reader(
        (line + "\n" for _, line in lines), delimiter=_SEPARATORS[path.suffix.lower()]
    )
    header = [name.strip() for name in next(rows, [])]
    if not set(IMAGE_COLUMNS) & set(header):
        raise ValueError(
            f"{path}: none of its columns ({', '.join(header)}) holds the images; expected one of "
            f"{', '.join(IMAGE_COLUMNS)}"
        )
    while True:
        try:
            values = next(rows)
        except StopIteration:
            return notes.annotations()
        except csv.Error as error:
            notes.leave_out(numbers[rows.line_num - 1], str(error))
            continue
        place = numbers[rows.line_num - 1]
        if len(values) == len(header):
            row = {name: value for name, value in zip(header, values, strict=True) if value.strip()}
            _add(row, path.parent, place, notes)
        elif any(values):
            notes.leave_out(place, f"{len(values)} values for {len(header)} columns")


def json_objects(path: Path, tell: Callable[[str], None]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Where each line stands, and the object in it; `tell` is told of lines that hold none.

    Raises:
        ValueError: the file cannot be read.
    """
    for place, line in text_lines(path, tell):
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            tell(f"{place}: no JSON: {error}")
            continue
        if isinstance(row, dict):
            yield place, row
        else:
            tell(f"{place}: expected an object, found {shortened(row)}")


def text_lines(path: Path, tell: Callable[[str], None]) -> Iterator[tuple[str, str]]:
    """Where each line stands, and the line; empty ones are passed over.

    Args:
        path: the file.
        tell: told of lines that are not UTF-8, which are left out.

    Raises:
        ValueError: the file cannot be read.
    """
    content = content_of(path).removeprefix(b"\xef\xbb\xbf")
    for number, line in enumerate(content.splitlines(), start=1):
        place = f"{path.name}, line {number}"
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError as error:
            tell(f"{place}: not UTF-8: byte {error.start + 1} is {line[error.start]:#04x}")
            continue
        if text.strip():
            yield place, text


def _add(row: Mapping[str, Any], folder: Path, place: str, notes: Notes) -> None:
    column = next((name for name in IMAGE_COLUMNS if row.get(name)), None)
    file = row.get(column) if column else None
    if not isinstance(file, str) or "\0" in file:
        notes.leave_out(place, f"no image; expected one of {', '.join(IMAGE_COLUMNS)}")
        return
    captions: list[object] = []
    for name in CAPTION_COLUMNS:
        value = row.get(name)
        if value is not None:
            given = value if _is_list(value) else [value]
            captions += [one for one in given if name == CAPTION_COLUMNS[0] or one not in captions]
    labels = dict(_labels(row, (column, *CAPTION_COLUMNS)))
    notes.add(folder / file, captions, labels, place)


def _labels(row: Mapping[str, Any], others: Sequence[str | None]) -> Iterator[tuple[str, str]]:
    """Names and values of labels; those of an object in the row have its name before theirs."""
    for name, value in row.items():
        if isinstance(value, dict):
            yield from ((f"{name}.{inner}", each) for inner, each in _labels(value, ()))
        elif name not in others and isinstance(value, _NUMBERS) and value != "":
            yield name, str(value)


def _is_list(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)
