"""Engines over libraries of given vectors."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from vs_grouped import Vectors, add

from engine import SearchEngine
from engine.encoder import Encoder
from engine.library import Library

MakeEngine = Callable[[Vectors], SearchEngine]


@pytest.fixture
def engine_of(encoder: Encoder, tmp_path: Path) -> Iterator[MakeEngine]:
    """Makes an engine over a library of these vectors [n, dim of the model]."""
    engines: list[SearchEngine] = []

    def made(vectors: Vectors) -> SearchEngine:
        folder = tmp_path / f"library{len(engines)}"
        library = Library(folder, encoder.manifest)
        if len(vectors):
            add(library, vectors)
        library.close()
        engines.append(SearchEngine.with_encoder(encoder, folder))
        return engines[-1]

    yield made
    for engine in engines:
        engine.close()
