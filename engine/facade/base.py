"""The parts of a search engine, which all of its methods share."""

from engine.atlas import AtlasMaker
from engine.encoder import Encoder
from engine.library.facets.facet_keeper import FacetKeeper
from engine.opening import Parts
from engine.query import (
    NeutralStore,
    Searcher,
    Upkeep,
)


class Base:
    """A library, its model, its index, and what searches it."""

    def __init__(self, parts: Parts) -> None:
        self._library, self._encoder = parts.library, parts.encoder
        self._index, self._view = parts.index, parts.view
        self._facets = FacetKeeper(parts.library)
        self._upkeep = Upkeep(self._encoder, self._library, self._view, self._index)
        self._neutral = NeutralStore(self._encoder, self._library.index_folder)
        self._searcher = Searcher(
            self._encoder, self._library, self._view, self._upkeep, self._neutral
        )
        self._atlas = AtlasMaker(self._encoder, self._library, self._view)

    @property
    def encoder(self) -> Encoder:
        """The model."""
        return self._encoder
