from pathlib import Path

import pytest

from engine.library import LibraryError
from engine.library.catalogue import Catalogue
from engine.library.database import connect
from engine.library.marks import MarkStore


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    return Catalogue(connect(f"sqlite:///{tmp_path / 'library.db'}"))


@pytest.fixture
def marks(catalogue: Catalogue, tmp_path: Path) -> MarkStore:
    """Over two images, 1 and 2."""
    sizes = {"size": 1, "mtime_ns": 1, "width": 1, "height": 1, "digest": "d", "vector_row": 0}
    catalogue.apply(added=[{"path": path, **sizes} for path in ("/a", "/b")])
    return MarkStore(connect(f"sqlite:///{tmp_path / 'library.db'}"))


def test_marks_are_kept_by_query(marks: MarkStore) -> None:
    marks.set("dog", 1, 1)
    marks.set("dog", 2, -1)
    marks.set("cat", 1, -1)
    marks.set("dog", 2, 1)
    assert marks.of("dog") == {1: 1, 2: 1}
    marks.set("dog", 1, 0)
    assert marks.of("dog") == {2: 1}
    marks.clear("dog")
    assert marks.of("dog") == {}
    assert marks.of("cat") == {1: -1}


def test_marks_go_with_their_image(marks: MarkStore, catalogue: Catalogue) -> None:
    marks.set("dog", 1, 1)
    marks.set("dog", 2, 1)
    catalogue.apply(removed=[1])
    assert marks.of("dog") == {2: 1}


def test_a_mark_for_an_unknown_image_is_refused(marks: MarkStore) -> None:
    with pytest.raises(LibraryError, match="image 5 is not in the library"):
        marks.set("dog", 5, 1)


def test_a_mark_is_no_change_of_the_images(marks: MarkStore, catalogue: Catalogue) -> None:
    before = catalogue.generation()
    marks.set("dog", 1, 1)
    assert catalogue.generation() == before
