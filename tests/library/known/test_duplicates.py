from pathlib import Path
from typing import Any

import pytest

from engine.library.known.duplicates import DuplicateStore, Membership, Searched
from engine.library.store.catalogue import Catalogue
from engine.library.store.database import connect


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    return Catalogue(connect(f"sqlite:///{tmp_path / 'library.db'}"))


@pytest.fixture
def store(tmp_path: Path, catalogue: Catalogue) -> DuplicateStore:
    return DuplicateStore(connect(f"sqlite:///{tmp_path / 'library.db'}"))


def row(path: str, digest: str) -> dict[str, Any]:
    rest = {"size": 1, "mtime_ns": 1, "width": 1, "height": 1, "vector_row": 0}
    return {"path": path, "digest": digest, **rest}


def add(catalogue: Catalogue, *digests: str) -> list[int]:
    before = {record.id for record in catalogue.records()}
    catalogue.apply(added=[row(f"/{len(before) + n}", d) for n, d in enumerate(digests)])
    return [record.id for record in catalogue.records() if record.id not in before]


def near(group: int, version: int = 1) -> Membership:
    return Membership(group, "near", 0.9, version)


def test_exact_copies_refer_to_the_oldest(catalogue: Catalogue, store: DuplicateStore) -> None:
    a, b, c, d, e = add(catalogue, "x", "y", "x", "z", "x")
    assert store.exact_copies() == {c: a, e: a}
    catalogue.apply(removed=[a])
    assert store.exact_copies() == {e: c}
    assert {b, d}.isdisjoint(store.exact_copies())


def test_groups_are_replaced(catalogue: Catalogue, store: DuplicateStore) -> None:
    a, b, c = add(catalogue, "a", "b", "c")
    store.replace({a: near(a), b: near(a)})
    assert store.memberships() == {a: near(a), b: near(a)}
    store.replace({b: near(c), c: near(c)})
    assert store.memberships() == {b: near(c), c: near(c)}


def test_results_can_be_folded(catalogue: Catalogue, store: DuplicateStore) -> None:
    ids = add(catalogue, *(f"{number}" for number in range(1100)))
    store.replace({image_id: near(ids[0]) for image_id in ids[::2]})
    found = store.groups_of([*ids, 99_999])
    assert found == dict.fromkeys(ids[::2], ids[0])
    assert store.groups_of([]) == {}


def test_a_removed_image_leaves_its_group(catalogue: Catalogue, store: DuplicateStore) -> None:
    a, b, c = add(catalogue, "a", "b", "c")
    store.replace({a: near(a), b: near(a), c: near(a)})
    catalogue.apply(removed=[a])
    assert store.groups_of([a, b, c]) == {b: a, c: a}


def test_a_changed_image_is_in_no_group(catalogue: Catalogue, store: DuplicateStore) -> None:
    a, b = add(catalogue, "a", "b")
    store.replace({a: near(a), b: near(a)})
    catalogue.apply(changed=[{"id": b, "digest": "other", "vector_row": 5}])
    assert store.groups_of([a, b]) == {a: a}
    assert store.memberships() == {a: near(a)}


def test_images_that_changed_while_they_were_compared_are_left_out(
    catalogue: Catalogue, store: DuplicateStore
) -> None:
    a, b, c = add(catalogue, "a", "b", "c")
    catalogue.apply(changed=[{"id": b, "digest": "other", "vector_row": 5}], removed=[c])
    store.replace({a: near(a), b: near(a), c: near(a)})
    assert store.groups_of([a, b, c]) == {a: a}


def test_what_was_searched_is_remembered(store: DuplicateStore) -> None:
    assert store.searched() is None
    state = Searched(generation=3, model="m", images=9, threshold=0.8, calibrated=None)
    store.replace({}, state)
    store.replace({})
    assert store.searched() == state
