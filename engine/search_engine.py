"""`SearchEngine`: the facade that ties encoder, library, index and query together."""

import os
from types import TracebackType
from typing import Self

from engine.encoder import Device, Encoder
from engine.facade.charting import Charting
from engine.facade.indexing import Indexing
from engine.facade.knowing import Knowing
from engine.facade.saving import Saving
from engine.facade.searching import Searching
from engine.huge_pages import prefer_huge_pages
from engine.library import (
    Library,
)
from engine.opening import Parts, open_parts
from engine.places import adapter_name, library_folder, model_folder


class SearchEngine(Indexing, Searching, Knowing, Saving, Charting):
    """One library under one model. Safe to use from several threads; open it once.

    `with SearchEngine.open("library") as engine: engine.index(["~/Pictures"])`
    """

    @classmethod
    def open(
        cls,
        library: str | os.PathLike[str] | None = None,
        model: str | os.PathLike[str] | None = None,
        device: Device | None = None,
        backend: str = "auto",
        adapter: str | None = None,
    ) -> Self:
        """Open a library, or make an empty one.

        Args:
            library: its folder; by default `VISUAL_SEARCH_LIBRARY`, or `./library`.
            model: the model's folder; by default `VISUAL_SEARCH_MODEL`, the one that the library
                was made with, or the shipped one.
            device: `auto`, `cpu` or `cuda`; by default `VISUAL_SEARCH_DEVICE`, or `auto`.
            backend: index backend; `auto` is exact search for small libraries, hnsw for others.
            adapter: name of an adapter beside the model, which turns the vectors of texts; by
                default `VISUAL_SEARCH_ADAPTER`, or none.

        Raises:
            ModelError: the model folder, the device or the adapter cannot be used.
            LibraryError: the library cannot be used, or belongs to another model.
        """
        folder = library_folder(library)
        chosen = model_folder(model, folder)
        return cls(open_parts(folder, chosen, device, backend, adapter_name(adapter)))

    @classmethod
    def with_encoder(
        cls,
        encoder: Encoder,
        library: str | os.PathLike[str] | None = None,
        backend: str = "auto",
    ) -> Self:
        """As `open`, with an encoder that is already loaded."""
        opened = Library(library_folder(library), encoder.manifest)
        return cls(Parts.of(opened, encoder, backend))

    def is_outdated(self) -> bool:
        """Whether the library has been taken over to another model: then open it again."""
        return self._library.changes.head().model != self._library.model

    def warm(self) -> None:
        """Make all searches as quick as they can be; for whoever is going to ask many.

        Takes seconds for a million images. Searches of other threads go on meanwhile.
        """
        self._view.refresh()
        self._neutral.prepare()
        self._library.warm()
        self.facets()
        prefer_huge_pages(is_filled=True)

    def close(self) -> None:
        """Release the database and the index."""
        self._searcher.close()
        self._index.close()
        self._library.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
