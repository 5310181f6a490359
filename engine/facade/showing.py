"""Pictures to show, and to search with."""

import math
from collections.abc import Sequence
from contextlib import suppress
from io import BytesIO
from pathlib import Path

from PIL import Image

from engine.encoder import ImageError, ImageSource, decode
from engine.facade.base import Base
from engine.library import (
    ImageRecord,
)
from engine.library.intake.reread import read_original
from engine.library.known.duplicates import DuplicateStore
from engine.query import QueryError
from engine.query.fetch import fetch

Box = tuple[float, float, float, float]

_QUALITY = 88


class Showing(Base):
    """Pictures to show, and to search with."""

    def image(self, image_id: int) -> ImageRecord | None:
        """What is known of an image, or None."""
        return self._library.catalogue.records_of([image_id]).get(image_id)

    def images(self) -> list[ImageRecord]:
        """All images, by id."""
        return self._library.catalogue.records()

    def latest(self, limit: int = 20) -> list[ImageRecord]:
        """The images that came last into the library, newest first."""
        return self._library.catalogue.latest(limit)

    def thumbnail(self, digest: str, original: str) -> Path | None:
        """A small JPEG of an image; made again from the original if it was deleted.

        Returns:
            The file, or None if there is neither a thumbnail nor the original as indexed.
        """
        store = self._library.thumbnails
        path = store.path(digest)
        if not path.exists():
            try:
                content = read_original(original, digest)
                store.save(digest, decode(content, at_least=store.side).image)
            except (ImageError, OSError):
                return None
        return path

    def small_picture(self, digest: str) -> Path | None:
        """The thumbnail of a content that some image has, as `thumbnail`."""
        found = (self.thumbnail(digest, record.path) for record in self._of(digest))
        return next((file for file in found if file is not None), None)

    def large_picture(self, digest: str, side: int = 1600) -> bytes | None:
        """A JPEG of a content that some image has: upright, without what the file says of itself.

        Args:
            digest: of the content.
            side: pixels along the longer side, at most.

        Returns:
            The file, smaller where the originals are gone; None where nothing is left of them.
        """
        for record in self._of(digest):
            with suppress(ImageError):
                picture = decode(read_original(record.path, digest), at_least=side).image
                picture.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)
                stream = BytesIO()
                picture.save(stream, "JPEG", quality=_QUALITY)
                return stream.getvalue()
        small = self.small_picture(digest)
        return small.read_bytes() if small else None

    def _of(self, digest: str) -> list[ImageRecord]:
        return self._library.catalogue.records_with(digest)

    def groups_of(self, ids: Sequence[int]) -> dict[int, int]:
        """Image id to group id, for those in a group of duplicates; to fold results."""
        return DuplicateStore(self._library.database).groups_of(ids)

    def region(self, picture: ImageSource | int, box: Box) -> Image.Image:
        """A part of a picture, to search with: `Query.image(engine.region(17, (0, 0, 0.5, 1)))`.

        Args:
            picture: an example, or the id of an image of the library.
            box: left, top, right and bottom edge as shares of its sides, from 0 to 1.

        Raises:
            QueryError: the box is empty, or there is no such image.
            ImageError: the picture cannot be read.
        """
        left, top, right, bottom = box
        if not (0 <= left < right <= 1 and 0 <= top < bottom <= 1):
            raise QueryError(f"region {box}: use left, top, right, bottom from 0 to 1")
        if isinstance(picture, int):
            record = self.image(picture)
            if record is None:
                raise QueryError(f"image {picture} is not in the library")
            original = Path(record.path)
            picture = original if original.exists() else self._thumbnail_of(record)
        whole = decode(picture).image
        width, height = whole.size
        return whole.crop(
            (
                math.floor(left * width),
                math.floor(top * height),
                max(math.ceil(right * width), math.floor(left * width) + 1),
                max(math.ceil(bottom * height), math.floor(top * height) + 1),
            )
        )

    def _thumbnail_of(self, record: ImageRecord) -> Path:
        file = self.thumbnail(record.digest, record.path)
        if file is None:
            raise ImageError(f"{record.path}: neither the original nor a thumbnail is there")
        return file

    def save_example(self, source: ImageSource) -> str:
        """Keep an example picture in the library's folder, small; returns its name for `example`.

        Raises:
            ImageError: it cannot be read.
        """
        return self._library.examples.save(source)

    def fetch_example(self, address: str) -> str:
        """As `save_example`, with the picture behind an http(s) address of a public network.

        Raises:
            ImageError: it cannot be fetched, or is no picture.
        """
        content = fetch(address, public_only=True)
        try:
            return self.save_example(content)
        except ImageError as error:
            raise ImageError(f"{address}: {error}") from error

    def example(self, name: str) -> Path | None:
        """An example picture that was kept, to search with again; None if it is not there."""
        return self._library.examples.path(name)
