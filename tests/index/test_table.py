import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from engine.index import IdTable

PAIRS = st.dictionaries(st.integers(-5, 20), st.integers(0, 3), max_size=12)
IDS = st.lists(st.integers(-5, 20), max_size=8)


def table(pairs: dict[int, int]) -> IdTable:
    ids = np.array(sorted(pairs), dtype=np.int64)
    return IdTable(ids, np.array([pairs[one] for one in sorted(pairs)], dtype=np.int64))


def pairs_of(one: IdTable) -> dict[int, int]:
    assert (np.diff(one.ids) > 0).all()
    return dict(zip(one.ids.tolist(), one.values.tolist(), strict=True))


@given(before=PAIRS, new=PAIRS, order=st.randoms())
def test_it_takes_in_what_a_dictionary_would(before: dict, new: dict, order) -> None:
    ids = list(new)
    order.shuffle(ids)
    values = np.array([new[one] for one in ids], dtype=np.int64)
    one = table(before)
    assert pairs_of(one.with_(np.array(ids, dtype=np.int64), values)) == {**before, **new}
    assert pairs_of(one) == before


@given(before=PAIRS, gone=IDS)
def test_it_leaves_out_what_a_dictionary_would(before: dict, gone: list[int]) -> None:
    one = table(before)
    left = {key: value for key, value in before.items() if key not in gone}
    assert pairs_of(one.without(np.array(gone, dtype=np.int64))) == left
    assert pairs_of(one) == before


@given(left=PAIRS, right=PAIRS)
def test_the_difference_is_what_is_missing_or_other(left: dict, right: dict) -> None:
    expected = {key: value for key, value in left.items() if right.get(key) != value}
    assert pairs_of(table(left).minus(table(right))) == expected


@given(pairs=PAIRS, ids=IDS)
def test_places_are_those_of_the_ids(pairs: dict, ids: list[int]) -> None:
    one = table(pairs)
    places, there = one.places(np.array(ids, dtype=np.int64))
    assert there.tolist() == [wanted in pairs for wanted in ids]
    assert one.ids[places[there]].tolist() == [wanted for wanted in ids if wanted in pairs]
