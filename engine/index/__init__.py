"""Nearest neighbours: small classes behind one interface."""

from engine.index.base import IndexUnavailableError, VectorIndex
from engine.index.flat import FlatIndex
from engine.index.hnsw import HnswIndex
from engine.index.mirror import BACKENDS, IndexMirror

__all__ = [
    "BACKENDS",
    "FlatIndex",
    "HnswIndex",
    "IndexMirror",
    "IndexUnavailableError",
    "VectorIndex",
]
