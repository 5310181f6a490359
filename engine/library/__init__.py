"""What is known about the images: database, vectors, thumbnails, and how they come in."""

from engine.library.health.checkup import FAULTS, REMARKS, CheckUp, Finding
from engine.library.health.compaction import Compaction, compact
from engine.library.health.doctor import examine
from engine.library.health.forgetting import forget_folder, images_below
from engine.library.health.repair import repair as repair_library
from engine.library.intake.ingest import ProgressCallback, ingest
from engine.library.intake.watch import POLL_SECONDS, WatchRound, watch_folders
from engine.library.library import Library, NextLibrary, has_library, recorded_model
from engine.library.records import (
    ImageRecord,
    IngestReport,
    LibraryError,
    ModelChangedError,
    Progress,
    SkippedFile,
)
from engine.library.store.changes import Changes, Head
from engine.library.store.vectors import StoreGoneError, VectorStore
from engine.library.takeover.reindex import ReindexReport

__all__ = [
    "FAULTS",
    "POLL_SECONDS",
    "REMARKS",
    "Changes",
    "CheckUp",
    "Compaction",
    "Finding",
    "Head",
    "ImageRecord",
    "IngestReport",
    "Library",
    "LibraryError",
    "ModelChangedError",
    "NextLibrary",
    "Progress",
    "ProgressCallback",
    "ReindexReport",
    "SkippedFile",
    "StoreGoneError",
    "VectorStore",
    "WatchRound",
    "compact",
    "examine",
    "forget_folder",
    "has_library",
    "images_below",
    "ingest",
    "recorded_model",
    "repair_library",
    "watch_folders",
]
