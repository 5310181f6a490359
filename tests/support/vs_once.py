"""Folders that are made once and used by the tests of all workers, which only read them."""

from collections.abc import Callable
from pathlib import Path

from engine import SearchEngine
from engine.encoder import Encoder

MakeOnce = Callable[[str, Callable[[Path], object]], Path]
"""The fixture `made_once`: the folder of a name, made by whoever asks for it first."""


def indexing(encoder: Encoder, pictures: Path) -> Callable[[Path], None]:
    """What makes a folder a library of all pictures of another one."""

    def index(folder: Path) -> None:
        with SearchEngine.with_encoder(encoder, folder) as engine:
            report = engine.index([pictures])
            assert report.added > 0
            assert report.skipped == ()
            engine.warm()

    return index
