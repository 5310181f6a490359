"""Tables that people have about their pictures: CSV, JSON and JSON Lines -> rows of texts."""

import csv
import io
import json
import math
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MOST_BYTES = 1 << 30
"""Larger tables are refused."""

LONGEST = 10_000
"""Characters of a value; what is longer is cut."""

_SEVERAL = frozenset({"tag", "tags", "keyword", "keywords", "subject", "labels", "categories"})
"""Columns whose texts are lists, with commas or semicolons between."""

_KEYS = ("file", "path", "filename", "file_name", "filepath", "file_path", "sourcefile", "image")
_RENAMED = {
    "captions": "caption",
    **dict.fromkeys(("tags", "keywords", "keyword", "subject"), "tag"),
}


class TableError(Exception):
    """A table that cannot be used; the message names the file, and the line where there is one."""


@dataclass(frozen=True)
class Row:
    """What a table says of one image.

    Attributes:
        number: of the line or entry, from 1.
        file: which image, as the table has it.
        values: texts by column; a column may have several.
    """

    number: int
    file: str
    values: Mapping[str, tuple[str, ...]]


def read_table(path: Path, key: str | None = None) -> Iterator[Row]:
    """The rows of a table. Those that name no file are passed over.

    Args:
        path: `.csv`, `.tsv`, `.json` (a list of objects, or an object by file) or `.jsonl`.
        key: the column that names the file; None takes the first of the usual names.

    Raises:
        TableError: the file cannot be read, is no table, or has no such column.
    """
    wanted = None if key is None else column_name(key)
    for number, columns in entries(path):
        chosen = wanted or usual_key(columns)
        if chosen is None or chosen not in columns:
            there = ", ".join(columns) or "none"
            raise TableError(
                f"{path}, entry {number}: no column {key!r}; there are: {there}"
                if key
                else f"{path}, entry {number}: no column names the image (file, path, filename); "
                f"say which does with --key. There are: {there}"
            )
        file = _text(columns.pop(chosen))
        values = {_RENAMED.get(name, name): _texts(name, some) for name, some in columns.items()}
        if file:
            yield Row(number, file, {name: some for name, some in values.items() if some})


def entries(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Number and columns of all rows, by the names that an import gives them.

    Raises:
        TableError: the file cannot be read, or is no table.
    """
    found = _READERS.get(path.suffix.casefold())
    if found is None:
        raise TableError(f"{path}: use a file that ends in {', '.join(_READERS)}")
    for number, entry in found(path, _content(path)):
        yield number, {column_name(str(name)): value for name, value in entry.items() if name}


def usual_key(columns: Collection[str]) -> str | None:
    """The column that names the file, if it has one of the usual names."""
    return next((name for name in _KEYS if name in columns), None)


def column_name(name: str) -> str:
    """As it is written in a filter: lower case, and an underscore for what is no letter."""
    return re.sub(r"\W+", "_", name.strip().casefold()).strip("_")[:64]


def _content(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise TableError(f"{path}: larger than {MOST_BYTES >> 20} MB; split it")
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise TableError(f"{path}: not UTF-8 (byte {error.start}); save it as UTF-8") from None
    except OSError as error:
        raise TableError(f"{path}: cannot be read: {error.strerror or error}") from error


def _from_csv(path: Path, content: str) -> Iterator[tuple[int, dict[str, Any]]]:
    head = content[: content.find("\n") if "\n" in content else None]
    delimiter = max(",;\t", key=head.count)
    reader = csv.DictReader(io.StringIO(content, newline=""), delimiter=delimiter)
    try:
        for row in reader:
            row.pop(None, None)  # more values than columns
            yield reader.line_num, row
    except csv.Error as error:
        raise TableError(f"{path}, line {reader.line_num}: {error}") from None


def _from_json(path: Path, content: str) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise TableError(f"{path}: no JSON: {error}") from None
    if isinstance(found, dict):  # by file
        found = [{"file": name, **_entry(path, name, one)} for name, one in found.items()]
    if not isinstance(found, list):
        raise TableError(f"{path}: neither a list of objects nor an object by file")
    for number, one in enumerate(found, start=1):
        yield number, _entry(path, number, one)


def _from_lines(path: Path, content: str) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(content.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            found = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise TableError(f"{path}, line {number}: no JSON: {error}") from None
        yield number, _entry(path, number, found)


def _entry(path: Path, number: object, found: object) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise TableError(f"{path}, entry {number}: not an object")
    return found


def _texts(column: str, value: object) -> tuple[str, ...]:
    """Values of one column; objects within are left out."""
    if isinstance(value, list):
        texts = [_text(one) for one in value]
    elif column in _SEVERAL and isinstance(value, str):
        texts = [_text(one) for one in re.split(r"[;,]", value)]
    else:
        texts = [_text(value)]
    return tuple(dict.fromkeys(text for text in texts if text))


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.15g}" if math.isfinite(value) else ""
    if not isinstance(value, str | int):
        return ""
    # A lone surrogate, as JSON can hold, is no text to a database.
    readable = str(value).encode("utf-8", "replace").decode("utf-8")
    return " ".join(readable.replace("\0", " ").split())[:LONGEST]


_READERS = {
    ".csv": _from_csv,
    ".tsv": _from_csv,
    ".json": _from_json,
    ".jsonl": _from_lines,
    ".ndjson": _from_lines,
}
