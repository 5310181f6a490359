"""The map of the library."""

from collections.abc import Sequence

import numpy as np

from engine.atlas import Atlas
from engine.facade.base import Base
from engine.library import ImageRecord, ProgressCallback


class Charting(Base):
    """The map of the library."""

    def atlas(self) -> Atlas | None:
        """The library's map, as it was made last and kept; None if one has to be made.

        As long as no more than a tenth of the images have come or gone, it is brought up to date:
        new images are placed between those that are most like them.

        Raises:
            LibraryError: the library cannot be read, or was taken over to another model.
        """
        return self._atlas.current()

    def make_atlas(self, progress: ProgressCallback | None = None) -> Atlas:
        """Make the library's map and keep it: seconds for 2,000 images, a minute for 50,000.

        Of a library with more than 50,000 images it shows so many, drawn by chance.

        Args:
            progress: called as it goes on; what it raises ends the work, and changes nothing.

        Raises:
            LibraryError: the library cannot be read, or was taken over to another model.
        """
        return self._atlas.make(progress)

    def records(self, ids: Sequence[int]) -> dict[int, ImageRecord]:
        """What is known of images as files, by id; unknown ids are left out."""
        return self._library.catalogue.records_of(ids)

    def typical(self, ids: Sequence[int], count: int = 8) -> list[int]:
        """Of some images those that are most like the mean of all of them, at most `count`."""
        self._view.refresh()
        there, vectors = self._view.vectors(np.asarray(ids, dtype=np.int64))
        if not len(there):
            return []
        near = vectors @ vectors.mean(axis=0)
        return [int(image_id) for image_id in there[np.argsort(-near, kind="stable")[:count]]]
