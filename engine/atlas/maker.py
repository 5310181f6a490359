"""`AtlasMaker`: makes the map of a library, keeps it, and finds it again."""

import threading
from functools import partial
from pathlib import Path

import numpy as np

from engine.atlas import kept as keeping
from engine.atlas.arrays import Vectors
from engine.atlas.atlas import Atlas
from engine.atlas.following import followed
from engine.atlas.kept import KeptAtlas, marks_of
from engine.atlas.naming import names
from engine.atlas.vocabulary import vocabulary
from engine.encoder import Encoder
from engine.library import Library, Progress, ProgressCallback
from engine.query import LibraryView

MOST = 50_000
"""Images on a map; of a larger library a sample is shown."""

_BATCH = 64  # words encoded at a time


class AtlasMaker:
    """The map of one library under one model. Safe to use from several threads."""

    def __init__(self, encoder: Encoder, library: Library, view: LibraryView) -> None:
        self._encoder, self._library, self._view = encoder, library, view
        self._lock = threading.Lock()
        self._making = threading.Lock()
        self._read_at: int | None = None  # when the file that was read last was written
        self._kept: KeptAtlas | None = None
        self._current: Atlas | None = None

    @property
    def _file(self) -> Path:
        return self._library.index_folder / "atlas.npz"

    def current(self) -> Atlas | None:
        """The map that was made last, brought up to the library; None if one has to be made.

        Raises:
            LibraryError: the library cannot be read, or was taken over to another model.
        """
        self._view.refresh()
        with self._lock:
            generation = self._view.generation
            if self._current is None or self._current.generation != generation:
                self._read()
                self._current = followed(self._kept, self._view) if self._kept else None
            return self._current

    def make(self, progress: ProgressCallback | None = None, most: int = MOST) -> Atlas:
        """Make the map anew and keep it; two at once make it one after the other.

        Args:
            progress: called as it goes on; what it raises ends the work, and changes nothing.
            most: images on it; of a larger library, a sample drawn by chance.

        Raises:
            LibraryError: the library cannot be read, or was taken over to another model.
        """
        # They load scipy, for which no other command shall wait.
        from engine.atlas.clustering import clusters
        from engine.atlas.layout import layout

        tell = partial(_tell, progress)
        with self._making:
            self._view.refresh()
            generation, total = self._view.generation, len(self._view)
            tell("Reading the library", 0, total)
            ids, vectors = self._view.sample(most)
            places = layout(vectors, tell)
            own = clusters(places)
            words = vocabulary(self._library)
            named = names(vectors, own, words, self._encoded(words, progress))
            atlas = Atlas.of(ids, places, own, named, total, generation, generation)
            made = KeptAtlas(atlas, marks_of(vectors))
            keeping.write(self._file, self._library.index_stamp, made)
            with self._lock:
                self._kept, self._current, self._read_at = made, atlas, self._written_at()
            return atlas

    def _read(self) -> None:
        """The kept map, if another process has written one since, or none was read yet."""
        written = self._written_at()
        if written is not None and written != self._read_at:
            self._kept = keeping.read(self._file, self._library.index_stamp)
            self._read_at = written

    def _written_at(self) -> int | None:
        try:
            return self._file.stat().st_mtime_ns
        except OSError:
            return None

    def _encoded(self, words: list[str], progress: ProgressCallback | None) -> Vectors:
        parts = [np.zeros((0, self._encoder.dim), dtype=np.float32)]
        for first in range(0, len(words), _BATCH):
            _tell(progress, "Finding names", first, len(words))
            parts.append(self._encoder.encode_texts(words[first : first + _BATCH]))
        return np.concatenate(parts)


def _tell(progress: ProgressCallback | None, stage: str, done: int, total: int) -> None:
    if progress:
        progress(Progress(done, total, stage=stage))
