"""What is known about the images: database, vectors, thumbnails, and how they come in."""

from engine.library.ingest import ProgressCallback, ingest
from engine.library.library import Library
from engine.library.records import (
    ImageRecord,
    IngestReport,
    LibraryError,
    Progress,
    SkippedFile,
)

__all__ = [
    "ImageRecord",
    "IngestReport",
    "Library",
    "LibraryError",
    "Progress",
    "ProgressCallback",
    "SkippedFile",
    "ingest",
]
