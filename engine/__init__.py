"""Visual search: the public API, and the only thing that front ends import.

`SearchEngine` and `Query` are what most callers need; the rest is what they return and raise.
"""

import engine.privacy  # noqa: F401 - before onnxruntime
from engine.encoder import (
    Device,
    DeviceError,
    Encoder,
    ImageError,
    ImageSource,
    ModelError,
    chosen_device,
)
from engine.encoder import load as load_encoder
from engine.index import BACKENDS, IndexUnavailableError
from engine.library import ImageRecord, IngestReport, LibraryError, Progress, SkippedFile
from engine.machine import describe_machine
from engine.model_info import ModelInfo, TowerInfo, describe_model
from engine.query import Hit, Query, QueryError, ResultPage, Term, TermShare
from engine.search_engine import LibraryInfo, SearchEngine, library_folder, model_folder

__all__ = [
    "BACKENDS",
    "Device",
    "DeviceError",
    "Encoder",
    "Hit",
    "ImageError",
    "ImageRecord",
    "ImageSource",
    "IndexUnavailableError",
    "IngestReport",
    "LibraryError",
    "LibraryInfo",
    "ModelError",
    "ModelInfo",
    "Progress",
    "Query",
    "QueryError",
    "ResultPage",
    "SearchEngine",
    "SkippedFile",
    "Term",
    "TermShare",
    "TowerInfo",
    "chosen_device",
    "describe_machine",
    "describe_model",
    "library_folder",
    "load_encoder",
    "model_folder",
]
