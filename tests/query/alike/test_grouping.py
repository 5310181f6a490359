from engine.query.alike.grouping import grouped


def test_the_best_image_names_the_group() -> None:
    found = grouped({(1, 2): 0.9, (2, 3): 0.8}, {1: 10, 2: 30, 3: 20})
    assert found == {2: (2, 1.0), 1: (2, 0.9), 3: (2, 0.8)}


def test_groups_do_not_chain() -> None:
    found = grouped({(1, 2): 0.9, (2, 3): 0.9}, {1: 30, 2: 20, 3: 10})
    assert found == {1: (1, 1.0), 2: (1, 0.9)}


def test_of_equal_images_the_oldest_is_the_best() -> None:
    assert grouped({(4, 7): 0.9}, {4: 5, 7: 5})[7] == (4, 0.9)


def test_a_chain_becomes_groups_of_neighbours() -> None:
    pairs = {(n, n + 1): 0.9 for n in range(5)}
    found = grouped(pairs, {n: 10 - n for n in range(6)})
    assert {image_id: best for image_id, (best, _) in found.items()} == {
        **{0: 0, 1: 0, 2: 2},
        **{3: 2, 4: 4, 5: 4},
    }


def test_nothing_gives_no_groups() -> None:
    assert grouped({}, {}) == {}
