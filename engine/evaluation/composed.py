"""Topics of a picture and words together: "like this one, but in red"."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.evaluation.entries import shortened
from engine.evaluation.manifests import json_objects
from engine.evaluation.topics import Collection, Topic, as_words

_EXPECTED = '{"reference": "a.jpg", "text": "in red", "targets": ["b.jpg"]}'


@dataclass(frozen=True)
class _Line:
    reference: Path
    text: str
    targets: tuple[Path, ...]


def read_composed(path: Path) -> Collection:
    """Read lines of a reference, words that say what is to be different, and the right answers.

    All images that are named anywhere are searched; a reference is no answer to itself.

    Raises:
        ValueError: the file cannot be read, or nothing in it can be used.
    """
    left_out: list[str] = []
    lines: list[_Line] = []
    for place, row in json_objects(path, left_out.append):
        line = _parsed(row, path.parent)
        if line is None:
            left_out.append(f"{place}: expected {_EXPECTED}, found {shortened(row)}")
        else:
            lines.append(line)
    named = dict.fromkeys(file for line in lines for file in (line.reference, *line.targets))
    files = [file for file in named if file.is_file()]
    left_out += [f"{file}: no such image" for file in named if not file.is_file()]
    places = {file: place for place, file in enumerate(files)}
    topics = []
    for line in lines:
        right = [places[file] for file in line.targets if file in places]
        if line.reference in places and right:
            topics.append(
                Topic(
                    f"{line.reference.name} {line.text}",
                    group=str(line.reference),
                    text=line.text,
                    picture=line.reference,
                    relevant=dict.fromkeys(right, 1),
                    unseen=frozenset([places[line.reference]]) - frozenset(right),
                )
            )
    if not topics:
        raise ValueError(f"{path}: no line can be used: {'; '.join(left_out[:3]) or 'it is empty'}")
    texts = tuple(as_words(file.stem) for file in files)
    return Collection(str(path), "text+image", tuple(files), texts, tuple(topics), tuple(left_out))


def _parsed(row: Mapping[str, Any], folder: Path) -> _Line | None:
    """A line; None if it is not as expected."""
    reference, words, targets = (row.get(name) for name in ("reference", "text", "targets"))
    if isinstance(targets, str):
        targets = [targets]
    names: Sequence[object] = [reference, words, *(targets if isinstance(targets, list) else [])]
    is_whole = len(names) > 2 and all(isinstance(name, str) and name.strip() for name in names)
    if not is_whole or any("\0" in str(name) for name in names):
        return None
    files = tuple(folder / str(name) for name in names[2:])
    return _Line(folder / str(reference), " ".join(str(words).split()), files)
