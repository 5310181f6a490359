"""Copies folded, and likes kept apart."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from vs_drawing import draw

from engine import Query, QueryError, SearchEngine
from engine.encoder import Encoder
from engine.query.scores.variety import SPREAD, diverse, folded

_IDS = st.integers(0, 50)


@given(st.lists(_IDS, unique=True), st.dictionaries(_IDS, st.integers(0, 4)))
def test_each_group_is_shown_once_and_nobody_is_lost(
    ids: list[int], groups: dict[int, int]
) -> None:
    kept, copies = folded(np.array(ids, dtype=np.int64), groups)
    shown = [ids[place] for place in kept]
    named = [groups[image_id] for image_id in shown if image_id in groups]
    assert len(named) == len(set(named))
    assert len(shown) + copies.sum() == len(ids)
    assert shown == [i for i in ids if i in set(shown)]
    first: dict[int, int] = {}
    for image_id in ids:
        if image_id in groups:
            first.setdefault(groups[image_id], image_id)
    assert {i for i in shown if i in groups} == set(first.values())


def rows(count: int, seed: int = 0) -> np.ndarray:
    found = np.random.default_rng(seed).normal(size=(count, 16)).astype(np.float32)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


@pytest.mark.parametrize("diversity", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("count", [0, 1, 30, SPREAD + 20])
def test_every_image_comes_once_and_the_best_first(count: int, diversity: float) -> None:
    scores = -np.arange(count, dtype=np.float32)
    order = diverse(scores, rows(count), np.zeros(16, dtype=np.float32), diversity)
    assert sorted(order.tolist()) == list(range(count))
    assert order[:1].tolist() == [0][:count]
    assert order[SPREAD:].tolist() == list(range(SPREAD, count))
    if diversity == 0:
        assert order.tolist() == list(range(count))


def test_the_twin_of_the_first_waits() -> None:
    one, other = rows(2)
    vectors = np.stack([one, one, one, other])
    scores = np.array([4, 3.9, 3.8, 3], dtype=np.float32)
    mean = np.zeros(16, dtype=np.float32)
    assert diverse(scores, vectors, mean, 0.9).tolist() == [0, 3, 1, 2]
    assert diverse(scores, vectors, mean, 0.05).tolist() == [0, 1, 2, 3]


def test_copies_are_folded_in_a_search(encoder: Encoder, tmp_path: Path) -> None:
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    for number in range(4):
        for copy in range(3 if number == 2 else 1):
            draw(number, (160, 120)).save(pictures / f"{number}-{copy}.png")
    with SearchEngine.with_encoder(encoder, tmp_path / "library") as engine:
        engine.index([pictures])
        engine.duplicates(exact_only=True)
        plain = engine.search("a picture", limit=10)
        page = engine.search("a picture", limit=10, fold=True)
        assert (len(plain.results), len(page.results)) == (6, 4)
        copies = {Path(hit.path).name[0]: hit.copies for hit in page.results}
        assert copies == {"0": 0, "1": 0, "2": 2, "3": 0}
        assert len(engine.search("a picture", limit=3, fold=True).results) == 3
        names = [Path(hit.path).name[0] for hit in engine.search("width:>1", fold=True).results]
        assert sorted(names) == ["0", "1", "2", "3"]


def test_diversity_changes_the_order_alone(sample_engine: SearchEngine) -> None:
    query = Query.text("a red shoe")
    plain = [hit.id for hit in sample_engine.search(query, limit=300).results]
    varied = [hit.id for hit in sample_engine.search(query, limit=300, diversity=0.5).results]
    assert varied[0] == plain[0]
    assert sorted(varied) == sorted(plain)
    assert varied != plain
    with pytest.raises(QueryError, match=r"diversity 2: use a number from 0 to 1"):
        sample_engine.search(query, diversity=2)


def test_an_image_asked_with_is_no_answer_but_others_are(sample_engine: SearchEngine) -> None:
    page = sample_engine.search(Query.like(1), limit=1)
    assert [hit.id for hit in page.results] == [1]
    assert page.verdict == sample_engine.search(Query.like(1), limit=20).verdict != "none"
