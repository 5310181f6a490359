"""Filters as they are typed."""

from datetime import UTC, datetime

import pytest

from engine import Around, Between, Is, Where, filter_text, parse_query, query_text


def day(year: int, month: int = 1, of_month: int = 1) -> float:
    return datetime(year, month, of_month, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("text", "field", "test"),
    [
        ("after:2023-06", "date", Between(low=day(2023, 6))),
        ("before:2023-06", "date", Between(high=day(2023, 6), under=True)),
        ("date:2023", "date", Between(day(2023), day(2024), under=True)),
        ("year:2023", "date", Between(day(2023), day(2024), under=True)),
        ("date:2023-05..2023-06", "date", Between(day(2023, 5), day(2023, 7), under=True)),
        ("date:>2023", "date", Between(low=day(2024))),
        ("date:<=2023", "date", Between(high=day(2024), under=True)),
        ('camera:"Pixel 8"', "camera", Is("pixel 8")),
        ("Lens:50mm", "lens", Is("50mm")),
        ("folder:holiday", "folder", Is("holiday")),
        ("in:holiday/2023", "folder", Is("holiday/2023")),
        ("file:img_2", "name", Is("img_2")),
        ("type:HEIC", "type", Is("heic")),
        ("orientation:portrait", "orientation", Is("portrait")),
        ("colour:navy", "color", Is("navy")),
        ("color:#1f3a93", "color", Is("#1f3a93")),
        ("width:>=1920", "width", Between(low=1920)),
        ("megapixels:>12", "megapixels", Between(low=12, over=True)),
        ("size:5MB..", "size", Between(low=5e6)),
        ("size:<1.5kb", "size", Between(high=1500, under=True)),
        ("near:48.1,11.5,20km", "near", Around(48.1, 11.5, 20)),
        ("near:48.1,11.5", "near", Around(48.1, 11.5, 10)),
        ("tag:sale", "tag", Is("sale")),
        ('caption:"two dogs"', "caption", Is("two dogs")),
    ],
)
def test_what_is_known_of_every_image(text: str, field: str, test: object) -> None:
    query = parse_query(f"red shoes {text}")
    assert [term.text for term in query.terms] == ["red shoes"]
    assert query.filters == (Where(field, (test,)),)
    assert parse_query(query_text(query)) == query


@pytest.mark.parametrize(
    ("text", "test"),
    [
        ("price:50", Is("50")),
        ("price:<50", Between(high=50, under=True)),
        ("price:10..20", Between(10, 20)),
        ("price:>10..<20", Between(10, 20, over=True, under=True)),
        ('price:"<50"', Is("<50")),
        ("PRICE:cheap", Is("cheap")),
    ],
)
def test_imported_columns_are_filters_where_there_are_such(text: str, test: object) -> None:
    query = parse_query(text, {"price"})
    assert query.filters == (Where("price", (test,)),)
    assert not query.terms
    assert parse_query(text).filters == ()
    assert len(parse_query(text).terms) == 1


def test_an_imported_column_comes_before_what_is_known_of_every_image() -> None:
    (where,) = parse_query("size:XL", {"size"}).filters
    assert (where.field, where.is_column, where.is_builtin) == ("size", True, False)
    assert parse_query("size:XL").filters == ()


def test_a_minus_turns_it_around_and_commas_are_either() -> None:
    (where,) = parse_query("-color:red,navy").filters
    assert where == Where("color", (Is("red"), Is("navy")), is_not=True)
    assert filter_text(where) == "-color:red,navy"


@pytest.mark.parametrize(
    "text",
    [
        "after:yesterday",
        "date:2023-02-30",
        "color:loud",
        "orientation:round",
        "width:wide",
        "near:here",
        "near:1",
        "near:95,0",
        "size:5XB",
        "star wars: a new hope",
        "a 16:9 picture",
        "re:zero",
        "https://example.org/a.jpg",
        "camera:",
        'camera:""',
        "price:1e999",
    ],
)
def test_what_makes_no_sense_is_searched_as_words(text: str) -> None:
    query = parse_query(text)
    assert query.filters == ()
    assert [term.text for term in query.terms] == [text]


@pytest.mark.parametrize("text", ['"camera:x"', "(camera:x OR folder:y)", "xcamera:x"])
def test_in_quotes_and_brackets_there_are_no_filters(text: str) -> None:
    assert parse_query(text).filters == ()


def test_filters_may_stand_anywhere() -> None:
    query = parse_query("dog camera:pixel without a leash, folder:x on the beach")
    assert [(term.text, term.weight) for term in query.terms] == [
        ("dog on the beach", 1),
        ("leash", -1),
    ]
    assert [where.field for where in query.filters] == ["camera", "folder"]


def test_a_filter_said_twice_is_said_once() -> None:
    assert len(parse_query("tag:a tag:a").filters) == 1
