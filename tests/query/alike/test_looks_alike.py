from pathlib import Path

import numpy as np
import pytest
from vs_drawing import draw

from engine import SearchEngine
from engine.encoder import Encoder
from engine.library import Library
from engine.library.intake.looks import LookStore
from engine.query.alike.looks_alike import LooksAlike


@pytest.fixture(scope="module")
def folder(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of three pictures (1, 2, 3), and a small copy of the first (4); read only."""
    root = tmp_path_factory.mktemp("looks")
    pictures = root / "pictures"
    pictures.mkdir()
    for number in (1, 2, 3):
        draw(number, (320, 240)).save(pictures / f"{number}.png")
    draw(1, (320, 240)).resize((200, 150)).save(pictures / "4.jpg", quality=85)
    with SearchEngine.with_encoder(encoder, root / "library") as engine:
        engine.index([pictures])
    return root / "library"


def test_copies_are_confirmed_and_their_hashes_kept(folder: Path, encoder: Encoder) -> None:
    library = Library(folder, encoder.manifest)
    by_name = {Path(record.path).stem: record for record in library.catalogue.records()}
    opened: list[str] = []

    def thumbnail(digest: str, original: str) -> Path:
        opened.append(digest)
        return library.thumbnails.path(digest)

    ids = np.array(sorted(record.id for record in by_name.values()))
    first = np.array([by_name[name].id for name in ("1", "1", "4", "3")])
    second = np.array([by_name[name].id for name in ("4", "2", "1", "4")])
    looks = LooksAlike(library, thumbnail, ids)
    assert looks.confirmed(first, second).tolist() == [True, False, True, False]
    assert len(opened) == 4 + 2  # each for its hash, two to compare them
    digests = [record.digest for record in by_name.values()]
    assert set(LookStore(library.database).of(digests)) == set(digests)
    opened.clear()
    again = LooksAlike(library, thumbnail, ids)
    assert again.confirmed(first, second).tolist() == [True, False, True, False]
    assert len(opened) == 2
    library.close()


def test_what_cannot_be_looked_at_is_like_nothing(folder: Path, encoder: Encoder) -> None:
    library = Library(folder, encoder.manifest)
    ids = np.array(sorted(record.id for record in library.catalogue.records()))
    looks = LooksAlike(library, lambda digest, original: None, ids)
    assert not looks.confirmed(ids, ids[::-1]).any()
    assert looks.confirmed(ids[:0], ids[:0]).shape == (0,)
    library.close()
