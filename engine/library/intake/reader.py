"""The threads' part of indexing: one file -> digest, pixels for the model, thumbnail."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.encoder import Encoder, ImageError, decode, read_bytes
from engine.library.intake.stages import Stopwatch
from engine.library.known.details import Details
from engine.library.records import Content, FileState, ImageRecord
from engine.library.store.thumbnails import SIDE, ThumbnailStore

Known = Callable[[str], Content | None]
"""Gives what the library holds of a content, by its digest."""


@dataclass(frozen=True)
class ReadResult:
    """What came of one file.

    Attributes:
        state: the file.
        record: the image known at its path, if any.
        digest: SHA-256 of the content; empty if it could not be read.
        content: what the library holds of this content already, if anything.
        pixels: the vision tower's input; None if the content is already known or has failed.
        width: pixels, upright; 0 without `pixels`.
        height: pixels, upright; 0 without `pixels`.
        details: what the picture says of itself; None without `pixels`.
        reason: why it failed; None if it did not.
        decoded: False if the failure came before the content was known, so that the same file
            is worth another try.
    """

    state: FileState
    record: ImageRecord | None
    digest: str = ""
    content: Content | None = None
    pixels: npt.NDArray[np.float32] | None = None
    width: int = 0
    height: int = 0
    details: Details | None = None
    reason: str | None = None
    decoded: bool = False


class FileReader:
    """Reads files for the model. Called from several threads at once."""

    def __init__(
        self, encoder: Encoder, thumbnails: ThumbnailStore, known: Known, stopwatch: Stopwatch
    ) -> None:
        self._encoder = encoder
        self._thumbnails = thumbnails
        self._known = known
        self._at_least = max(encoder.decode_side, SIDE)
        self._stopwatch = stopwatch

    def read(self, state: FileState, record: ImageRecord | None) -> ReadResult:
        """Read one file; a bad file is a result, not an exception.

        Raises:
            OSError: the thumbnail could not be written (a full disk, say).
        """
        cpu = time.thread_time()
        try:
            return self._read(state, record)
        finally:
            self._stopwatch.add_other(time.thread_time() - cpu)

    def _read(self, state: FileState, record: ImageRecord | None) -> ReadResult:
        started = time.perf_counter()
        try:
            bytes_ = read_bytes(state.path)
        except ImageError as error:
            return ReadResult(state, record, reason=str(error))
        digest = hashlib.sha256(bytes_).hexdigest()
        content = self._known(digest)
        self._stopwatch.add("read", time.perf_counter() - started)
        if content is not None:
            return ReadResult(state, record, digest, content)
        started = time.thread_time()
        try:
            picture = decode(bytes_, at_least=self._at_least)
            pixels = self._encoder.pixels(picture.image)
        except ImageError as error:
            return ReadResult(state, record, digest, reason=str(error), decoded=True)
        self._thumbnails.save(digest, picture.image)
        details = Details.of(picture.blocks, picture.image)
        self._stopwatch.add("decode", time.thread_time() - started)
        return ReadResult(
            state,
            record,
            digest,
            pixels=pixels,
            width=picture.width,
            height=picture.height,
            details=details,
        )
