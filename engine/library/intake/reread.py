"""A content that the library knows -> pixels for a model, from an original or the thumbnail."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.encoder import Encoder, ImageError, decode, read_bytes
from engine.library.records import ImageRecord
from engine.library.store.thumbnails import SIDE, ThumbnailStore


@dataclass(frozen=True)
class Reread:
    """What came of one content.

    Attributes:
        digest: of the content.
        row: its row in the vector store.
        pixels: the vision tower's input; None if there is nothing to make it from.
        from_thumbnail: whether no original was there as it was indexed.
        reason: what is wrong with the originals; empty if nothing is.
    """

    digest: str
    row: int
    pixels: npt.NDArray[np.float32] | None
    from_thumbnail: bool = False
    reason: str = ""


class ContentReader:
    """Reads contents of a library again. Called from several threads at once."""

    def __init__(self, encoder: Encoder, thumbnails: ThumbnailStore) -> None:
        self._encoder = encoder
        self._thumbnails = thumbnails
        # As when it was indexed: the same pixels give the same vector.
        self._at_least = max(encoder.decode_side, SIDE)

    def read(self, records: Sequence[ImageRecord]) -> Reread:
        """Read one content; a bad file is a result, not an exception.

        Args:
            records: images with this content, at least one.
        """
        digest, row, reasons = records[0].digest, records[0].vector_row, []
        for record in records:
            try:
                return Reread(digest, row, self._pixels(read_original(record.path, digest)))
            except ImageError as error:
                reasons.append(str(error))
        try:
            small = self._pixels(read_bytes(self._thumbnails.path(digest)))
        except ImageError:
            return Reread(
                digest, row, None, reason=f"{reasons[0]}; there is no thumbnail of it either"
            )
        return Reread(digest, row, small, from_thumbnail=True, reason=reasons[0])

    def _pixels(self, content: bytes) -> npt.NDArray[np.float32]:
        return self._encoder.pixels(decode(content, at_least=self._at_least).image)


def read_original(path: str, digest: str) -> bytes:
    """The content of an original.

    Raises:
        ImageError: it cannot be read, or has changed since it was indexed.
    """
    content = read_bytes(path)
    if hashlib.sha256(content).hexdigest() != digest:
        raise ImageError("changed since it was indexed")
    return content
