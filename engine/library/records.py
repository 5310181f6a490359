"""Plain data about images and about a run of indexing."""

from collections.abc import Mapping
from dataclasses import dataclass, field


class LibraryError(Exception):
    """A library that cannot be used as asked; the message says what to do."""


class ModelChangedError(LibraryError):
    """The library belongs to another model than when it was opened: open it again."""


class DatabaseFailedError(LibraryError):
    """The library's database cannot be read or written."""


class DatabaseDamagedError(DatabaseFailedError):
    """The library's database is not what was written."""

    def __init__(self, file: object, fault: object) -> None:
        super().__init__(
            f"{file}: damaged ({fault}); restore it from a backup, or delete the library folder "
            "and index again"
        )


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
class Content:
    """What the library holds of a file's content, whatever files have it.

    Attributes:
        digest: SHA-256, hexadecimal.
        width: pixels, upright.
        height: pixels, upright.
        vector_row: row of its embedding in the vector store.
    """

    digest: str
    width: int
    height: int
    vector_row: int


@dataclass(frozen=True)
class Stage:
    """One stage of indexing.

    Attributes:
        name: `read`, `decode`, `encode` or `store`.
        images: how many went through it.
        seconds: work of all its threads together: processor time, but for reading and storing,
            which mostly wait for the disk, and a model on another device: there it is time.
        per_second: images a second that it could reach with the machine to itself; 0 if none
            went through.
    """

    name: str
    images: int
    seconds: float
    per_second: float


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
        stages: what each stage has cost, in order.
        limited_by: the stage that would be the slowest alone; None if no picture was encoded.
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
    stages: tuple[Stage, ...] = ()
    limited_by: str | None = None

    def stage(self, name: str) -> Stage:
        """A stage by name; one without work if there was nothing to read."""
        found = [stage for stage in self.stages if stage.name == name]
        return found[0] if found else Stage(name, 0, 0.0, 0.0)


@dataclass(frozen=True)
class Progress:
    """How far a long piece of work is.

    Attributes:
        done: pieces done: files that had to be read, or vectors.
        total: pieces in all; 0 while that is unknown.
        skipped: files among them that could not be used.
        stage: what is being done, for people.
    """

    done: int
    total: int
    skipped: int = 0
    stage: str = "indexing"
