from pathlib import Path

import pytest
from sqlalchemy import select

from engine.library import LibraryError
from engine.library.store.catalogue import Catalogue
from engine.library.store.database import connect
from engine.library.store.tables import questions
from engine.library.visitors.marks import MarkStore


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


def test_questions_are_kept_with_their_marks(marks: MarkStore) -> None:
    marks.set("k1", 1, 1, "dogs")
    marks.set("k1", 2, -1)
    marks.set("k2", 2, 1)  # asked with a picture
    marks.set("k3", 1, 1, "cats")
    assert marks.asked() == [("dogs", {1: 1, 2: -1}), ("cats", {1: 1})]
    marks.set("k3", 1, 0, "cats")
    assert marks.asked() == [("dogs", {1: 1, 2: -1})]
    marks.clear("k1")
    assert marks.asked() == []


def test_what_people_asked_goes_with_their_marks(
    marks: MarkStore, catalogue: Catalogue, tmp_path: Path
) -> None:
    marks.set("k1", 1, 1, "a secret")
    marks.clear("k1")
    database = connect(f"sqlite:///{tmp_path / 'library.db'}")
    with database.connect() as connection:
        assert connection.execute(select(questions)).all() == []


def test_an_image_is_a_lesson_where_it_was_marked_last(marks: MarkStore) -> None:
    marks.set("dog", 1, 1)
    marks.set("dog", 2, -1)
    marks.set("cat", 1, -1)
    assert marks.lessons() == [{2: -1}, {1: -1}]
    marks.set("dog", 2, 1)
    assert marks.lessons() == [{1: -1}, {2: 1}]


def test_lessons_are_forgotten_and_marks_stay(marks: MarkStore) -> None:
    marks.set("dog", 1, 1)
    marks.forget_lessons()
    assert marks.lessons() == []
    assert marks.of("dog") == {1: 1}
    marks.set("dog", 2, -1)
    assert marks.lessons() == [{2: -1}]


def test_every_change_of_the_marks_is_noticed(marks: MarkStore, tmp_path: Path) -> None:
    other = MarkStore(connect(f"sqlite:///{tmp_path / 'library.db'}"))
    seen = [marks.revision()]
    for change in (
        lambda: other.set("dog", 1, 1),
        lambda: other.set("dog", 1, 0),
        lambda: other.clear("dog"),
        other.forget_lessons,
        other.clear_all,
    ):
        change()
        seen.append(marks.revision())
    assert seen == sorted(set(seen))
