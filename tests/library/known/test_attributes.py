"""Imported columns, and the search by keywords among them."""

import pytest

from engine.library import Library


@pytest.fixture
def ids(library: Library) -> list[int]:
    """Three images."""
    rows = [
        {"path": f"/p/{k}.jpg", "digest": f"{k:064x}", "size": 1, "mtime_ns": 1, "width": 1}
        | {"height": 1, "vector_row": k}
        for k in range(3)
    ]
    library.catalogue.apply(added=rows)
    return [record.id for record in library.catalogue.records()]


def found(library: Library, *texts: str, without: tuple[str, ...] = ()) -> list[int]:
    return library.attributes.by_keywords(texts, without, 10).tolist()


def test_values_come_back_in_order(library: Library, ids: list[int]) -> None:
    library.attributes.put({ids[0]: {"tag": ("new", "red")}, ids[1]: {"tag": ("sale",)}})
    library.attributes.put({ids[0]: {"price": ("49.99",)}})
    assert library.attributes.of(ids) == {
        ids[0]: {"price": ("49.99",), "tag": ("new", "red")},
        ids[1]: {"tag": ("sale",)},
    }
    assert library.attributes.columns() == {"tag": 2, "price": 1}
    assert library.attributes.names() == {"tag", "price"}


def test_a_second_import_takes_the_place_of_the_first(library: Library, ids: list[int]) -> None:
    library.attributes.put({ids[0]: {"caption": ("a dog",), "tag": ("x",)}})
    library.attributes.put({ids[0]: {"caption": ("a cat",)}})
    assert library.attributes.of([ids[0]])[ids[0]] == {"caption": ("a cat",), "tag": ("x",)}
    assert found(library, "dog") == []
    assert found(library, "cat") == [ids[0]]


def test_keywords_find_words_in_any_form_and_the_best_first(
    library: Library, ids: list[int]
) -> None:
    captions = ("Two dogs are running on the beach", "the beach at night", "a Straße in Köln")
    library.attributes.put({i: {"caption": (c,)} for i, c in zip(ids, captions, strict=True)})
    assert found(library, "a dog runs on a beach") == [ids[0]]
    assert found(library, "a beach") == [ids[1], ids[0]]
    assert found(library, "KOLN") == [ids[2]]
    assert found(library, "beach", without=("dog",)) == [ids[1]]
    assert found(library, "horse", "night") == [ids[1]]
    assert found(library, "") == found(library, "!?") == []
    assert set(found(library, '"beach" * OR ( -')) == {ids[0], ids[1]}


def test_the_words_as_they_were_asked_count_most(library: Library, ids: list[int]) -> None:
    captions = ("white laces red shoes", "red shoes white laces", "shoes")
    library.attributes.put({i: {"caption": (c,)} for i, c in zip(ids, captions, strict=True)})
    assert found(library, "red shoes white laces")[0] == ids[1]


@pytest.mark.parametrize(
    ("question", "is_found"),
    [
        ("red shoes", True),
        ("red hat", False),
        ("red leather hat", False),
        ("red shoes hat", False),
        ("red running shoes", True),
        ("red running shoes hat coat belt sock tie", True),
        ("red running shoes hat coat belt sock tie glove scarf", False),
    ],
)
def test_enough_of_the_words_have_to_be_there(
    library: Library, ids: list[int], question: str, is_found: bool
) -> None:
    library.attributes.put({ids[0]: {"caption": ("red shoes for running",)}})
    assert bool(found(library, question)) is is_found


def test_words_that_say_nothing_find_nothing_unless_they_are_all(
    library: Library, ids: list[int]
) -> None:
    library.attributes.put({ids[0]: {"caption": ("the who",)}, ids[1]: {"caption": ("the cat",)}})
    assert found(library, "the dog") == []
    assert set(found(library, "the")) == {ids[0], ids[1]}


def test_what_is_removed_is_not_found(library: Library, ids: list[int]) -> None:
    library.attributes.put({ids[0]: {"caption": ("dog",)}})
    library.catalogue.apply(removed=[ids[0]])
    assert found(library, "dog") == []
    assert library.attributes.columns() == {}


def test_a_column_can_be_forgotten(library: Library, ids: list[int]) -> None:
    library.attributes.put({ids[0]: {"caption": ("dog",), "tag": ("cat",)}})
    assert library.attributes.clear("caption") == 1
    assert library.attributes.clear("caption") == 0
    assert found(library, "dog") == []
    assert found(library, "cat") == [ids[0]]


def test_numbers_are_no_keywords(library: Library, ids: list[int]) -> None:
    library.attributes.put({ids[0]: {"price": ("50",)}})
    assert found(library, "50") == []


def test_texts_of_several_images_come_the_most_frequent_first(
    library: Library, ids: list[int]
) -> None:
    library.attributes.put({ids[0]: {"tag": ("Dog", "once"), "price": ("5",), "kind": ("boat",)}})
    library.attributes.put({ids[1]: {"tag": ("dog", "boat"), "price": ("5",)}})
    library.attributes.put({ids[2]: {"tag": ("dog",), "title": ("dog",), "price": ("5",)}})
    assert [text.casefold() for text in library.attributes.frequent(10)] == ["dog", "boat"]
    assert len(library.attributes.frequent(1)) == 1
