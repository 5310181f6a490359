"""Visual search: the public API, and the only thing that front ends import.

`SearchEngine` and `Query` are what most callers need; the rest is what they return and raise.
"""

import engine.privacy  # noqa: F401 - before onnxruntime
from engine.atlas import Atlas, Cluster
from engine.encoder import (
    Adapter,
    AdapterError,
    Device,
    DeviceError,
    Encoder,
    ImageError,
    ImageSource,
    ModelError,
    adapter_names,
    chosen_device,
)
from engine.encoder import load as load_encoder
from engine.index import BACKENDS, IndexUnavailableError, Tuning
from engine.library import (
    FAULTS,
    REMARKS,
    CheckUp,
    Finding,
    ImageRecord,
    IngestReport,
    LibraryError,
    ModelChangedError,
    Progress,
    ProgressCallback,
    ReindexReport,
    SkippedFile,
    WatchRound,
    has_library,
)
from engine.library.importing import ImportReport
from engine.library.knowledge import Known
from engine.library_info import LibraryInfo
from engine.machine import describe_machine
from engine.metadata import Around, Between, Colour, FilterError, Is, PhotoFacts, Where
from engine.model_change import forget_previous, reindex, rollback
from engine.model_info import ModelInfo, TowerInfo, describe_model
from engine.places import adapter_name, library_folder, model_folder
from engine.query import (
    Advice,
    Duplicate,
    DuplicateGroup,
    DuplicateReport,
    HeatMap,
    Hit,
    Query,
    QueryError,
    ResultPage,
    Taste,
    Term,
    TermShare,
    filter_text,
    parse_query,
    query_text,
)
from engine.search_engine import SearchEngine

__all__ = [
    "BACKENDS",
    "FAULTS",
    "REMARKS",
    "Adapter",
    "AdapterError",
    "Advice",
    "Around",
    "Atlas",
    "Between",
    "CheckUp",
    "Cluster",
    "Colour",
    "Device",
    "DeviceError",
    "Duplicate",
    "DuplicateGroup",
    "DuplicateReport",
    "Encoder",
    "FilterError",
    "Finding",
    "HeatMap",
    "Hit",
    "ImageError",
    "ImageRecord",
    "ImageSource",
    "ImportReport",
    "IndexUnavailableError",
    "IngestReport",
    "Is",
    "Known",
    "LibraryError",
    "LibraryInfo",
    "ModelChangedError",
    "ModelError",
    "ModelInfo",
    "PhotoFacts",
    "Progress",
    "ProgressCallback",
    "Query",
    "QueryError",
    "ReindexReport",
    "ResultPage",
    "SearchEngine",
    "SkippedFile",
    "Taste",
    "Term",
    "TermShare",
    "TowerInfo",
    "Tuning",
    "WatchRound",
    "Where",
    "adapter_name",
    "adapter_names",
    "chosen_device",
    "describe_machine",
    "describe_model",
    "filter_text",
    "forget_previous",
    "has_library",
    "library_folder",
    "load_encoder",
    "model_folder",
    "parse_query",
    "query_text",
    "reindex",
    "rollback",
]
