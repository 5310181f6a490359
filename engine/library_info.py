"""`LibraryInfo`: what is known of a library and its model."""

from dataclasses import dataclass
from pathlib import Path

from engine.index import Tuning
from engine.library import SkippedFile


@dataclass(frozen=True)
class LibraryInfo:
    """What `info` tells.

    Attributes:
        library: the library's folder.
        images: number of images.
        folders: folders that were indexed.
        skipped: files that could not be decoded, with reasons.
        model: the model's name.
        model_folder: where the model is.
        dim: width of the embeddings.
        provider: onnxruntime execution provider in use.
        adapter: name of what turns the vectors of texts, or None.
        index_backend: nearest-neighbour backend in use.
        index_pending: images that the index does not hold yet; they are compared one by one.
        tuning: how the index is set and what it finds; None if every search is exact, or nothing
            has been measured yet.
    """

    library: Path
    images: int
    folders: tuple[str, ...]
    skipped: tuple[SkippedFile, ...]
    model: str
    model_folder: Path
    dim: int
    provider: str
    adapter: str | None
    index_backend: str
    index_pending: int
    tuning: Tuning | None
