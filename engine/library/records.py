"""Plain data about images and about a run of indexing."""

from collections.abc import Mapping
from dataclasses import dataclass, field


class LibraryError(Exception):
    """A library that cannot be used as asked; the message says what to do."""


class DatabaseFailedError(LibraryError):
    """The library's database cannot be read or written."""


@dataclass(frozen=True)
class ImageRecord:
    """One image of the library.

    Attributes:
        id: stays the same while the image changes or moves; never given twice.
        path: absolute path of the original.
        digest: SHA-256 of the file's content, hexadecimal.
        size: bytes.
        mtime_ns: time of the last change, nanoseconds since 1970.
        width: pixels, upright.
        height: pixels, upright.
        vector_row: row of its embedding in the vector store; copies of a file share one.
    """

    id: int
    path: str
    digest: str
    size: int
    mtime_ns: int
    width: int
    height: int
    vector_row: int


@dataclass(frozen=True)
class FileState:
    """What a walk learns of a file without opening it."""

    path: str
    size: int
    mtime_ns: int


@dataclass(frozen=True)
class SkippedFile:
    """A file that is not in the library, and why."""

    path: str
    reason: str


@dataclass(frozen=True)
class IngestReport:
    """What a run of indexing did.

    Attributes:
        added: new images.
        updated: images whose content changed.
        moved: images found again under another path.
        removed: images whose file is gone.
        unchanged: images left as they were.
        skipped: files and folders that could not be used.
        passed_over: number of files that are no pictures by name, by their ending.
        notes: what the user should know, one sentence each.
        seconds: duration of the run.
        read_seconds: time of the reading threads for bytes and digests, summed.
        decode_seconds: time of the reading threads for pixels and thumbnails, summed.
        encode_seconds: time in the model.
        store_seconds: time for vectors and database.
    """

    added: int = 0
    updated: int = 0
    moved: int = 0
    removed: int = 0
    unchanged: int = 0
    skipped: tuple[SkippedFile, ...] = ()
    passed_over: Mapping[str, int] = field(default_factory=dict[str, int])
    notes: tuple[str, ...] = ()
    seconds: float = 0.0
    read_seconds: float = 0.0
    decode_seconds: float = 0.0
    encode_seconds: float = 0.0
    store_seconds: float = 0.0


@dataclass(frozen=True)
class Progress:
    """How far a run of indexing is: `done` of `total` files that have to be read."""

    done: int
    total: int
    skipped: int = field(default=0)
