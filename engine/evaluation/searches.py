"""Saved searches with what they must find: words, a picture, or both ("like this, but in red")."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.evaluation.collection import Collection, Task, Topic, as_words
from engine.evaluation.entries import shortened
from engine.evaluation.manifests import IMAGE_COLUMNS, json_objects
from engine.evaluation.qrels import images_in
from engine.library.intake.scan import absolute

_TARGETS = "targets"
_EXPECTED = (
    '{"text": "in red", "reference": "a.jpg", "targets": ["b.jpg"]}, with a text or a reference '
    "or both"
)


@dataclass(frozen=True)
class _Line:
    text: str
    reference: Path | None
    targets: tuple[Path, ...]

    def files(self) -> tuple[Path, ...]:
        return self.targets if self.reference is None else (self.reference, *self.targets)


def holds_searches(path: Path) -> bool:
    """Whether a file is one of searches: JSON lines, of which the first says what it must find.

    Raises:
        ValueError: it cannot be read.
    """
    if path.suffix.lower() != ".jsonl" or not path.is_file():
        return False
    _, first = next(json_objects(path, _ignore), ("", {}))
    return _TARGETS in first and first.keys().isdisjoint(IMAGE_COLUMNS)


def read_searches(path: Path, images: Path | None = None) -> Collection:
    """Read lines of a text, a reference picture or both, and the images that they must find.

    Args:
        path: the lines; images relative to it. A reference is no answer to itself.
        images: every image in this folder is searched, too; else those that are named anywhere.

    Raises:
        ValueError: the file cannot be read, or nothing in it can be used.
    """
    left_out: list[str] = []
    lines: list[_Line] = []
    for place, row in json_objects(path, left_out.append):
        line = _parsed(row, path.parent.absolute())
        if line is None:
            left_out.append(f"{place}: expected {_EXPECTED}, found {shortened(row)}")
        else:
            lines.append(line)
    named = dict.fromkeys(file for line in lines for file in line.files())
    left_out += [f"{file}: no such image" for file in named if not file.is_file()]
    others = map(_spelt, images_in(images)) if images else []
    files = list(dict.fromkeys([*(file for file in named if file.is_file()), *others]))
    places = {file: place for place, file in enumerate(files)}
    topics = [topic for line in lines if (topic := _topic(line, places))]
    if not topics:
        raise ValueError(f"{path}: no line can be used: {'; '.join(left_out[:3]) or 'it is empty'}")
    texts = tuple(as_words(file.stem) for file in files)
    return Collection(str(path), _task(topics), tuple(files), texts, tuple(topics), tuple(left_out))


def _parsed(row: Mapping[str, Any], folder: Path) -> _Line | None:
    """A line; None if it is not as expected."""
    targets = row.get(_TARGETS)
    targets = [targets] if isinstance(targets, str) else targets
    if not isinstance(targets, list) or not targets:
        return None
    names = [row.get("text", ""), row.get("reference", ""), *targets]
    if any(not isinstance(name, str) or "\0" in name for name in names):
        return None
    text, reference, *answers = (name.strip() for name in names)
    if not (text or reference) or not all(answers):
        return None
    picture = _spelt(folder / reference) if reference else None
    return _Line(" ".join(text.split()), picture, tuple(_spelt(folder / name) for name in answers))


def _topic(line: _Line, places: Mapping[Path, int]) -> Topic | None:
    """What a line asks for; None if its images are missing."""
    right = [places[file] for file in line.targets if file in places]
    if not right or (line.reference is not None and line.reference not in places):
        return None
    seen = line.reference
    return Topic(
        " ".join(filter(None, [seen.name if seen else "", line.text])),
        group=str(seen) if seen else line.text,
        text=line.text,
        picture=seen,
        relevant=dict.fromkeys(right, 1),
        unseen=frozenset() if seen is None else frozenset([places[seen]]) - frozenset(right),
    )


def _task(topics: list[Topic]) -> Task:
    if not any(topic.picture for topic in topics):
        return "text-image"
    return "text+image" if any(topic.text for topic in topics) else "image-image"


def _spelt(file: Path) -> Path:
    """One file has one name, whether a line or its folder names it."""
    return Path(absolute(file))


def _ignore(_: str) -> None:
    """Told again when the whole file is read."""
