"""Opening what a search engine is made of."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from engine.encoder import Device, Encoder, Manifest, chosen_device, verified_manifest
from engine.index import IndexMirror
from engine.library import Library, LibraryError, has_library
from engine.query import LibraryView


@dataclass(frozen=True)
class Parts:
    """A library, its model and its index, and the view that searches have of them."""

    library: Library
    encoder: Encoder
    index: IndexMirror
    view: LibraryView

    @classmethod
    def of(cls, library: Library, encoder: Encoder, backend: str = "auto") -> "Parts":
        """Of a library that is open, and its model."""
        index = _index(library, encoder.manifest, backend)
        return cls(library, encoder, index, LibraryView(library, index))


def open_parts(
    folder: Path, model: Path, device: Device | None, backend: str, adapter: str | None = None
) -> Parts:
    """Open a library with a model; both are read at the same time.

    Args:
        folder: of the library, which may be new.
        model: folder of the model.
        device: as in `SearchEngine.open`.
        backend: as in `SearchEngine.open`.
        adapter: as in `SearchEngine.open`.

    Raises:
        ModelError: the model cannot be used.
        LibraryError: the library cannot be used, or belongs to another model.
    """
    device = chosen_device(device)
    manifest = verified_manifest(model)  # before the library remembers where its model is
    if not has_library(folder):  # a model that cannot be used shall not make one
        encoder = Encoder(manifest, device, adapter=adapter)
        return Parts.of(Library(folder, manifest), encoder, backend)
    with ThreadPoolExecutor(1) as pool:
        loading = pool.submit(Encoder, manifest, device, adapter=adapter)
        library = Library(folder, manifest)
        index = _index(library, manifest, backend)
        try:
            view = LibraryView(library, index)
            with suppress(LibraryError):  # one that wants repair can be opened, too
                view.refresh()
            return Parts(library, loading.result(), index, view)
        except BaseException:
            index.close()
            library.close()
            raise


def _index(library: Library, manifest: Manifest, backend: str) -> IndexMirror:
    return IndexMirror(library.index_folder, manifest.dim, backend, library.index_stamp)
