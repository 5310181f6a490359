import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from training.adapting.pairs import Pairs
from training.adapting.split import split


def make(relevant, images):
    names = tuple(f"text {number}" for number in range(len(relevant)))
    paths = tuple(f"{row}.jpg" for row in range(images))
    rows = tuple(frozenset(each) for each in relevant)
    return Pairs("a test", names, rows, paths, np.zeros((images, 2), np.float32))


@given(st.lists(st.sets(st.integers(0, 29), min_size=1, max_size=4), min_size=1, max_size=40))
def test_no_image_is_in_both_parts_and_none_is_lost(relevant):
    pairs = make(relevant, 30)
    parts = split(pairs)
    assert not set(parts.learnt.images) & set(parts.held.images)
    assert sorted([*parts.learnt.images, *parts.held.images]) == list(range(30))
    for part in (parts.learnt, parts.held):
        for number, line in zip(part.texts, part.relevant, strict=True):
            found = set(part.images[line].tolist())
            assert found == relevant[number] & set(part.images.tolist())
            assert found
    if parts.by_text:
        assert not set(parts.learnt.texts) & set(parts.held.texts)


def test_captions_are_held_out_with_their_images():
    parts = split(make([{row} for row in range(100)], 100))
    assert parts.by_text
    assert len(parts.held.images) == 20
    assert len(parts.held.texts) == 20


def test_labels_are_in_both_parts():
    parts = split(make([set(range(0, 50)), set(range(50, 100))], 100))
    assert not parts.by_text
    assert len(parts.held.images) == 20
    assert set(parts.held.texts) == set(parts.learnt.texts) == {0, 1}


def test_a_part_can_be_split_again():
    pairs = make([{row} for row in range(100)], 100)
    outer = split(pairs)
    inner = split(pairs, among=outer.learnt.images)
    every = {*inner.learnt.images.tolist(), *inner.held.images.tolist()}
    assert every == set(outer.learnt.images.tolist())
