"""A folder of pictures in which people are at work: files come, change, move and go."""

import hashlib
import random
import shutil
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from vs_drawing import write

SIDE = (64, 48)


@dataclass
class ChangingFolder:
    """The folder, and what is drawn in it. Never draws the same picture twice.

    Attributes:
        path: of the folder.
        seed: of the changes.
        drawn: content digest to the number of the drawing, of all there ever were.
    """

    path: Path
    seed: int = 0
    drawn: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)
        self._number = self.seed * 1_000_000

    def files(self) -> list[Path]:
        """All pictures, by name."""
        return sorted(path for path in self.path.rglob("*.png") if path.is_file())

    def digests(self) -> dict[str, str]:
        """Path to content digest."""
        return {str(path): _digest(path) for path in self.files()}

    def add(self, count: int) -> list[Path]:
        """New pictures, in a folder of their own."""
        first = self._number
        return [self._draw(self.path / f"{first}" / f"{first + n}.png") for n in range(count)]

    def change(
        self,
        added: int,
        updated: int,
        moved: int,
        removed: int,
        copied: int = 0,
        keep: Collection[Path] = (),
    ) -> None:
        """One working day; `keep` are left as they are."""
        files = [path for path in self.files() if path not in keep]
        self._chance.shuffle(files)
        parts = iter(files)
        for _ in range(updated):
            self._draw(next(parts))
        for _ in range(moved):
            path = next(parts)
            path.rename(path.with_stem(f"{path.stem.split('-')[0]}-{self._chance.random():.6f}"))
        for _ in range(removed):
            next(parts).unlink()
        for _ in range(copied):
            path = next(parts)
            shutil.copyfile(path, path.with_stem(f"{path.stem.split('-')[0]}-{len(self.drawn)}"))
        self.add(added)

    def _draw(self, path: Path) -> Path:
        self._number += 1
        # Whole or not at all: half a picture would be another content, which nobody has drawn.
        part = write(path.with_name(f".{path.name}"), self._number, SIDE)
        self.drawn[_digest(part)] = self._number
        return part.replace(path)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
