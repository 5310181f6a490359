"""A model's facts and measurements as lines of text."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine import ModelInfo

_LABEL = 14  # as wide as the labels of a library's facts


def model_lines(info: ModelInfo) -> Iterator[str]:
    """Facts first, then all that the export has measured, whatever it is called."""
    yield from _labelled("model", [info.name])
    yield from _labelled("model folder", [str(info.folder)])
    yield from _labelled("source", [info.source])
    yield from _labelled("revision", [info.revision])
    yield from _labelled("licence", [f"{part}: {text}" for part, text in info.licence.items()])
    yield from _labelled("dim", [str(info.dim)])
    for tower in info.towers:
        yield from _labelled(tower.part, [f"{tower.precision}, {tower.megabytes:.1f} MB"])
    yield from _labelled("provider", [info.provider])
    yield from _labelled("threads", [str(info.threads)])
    for name, value in info.measured.items():
        yield from measured_lines(str(name), value)


def measured_lines(name: str, value: Any) -> Iterator[str]:
    """One measurement; objects within objects get longer names, lists of objects are tables."""
    if isinstance(value, Mapping):
        flat = {key: inner for key, inner in value.items() if not _is_nested(inner)}
        if flat:
            yield f"{name}: {', '.join(f'{key} {shown(inner)}' for key, inner in flat.items())}"
        for key, inner in value.items():
            if key not in flat:
                yield from measured_lines(f"{name} {key}", inner)
    elif _is_table(value):
        yield f"{name}:"
        yield from (f"  {line}" for line in table(value))
    else:
        yield f"{name}: {shown(value)}"


def table(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Flat objects as lines with columns; a row without a field has a dash there."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    cells = [columns, *([shown(row.get(name)) for name in columns] for row in rows)]
    widths = [max(len(line[place]) for line in cells) for place in range(len(columns))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in cells
    ]


def shown(value: Any) -> str:
    """A value for people; six digits tell a cosine of 0.99998 from 1."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, list):
        return ", ".join(map(shown, value)) or "none"
    return str(value)


def _is_nested(value: Any) -> bool:
    return isinstance(value, Mapping) or _is_table(value)


def _is_table(value: Any) -> bool:
    return (
        isinstance(value, list) and bool(value) and all(isinstance(row, Mapping) for row in value)
    )


def _labelled(label: str, values: Sequence[str]) -> Iterator[str]:
    for number, value in enumerate(values or ["none"]):
        yield f"{'' if number else label:<{_LABEL}} {value}"
