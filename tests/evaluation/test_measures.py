import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.evaluation import measures
from engine.evaluation.collection import Topic
from engine.evaluation.measures import NAMES, Ranked, Scores, measure


def topic(relevant: dict[int, int], group: str = "") -> Topic:
    return Topic("t", group, "words", relevant=relevant)


def places(*numbers: int) -> Ranked:
    return np.array(numbers, dtype=np.int64)


def only(relevant: dict[int, int], *ranking: int) -> dict[str, float]:
    return measure([topic(relevant)], [places(*ranking)]).means


def test_the_only_right_answer_in_third_place() -> None:
    found = only({7: 1}, 3, 5, 7, 1, 2)
    assert found["hit@1"] == found["precision@1"] == found["recall@1"] == 0
    assert found["hit@5"] == found["recall@5"] == found["hit@10"] == 1
    assert found["precision@5"] == pytest.approx(1 / 5)
    assert found["precision@10"] == pytest.approx(1 / 10)
    assert found["mAP"] == found["MRR"] == pytest.approx(1 / 3)
    assert found["nDCG@10"] == pytest.approx(1 / math.log2(4))


def test_several_right_answers() -> None:
    found = only({1: 1, 2: 1, 3: 1, 4: 1}, 1, 9, 2, 8, 7, 3)
    assert found["hit@1"] == 1
    assert found["recall@5"] == pytest.approx(2 / 4)
    assert found["recall@10"] == pytest.approx(3 / 4)
    assert found["mAP"] == pytest.approx((1 / 1 + 2 / 3 + 3 / 6) / 4)


def test_grades_count_for_the_gain_alone() -> None:
    found = only({1: 1, 2: 3}, 1, 2)
    best = 3 + 1 / math.log2(3)
    assert found["nDCG@10"] == pytest.approx((1 + 3 / math.log2(3)) / best)
    assert found["mAP"] == found["recall@5"] == 1


def test_nothing_found_is_zero_and_counts() -> None:
    found = measure([topic({1: 1}), topic({1: 1})], [places(), places(1)])
    assert found.values["mAP"].tolist() == [0, 1]
    assert found.means["hit@1"] == 0.5


def test_what_lies_too_deep_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measures, "DEPTH", 3)
    assert only({4: 1}, 1, 2, 3, 4)["mAP"] == 0


def test_groups_and_a_part_of_the_topics() -> None:
    topics = [topic({0: 1}, group) for group in ("x", "y", "x")]
    found = measure(topics, [places(0), places(1), places(0)])
    assert found.groups.tolist() == [0, 1, 0]
    part = found.of(np.array([True, True, False]))
    assert isinstance(part, Scores)
    assert part.means["hit@1"] == 0.5
    assert part.groups.tolist() == [0, 1]


def by_hand(relevant: dict[int, int], ranking: list[int]) -> dict[str, float]:
    """The textbook's definitions, written down a second time."""
    right = [place in relevant for place in ranking]
    found: dict[str, float] = {}
    for k in (1, 5, 10):
        first = right[:k]
        found[f"hit@{k}"] = float(any(first))
        found[f"precision@{k}"] = sum(first) / k
        found[f"recall@{k}"] = sum(first) / len(relevant)
    ranks = [rank for rank, is_right in enumerate(right, start=1) if is_right]
    found["MRR"] = 1 / ranks[0] if ranks else 0.0
    found["mAP"] = sum(n / rank for n, rank in enumerate(ranks, start=1)) / len(relevant)
    gains = [relevant.get(place, 0) for place in ranking[:10]]
    best = sorted(relevant.values(), reverse=True)[:10]
    gain, most = (
        sum(grade / math.log2(rank + 1) for rank, grade in enumerate(grades, start=1))
        for grades in (gains, best)
    )
    found["nDCG@10"] = gain / most
    return found


@given(
    ranking=st.permutations(range(25)),
    length=st.integers(0, 25),
    relevant=st.dictionaries(st.integers(0, 30), st.integers(1, 4), min_size=1, max_size=12),
)
def test_two_implementations_agree(
    ranking: list[int], length: int, relevant: dict[int, int]
) -> None:
    found, expected = only(relevant, *ranking[:length]), by_hand(relevant, ranking[:length])
    assert set(found) == set(expected) == set(NAMES)
    assert found == pytest.approx(expected, abs=1e-6)


def test_progress_is_told() -> None:
    told: list[tuple[int, int]] = []
    many = [topic({0: 1})] * 450
    measure(many, [places(0)] * 450, lambda done, total: told.append((done, total)))
    assert told == [(200, 450), (400, 450), (450, 450)]
