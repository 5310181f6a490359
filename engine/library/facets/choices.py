"""Values that filters take for a text, such as folders and cameras, with how many pass each."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.metadata.filters import TYPES
from engine.metadata.texts import is_sayable

MOST = 50
_LONGEST_ENDING = 8

Counts = Mapping[str, int]
"""Texts, and how many images have each."""


@dataclass(frozen=True)
class Choice:
    """A value that a filter understands, and how many images pass it."""

    value: str
    count: int


def telling(found: Iterable[Choice], images: int) -> tuple[Choice, ...]:
    """The most frequent ones first; nothing where the only one is that of all images."""
    most = sorted(found, key=lambda choice: (-choice.count, choice.value))[:MOST]
    return () if len(most) == 1 and most[0].count == images else tuple(most)


def part_choices(texts: Counts, images: int) -> tuple[Choice, ...]:
    """For a filter that a part of a text is enough for, such as `camera`."""
    folded, spelt = _folded(texts)
    wanted = [part for part, _ in folded.most_common() if is_sayable(spelt[part])][:MOST]
    return telling((Choice(spelt[part], _holding(folded, part)) for part in wanted), images)


def type_choices(endings: Counts, images: int) -> tuple[Choice, ...]:
    """For the filter `type`: endings of files; those that mean the same are one."""
    same = {ending: group[0] for group in TYPES for ending in group}
    found = Counter[str]()
    for written, count in endings.items():
        ending = written.casefold()
        if ending.isascii() and ending.isalnum() and len(ending) <= _LONGEST_ENDING:
            found[same.get(ending, ending)] += count
    return telling((Choice(*one) for one in found.items()), images)


def folder_choices(folders: Counts, roots: Sequence[str], images: int) -> tuple[Choice, ...]:
    """For the filter `folder`: names relative to the folders that were indexed.

    Args:
        folders: of the images, ending with a slash; not those above them.
        roots: that were indexed; with several, they are choices, too.
        images: of the library.
    """
    weights = Counter[str]()
    for folder, count in folders.items():
        for name in _names(folder, roots):
            weights[name] += count
    heavy, spelt = _folded(weights)
    inside, _ = _folded(folders)
    found = []
    for name, _ in heavy.most_common(2 * MOST):
        count = _holding(inside, f"/{name}/")
        if is_sayable(spelt[name]) and count < images:
            found.append(Choice(spelt[name], count))
    return telling(found[:MOST], images)


def _names(folder: str, roots: Sequence[str]) -> Iterable[str]:
    """What a folder and those above it may be called: `2023`, `2023/alps`."""
    above = [root for root in roots if folder.startswith(f"{root.rstrip('/')}/")]
    root = min(above, key=len) if above else folder.rstrip("/").rpartition("/")[0]
    if above and len(roots) > 1 and (name := root.rstrip("/").rpartition("/")[2]):
        yield name
    parts = [part for part in folder[len(root) :].split("/") if part]
    for end in range(1, len(parts) + 1):
        yield "/".join(parts[:end])


def _holding(texts: Counts, part: str) -> int:
    return sum(count for text, count in texts.items() if part in text)


def _folded(texts: Counts) -> tuple[Counter[str], dict[str, str]]:
    """Without regard to case, and the most frequent spelling of each."""
    folded = Counter[str]()
    spelt: dict[str, str] = {}
    for text, count in sorted(texts.items(), key=lambda one: (-one[1], one[0])):
        folded[text.casefold()] += count
        spelt.setdefault(text.casefold(), text)
    return folded, spelt
