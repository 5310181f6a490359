"""A library large enough for an index, and what is true of it."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.library import add_images
from engine import Encoder, Query
from engine.library import Library


@dataclass
class BigLibrary:
    """A library without pictures: its folder, its model, and how many images it ever had."""

    folder: Path
    encoder: Encoder
    made: int = 0

    @classmethod
    def make(cls, folder: Path, encoder: Encoder, size: int) -> "BigLibrary":
        """A new library of `size` images."""
        library = cls(folder, encoder)
        library.add(size)
        return library

    def copy(self, folder: Path) -> "BigLibrary":
        """The same elsewhere."""
        shutil.copytree(self.folder, folder)
        return BigLibrary(folder, self.encoder, self.made)

    def open(self) -> Library:
        """As another process would."""
        return Library(self.folder, self.encoder.manifest)

    def add(self, count: int) -> None:
        """More images, as another process would add them."""
        library = self.open()
        add_images(library, count, first=self.made)
        self.made += count
        library.close()

    def remove(self, count: int, seed: int = 0) -> None:
        """Fewer images, drawn by chance."""
        library = self.open()
        with library.writing():
            ids = library.changes.changes().ids
            gone = np.random.default_rng(seed).choice(ids, count, replace=False)
            library.catalogue.apply(removed=gone.tolist())
        library.close()

    def questions(self, count: int, seed: int = 7) -> Iterator[tuple[Query, set[int]]]:
        """Images of the library to find others like them, with the true first 10."""
        library = self.open()
        changes = library.changes.changes()
        vectors = library.vectors.read(changes.rows)
        library.close()
        for place in np.random.default_rng(seed).choice(len(vectors), count, replace=False):
            scores = vectors @ vectors[place]
            best = np.argsort(-scores, kind="stable")[:10]
            yield Query.like(int(changes.ids[place])), set(changes.ids[best].tolist())
