"""A look at the beginning of a table, before it is imported."""

from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from engine.metadata.table_file import entries, usual_key


@dataclass(frozen=True)
class TablePreview:
    """The beginning of a table.

    Attributes:
        columns: their names, as an import calls them, in order.
        rows: the first ones, texts by column.
        key: the column that an import takes for the image's name, unless told another one.
    """

    columns: tuple[str, ...]
    rows: tuple[dict[str, str], ...]
    key: str | None


def preview_table(path: Path, rows: int = 5) -> TablePreview:
    """Read the first rows of a table.

    Args:
        path: as for an import.
        rows: how many.

    Raises:
        TableError: the file cannot be read, or is no table.
    """
    first = [entry for _, entry in islice(entries(path), rows)]
    columns = tuple(dict.fromkeys(name for entry in first for name in entry))
    shown = tuple({name: _shown(value) for name, value in entry.items()} for entry in first)
    return TablePreview(columns, shown, usual_key(columns))


def _shown(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(map(_shown, value))
    return "" if value is None else " ".join(str(value).split())[:200]
