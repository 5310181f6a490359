"""Nearest neighbours: small classes behind one interface."""

from engine.index.backends import BACKENDS
from engine.index.base import IndexUnavailableError, VectorIndex
from engine.index.flat import FlatIndex
from engine.index.hnsw import HnswIndex
from engine.index.mirror import IndexMirror
from engine.index.projection import Projection
from engine.index.table import IdTable
from engine.index.tuning import Tuning

__all__ = [
    "BACKENDS",
    "FlatIndex",
    "HnswIndex",
    "IdTable",
    "IndexMirror",
    "IndexUnavailableError",
    "Projection",
    "Tuning",
    "VectorIndex",
]
