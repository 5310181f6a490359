from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from sqlalchemy import text
from vs_rows import Rows, Step, steps

from engine.library.records import DatabaseDamagedError
from engine.library.store import changes as changes_module
from engine.library.store.changes import Changes, Head
from engine.library.store.database import writing

Known = dict[int, tuple[int, int]]


@pytest.fixture
def rows(tmp_path: Path) -> Rows:
    return Rows(tmp_path)


def taken_in(known: Known, changes: Changes) -> Known:
    """What a reader knows after these changes: row and version by id."""
    news = zip(changes.rows.tolist(), changes.versions.tolist(), strict=True)
    new = dict(zip(changes.ids.tolist(), news, strict=True))
    if changes.complete:
        return new
    gone = set(changes.removed.tolist())
    return {**{image: at for image, at in known.items() if image not in gone}, **new}


def test_a_new_library_has_no_images(rows: Rows) -> None:
    changes = rows.log.changes()
    assert changes.complete
    assert [len(c) for c in (changes.ids, changes.rows, changes.versions, changes.removed)] == [
        *(0, 0, 0, 0)
    ]
    assert changes.head == rows.log.head() == Head(0, "", "")


def test_the_first_look_gives_all_images_by_id(rows: Rows) -> None:
    rows.add(3)
    rows.remove(2)
    rows.add()
    changes = rows.log.changes()
    assert changes.complete
    assert changes.ids.tolist() == [1, 3, 4]
    assert changes.rows.tolist() == [0, 2, 3]
    assert changes.versions.tolist() == [1, 1, 3]
    assert changes.head == rows.log.head()
    assert {a.dtype for a in (changes.ids, changes.rows, changes.versions)} == {np.dtype("i8")}


def test_later_looks_give_what_is_new(rows: Rows) -> None:
    rows.add(3)
    head = rows.log.head()
    rows.add()
    rows.change(1)
    rows.remove(2, 3)
    changes = rows.log.changes(head)
    assert not changes.complete
    assert (changes.ids.tolist(), changes.rows.tolist()) == ([1, 4], [4, 3])
    assert changes.versions.tolist() == [3, 2]
    assert sorted(changes.removed.tolist()) == [2, 3]
    assert len(rows.log.changes(changes.head).ids) == 0


def test_an_image_that_only_moved_has_no_new_vector(rows: Rows) -> None:
    rows.add()
    head = rows.log.head()
    rows.catalogue.apply(changed=[{"id": 1, "path": "/elsewhere"}])
    assert rows.log.head().generation == head.generation + 1
    assert len(rows.log.changes(head).ids) == 0


@pytest.mark.parametrize("fact", ["model", "vectors"])
def test_another_model_or_store_gives_all(fact: str, rows: Rows) -> None:
    rows.add(2)
    head = rows.log.head()
    rows.catalogue.set_meta({fact: "other"})
    changes = rows.log.changes(head)
    assert changes.complete
    assert changes.ids.tolist() == [1, 2]


def test_a_reader_ahead_of_the_library_gets_all(rows: Rows) -> None:
    """As after a backup was put back."""
    rows.add(2)
    assert rows.log.changes(Head(99, "", "")).complete


def test_removals_of_long_ago_are_forgotten(rows: Rows, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes_module, "KEPT", 3)
    rows.add(8)
    old = rows.log.head()
    for image_id in range(1, 6):
        rows.remove(image_id)
    rows.log.trim()
    assert rows.log.changes(old).complete
    assert rows.log.changes(old).ids.tolist() == [6, 7, 8]
    lately = rows.log.changes(Head(3, "", ""))
    assert not lately.complete
    assert sorted(lately.removed.tolist()) == [3, 4, 5]
    rows.log.trim()
    assert not rows.log.changes(Head(3, "", "")).complete


@given(taken=steps("look", "trim"))
def test_whoever_follows_knows_what_is_there(
    taken: list[Step], tmp_path_factory: pytest.TempPathFactory
) -> None:
    rows = Rows(tmp_path_factory.mktemp("rows"))
    known, head = Known(), None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(changes_module, "KEPT", 4)
        for step, number in [*taken, ("look", 0)]:
            if step == "look":
                changes = rows.log.changes(head)
                known, head = taken_in(known, changes), changes.head
                assert known == taken_in({}, rows.log.changes())
            elif step == "trim":
                rows.log.trim()
            else:
                rows.take(step, number)


def test_a_number_that_is_none_is_damage(rows: Rows, tmp_path: Path) -> None:
    rows.add(3)
    with writing(rows.database) as connection:
        connection.execute(text("UPDATE images SET vector_row = 'scratched' WHERE id = 2"))
    with pytest.raises(DatabaseDamagedError, match=rf"{tmp_path}/library.db: damaged"):
        rows.log.changes()
