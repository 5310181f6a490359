from pathlib import Path

import numpy as np
import pytest
from vs_vectors import DIM, require, span, unit

from engine.index.annoy import AnnoyIndex


@pytest.fixture(autouse=True)
def _needs_annoy() -> None:
    require("annoy")


def grown(count: int) -> AnnoyIndex:
    index = AnnoyIndex(DIM)
    index.add(span(0, count), unit(count))
    index.search(unit(1), 1)
    return index


def tree_files(folder: Path) -> list[str]:
    return [path.name for path in folder.glob("*.annoy")]


def test_few_vectors_are_kept_beside_and_many_in_trees(tmp_path: Path) -> None:
    grown(900).save(tmp_path / "few")
    grown(1100).save(tmp_path / "many")
    assert len(tree_files(tmp_path / "few")) == 0
    assert len(tree_files(tmp_path / "many")) == 1


def test_changes_beside_the_trees_are_found_at_once() -> None:
    index, new = grown(2000), unit(300, seed=3)
    index.add(span(0, 300), new)
    assert index.dead == 300
    assert index.search(new, 1)[0][:, 0].tolist() == list(range(300))
    assert index.search(unit(2000)[:50], 1)[1].max() < 0.999, "the old vectors are gone"


def test_many_changes_grow_the_trees_anew() -> None:
    index = grown(2000)
    index.remove(span(0, 600))
    index.add(span(5000, 5600), unit(600, seed=4))
    assert index.dead == 600
    index.search(unit(1), 1)
    assert index.dead == 0
    assert sorted(index.ids().tolist()) == [*range(600, 2000), *range(5000, 5600)]


def test_trees_go_on_while_their_file_is_replaced(tmp_path: Path) -> None:
    """They are read from the file, which other indexes replace."""
    index, vectors = grown(2000), unit(2000)
    index.save(tmp_path)
    grown(1500).save(tmp_path)
    assert index.search(vectors[1900:1950], 1)[0][:, 0].tolist() == list(range(1900, 1950))
    assert len(AnnoyIndex.load(tmp_path, DIM)) == 1500


def test_effort_is_kept_by_saving_and_loading(tmp_path: Path) -> None:
    AnnoyIndex(DIM, effort=777).save(tmp_path)
    assert AnnoyIndex.load(tmp_path, DIM).effort == 777


def test_all_of_a_forest_with_removals_can_be_asked_for() -> None:
    index = grown(2000)
    index.remove(span(0, 350))
    found = index.search(unit(2, seed=1), 1650)[0]
    assert all(sorted(row) == list(range(350, 2000)) for row in found.tolist())
    assert np.isin(found, index.ids()).all()
