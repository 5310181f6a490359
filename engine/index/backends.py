"""All kinds of index, by name.

Their packages are imported where they are used: one that is not installed costs nothing.
"""

from engine.index.annoy import AnnoyIndex
from engine.index.base import VectorIndex
from engine.index.faiss import FaissIndex, FaissIvfPqIndex
from engine.index.flat import FlatIndex
from engine.index.hnsw import HnswIndex
from engine.index.milvus import MilvusIndex
from engine.index.usearch import UsearchIndex

_ALL: tuple[type[VectorIndex], ...] = (
    FlatIndex,
    HnswIndex,
    FaissIndex,
    FaissIvfPqIndex,
    AnnoyIndex,
    UsearchIndex,
    MilvusIndex,
)

BACKENDS: dict[str, type[VectorIndex]] = {index.backend: index for index in _ALL}
