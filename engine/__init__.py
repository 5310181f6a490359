"""Visual search: the public API, and the only thing that front ends import.

`SearchEngine` and `Query` are what most callers need; the rest is what they return and raise.
"""

import engine.privacy  # noqa: F401 - before onnxruntime
from engine.atlas import Atlas, Cluster
from engine.encoder import (
    SUFFIXES,
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
from engine.library.facets.choices import Choice
from engine.library.facets.column_facets import ColumnFacet
from engine.library.facets.facets import Facets
from engine.library.intake.importing import ImportReport
from engine.library.knowledge import Known
from engine.library.visitors.saved_searches import SavedSearch
from engine.library_info import LibraryInfo
from engine.machine import describe_machine, resident_bytes
from engine.metadata import (
    Around,
    Bar,
    Between,
    Colour,
    DateRange,
    FilterError,
    Is,
    NumberRange,
    PhotoFacts,
    Where,
    swatch,
)
from engine.metadata.table_file import TableError
from engine.metadata.table_preview import TablePreview, preview_table
from engine.model_change import forget_previous, previous_model, reindex, rollback
from engine.model_info import ModelInfo, TowerInfo, describe_model
from engine.places import adapter_name, library_folder, model_folder, model_folders
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
    Verdict,
    filter_text,
    parse_query,
    query_text,
)
from engine.search_engine import SearchEngine

__all__ = [
    "BACKENDS",
    "FAULTS",
    "REMARKS",
    "SUFFIXES",
    "Adapter",
    "AdapterError",
    "Advice",
    "Around",
    "Atlas",
    "Bar",
    "Between",
    "CheckUp",
    "Choice",
    "Cluster",
    "Colour",
    "ColumnFacet",
    "DateRange",
    "Device",
    "DeviceError",
    "Duplicate",
    "DuplicateGroup",
    "DuplicateReport",
    "Encoder",
    "Facets",
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
    "NumberRange",
    "PhotoFacts",
    "Progress",
    "ProgressCallback",
    "Query",
    "QueryError",
    "ReindexReport",
    "ResultPage",
    "SavedSearch",
    "SearchEngine",
    "SkippedFile",
    "TableError",
    "TablePreview",
    "Taste",
    "Term",
    "TermShare",
    "TowerInfo",
    "Tuning",
    "Verdict",
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
    "model_folders",
    "parse_query",
    "preview_table",
    "previous_model",
    "query_text",
    "reindex",
    "resident_bytes",
    "rollback",
    "swatch",
]
