"""The threads' part of indexing: one file -> digest, pixels for the model, thumbnail."""

import hashlib
import threading
import time
from collections.abc import Container
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from engine.encoder import Encoder, ImageError, decode, read_bytes
from engine.library.records import FileState, ImageRecord
from engine.library.thumbnails import SIDE, ThumbnailStore


@dataclass(frozen=True)
class ReadResult:
    """What came of one file.

    Attributes:
        state: the file.
        record: the image known at its path, if any.
        digest: SHA-256 of the content; empty if it could not be read.
        pixels: the vision tower's input; None if the content is already known or has failed.
        width: pixels, upright; 0 without `pixels`.
        height: pixels, upright; 0 without `pixels`.
        reason: why it failed; None if it did not.
        decoded: False if the failure came before the content was known, so that the same file
            is worth another try.
    """

    state: FileState
    record: ImageRecord | None
    digest: str = ""
    pixels: npt.NDArray[np.float32] | None = None
    width: int = 0
    height: int = 0
    reason: str | None = None
    decoded: bool = False


@dataclass
class Stopwatch:
    """Seconds spent by all reading threads together."""

    read: float = 0.0
    decode: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, read: float = 0.0, decode: float = 0.0) -> None:
        """Count time; safe from several threads."""
        with self._lock:
            self.read += read
            self.decode += decode


class FileReader:
    """Reads files for the model. Called from several threads at once."""

    def __init__(
        self, encoder: Encoder, thumbnails: ThumbnailStore, known_digests: Container[str]
    ) -> None:
        self._encoder = encoder
        self._thumbnails = thumbnails
        self._known = known_digests
        self._at_least = max(encoder.decode_side, SIDE)
        self.stopwatch = Stopwatch()

    def read(self, state: FileState, record: ImageRecord | None) -> ReadResult:
        """Read one file; a bad file is a result, not an exception.

        Raises:
            OSError: the thumbnail could not be written (a full disk, say).
        """
        started = time.perf_counter()
        try:
            content = read_bytes(state.path)
        except ImageError as error:
            return ReadResult(state, record, reason=str(error))
        digest = hashlib.sha256(content).hexdigest()
        self.stopwatch.add(read=time.perf_counter() - started)
        if digest in self._known:
            return ReadResult(state, record, digest)
        started = time.perf_counter()
        try:
            picture = decode(content, at_least=self._at_least)
            pixels = self._encoder.pixels(picture.image)
        except ImageError as error:
            return ReadResult(state, record, digest, reason=str(error), decoded=True)
        self._thumbnails.save(digest, picture.image)
        self.stopwatch.add(decode=time.perf_counter() - started)
        return ReadResult(state, record, digest, pixels, picture.width, picture.height)
