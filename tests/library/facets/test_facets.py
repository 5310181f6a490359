"""What can be chosen, against what passes when it is chosen, over random libraries."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update
from vs_filled import fill
from vs_known import Known, known_images, passes

from engine.encoder import Encoder
from engine.library import Library
from engine.library.facets.choices import Choice
from engine.library.facets.facet_keeper import FacetKeeper
from engine.library.facets.facets import Facets, gather_facets
from engine.library.known.matching import matching_ids
from engine.library.store.database import writing
from engine.library.store.tables import details
from engine.metadata import Between, Is, PhotoFacts, Where
from engine.query import filter_text, parse_query

_ANY = PhotoFacts()


def photo(path: str, facts: PhotoFacts = _ANY, **columns: tuple[str, ...]) -> Known:
    return Known(path, 10, 10**9, 4, 3, facts, (), columns)


def offered(facets: Facets) -> Iterator[tuple[Where, int]]:
    """Every filter that can be chosen, and how many images are said to pass."""
    fields = {
        "folder": facets.folders,
        "camera": facets.cameras,
        "lens": facets.lenses,
        "type": facets.types,
        "orientation": facets.orientations,
        "color": facets.colours,
    }
    for name, choices in fields.items():
        for choice in choices:
            yield Where(name, (Is(choice.value.casefold()),)), choice.count
    for column in facets.columns:
        for choice in column.choices:
            yield Where(column.name, (Is(choice.value),), is_column=True), choice.count
    for bar in facets.dates.bars if facets.dates else ():
        yield Where("date", (Between(bar.low, bar.high, under=True),)), bar.count


@given(st.lists(known_images(), max_size=8, unique_by=lambda one: one.path), st.integers(0, 8))
def test_as_many_are_said_to_pass_as_do(library: Library, images: list[Known], old: int) -> None:
    fill(library, images)
    with writing(library.database) as connection:  # as an older version kept some of them
        some = details.c.digest < f"{old:064x}"
        connection.execute(update(details).where(some).values(families=None))
    library.catalogue.add_folders(["/pics"])
    facets = gather_facets(library.database)
    assert facets.images == len(images)
    for where, count in offered(facets):
        assert count == sum(passes(one, where) for one in images), where
        text = filter_text(where)
        (read,) = parse_query(text, {"tag", "price", "size"} & {where.field}).filters
        assert len(matching_ids(library.database, [read])) == count, text


@given(st.lists(known_images(), max_size=8, unique_by=lambda one: one.path))
def test_nothing_that_tells_images_apart_is_missing(library: Library, images: list[Known]) -> None:
    fill(library, images)
    facets = gather_facets(library.database)
    cameras = {one.facts.camera for one in images} - {None}
    is_telling = len(cameras) > 1 or any(one.facts.camera is None for one in images)
    assert {choice.value for choice in facets.cameras} == (cameras if is_telling else set())
    bars = facets.dates.bars if facets.dates else ()
    assert sum(bar.count for bar in bars) == len(images)
    assert facets.dated == sum(one.facts.taken is not None for one in images)
    assert facets.places == sum(one.facts.latitude is not None for one in images)
    widths = [one.width for one in images]
    if len(set(widths)) > 1:
        known = facets.numbers["width"]
        assert (known.low, known.high) == (min(widths), max(widths))
        assert sum(bar.count for bar in known.bars) == len(images)
    else:
        assert "width" not in facets.numbers


def folders_of(library: Library, paths: list[str], *roots: str) -> tuple[Choice, ...]:
    fill(library, [photo(path) for path in paths])
    library.catalogue.add_folders(roots)
    return gather_facets(library.database).folders


def test_folders_are_named_as_seen_from_what_was_indexed(library: Library) -> None:
    paths = ["/home/a/Pics/2023/Alps/1.jpg", "/home/a/Pics/2023/2.jpg", "/home/a/Pics/3.jpg"]
    found = folders_of(library, paths, "/home/a/Pics")
    assert found == (Choice("2023", 2), Choice("2023/Alps", 1))


def test_of_several_folders_that_were_indexed_each_can_be_chosen(library: Library) -> None:
    paths = ["/a/Old/x/1.jpg", "/b/New/x/2.jpg"]
    found = folders_of(library, paths, "/a/Old", "/b/New")
    assert {choice.value: choice.count for choice in found} == {"New": 1, "Old": 1}


def test_names_that_no_filter_can_say_are_left_out(library: Library) -> None:
    odd = ['say "x"', "two  spaces", "line\nbreak", " edge", "fine"]
    found = folders_of(library, [f"/p/{name}/1.jpg" for name in odd], "/p")
    assert found == (Choice("fine", 1),)


def test_bytes_that_are_no_text_are_question_marks(library: Library) -> None:
    found = folders_of(library, ["/p/x\udcff/\udcffa.jpg", "/p/y/2.jpg"], "/p")
    assert found == (Choice("x?", 1), Choice("y", 1))


def test_columns_are_numbers_choices_or_words(library: Library) -> None:
    fill(
        library,
        [
            photo(
                f"/p/{place}.jpg",
                price=(f"${place}.50",),
                brand=("Nike" if place % 3 else "adidas",),
                title=(f"Number {place}",),
                same=("always",),
                rating=("5",),
            )
            for place in range(600)
        ],
    )
    columns = {column.name: column for column in gather_facets(library.database).columns}
    assert list(columns) == ["brand", "price", "title"]
    assert columns["brand"].choices == (Choice("Nike", 400), Choice("adidas", 200))
    price = columns["price"].numbers
    assert price is not None
    assert (price.low, price.high, price.step) == (0.5, 599.5, 5.0)
    assert not columns["title"].choices
    assert columns["title"].numbers is None


def test_a_few_words_among_numbers_are_passed_over(library: Library) -> None:
    stock = [*map(str, range(30)), "sold out"]
    fill(library, [photo(f"/p/{place}", stock=(one,)) for place, one in enumerate(stock)])
    (column,) = gather_facets(library.database).columns
    assert column.numbers is not None
    assert column.numbers.high == 29


def test_an_empty_library_offers_nothing(library: Library) -> None:
    assert list(offered(gather_facets(library.database))) == []


def test_facets_are_gathered_again_whenever_something_has_changed(
    library: Library, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.library.facets.facet_keeper._PAUSE", 0)
    fill(library, [photo("/p/1.jpg", tag=("old",)), photo("/p/2.jpg")])
    keeper = FacetKeeper(library)
    first = keeper.facets()
    assert keeper.facets() is first
    library.marks.set("key", 1, 1)
    assert keeper.facets() is first
    other = Library(library.folder, encoder.manifest)  # as another process would
    ids = {record.path: record.id for record in other.catalogue.records()}
    other.attributes.put({ids["/p/1.jpg"]: {"tag": ("new",)}})
    assert keeper.facets().columns[0].choices == (Choice("new", 1),)
    other.attributes.clear("tag")
    assert keeper.facets().columns == ()
    other.catalogue.apply(removed=[ids["/p/2.jpg"]])
    assert keeper.facets().images == 1
    other.close()


def test_a_library_that_is_being_filled_is_not_looked_at_all_the_time(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.library.facets.facet_keeper._PAUSE", 10**6)
    keeper = FacetKeeper(library)
    first = keeper.facets()
    fill(library, [photo("/p/1.jpg")])
    assert keeper.facets() is first
    keeper.look_again()
    assert keeper.facets().images == 1
