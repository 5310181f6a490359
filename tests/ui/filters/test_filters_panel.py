"""The side panel: what is chosen goes into the text, and what the text says is shown."""

import sqlite3
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from engine import SearchEngine

DAY = 86_400 * 10**9


@pytest.fixture
def dated(filled: Path) -> Path:
    """The library of the app under test, whose 40 pictures are of forty days and several prices."""
    with sqlite3.connect(filled / "library.db") as database:
        first = int(datetime(2023, 5, 1, 12, tzinfo=UTC).timestamp()) * 10**9
        for (image_id,) in database.execute("SELECT id FROM images ORDER BY id").fetchall():
            moment = first + (image_id - 1) * DAY
            database.execute("UPDATE images SET mtime_ns = ? WHERE id = ?", (moment, image_id))
    return filled


@pytest.fixture
def engine(dated: Path, shared_engine: SearchEngine, tmp_path: Path) -> SearchEngine:
    """The engine of the app under test, with columns that were imported."""
    lines = ["file,price,brand"]
    for record in shared_engine.images():
        brand = "New Balance" if record.id % 4 else "_odd_ *brand*"
        lines.append(f"{Path(record.path).name},{record.id}.5,{brand}")
    table = tmp_path / "shop.csv"
    table.write_text("\n".join(lines))
    assert shared_engine.import_metadata(table).images == 40
    return shared_engine


def dates(page):
    """The slider of the dates; the chips of words have others."""
    return next(one for one in page.app.select_slider if one.label == "Range of dates")


def choose(page, key: str, *values: str) -> None:
    page.app.multiselect(key=key).set_value(list(values)).run()
    page.check()


def said(page) -> str:
    """What the panel says of how many pictures pass."""
    return next(one.value for one in page.app.caption if one.value.endswith("pass"))


def test_a_colour_is_chosen_and_taken_back(open_page, engine):
    page = open_page(q="shoe")
    page.press("f_colour_blue")
    assert page.params == {"q": "color:blue shoe"}
    passing = engine.matching(engine.parse("color:blue").filters)
    assert 0 < passing < 40
    assert said(page) == f"{passing} pictures pass"
    assert len(page.ids) == min(passing, 24)
    page.press("f_colour_red")
    assert page.params == {"q": "color:blue,red shoe"}
    page.press("f_colour_blue")
    page.press("f_colour_red")
    assert page.params == {"q": "shoe"}


def test_any_other_colour_is_picked(open_page, engine):
    page = open_page(q="color:red")
    for value in ("#123ABC", "#445566"):
        page.app.color_picker(key="f_picked").set_value(value).run()
        page.check()
    assert page.params == {"q": "color:red,#445566"}
    page.press("f_colour_445566")
    assert page.params == {"q": "color:red"}


def test_a_folder_alone_is_a_search(open_page, engine):
    page = open_page()
    (folder,) = (one.value for one in engine.facets().folders[:1])
    choose(page, "f_folder", folder)
    assert page.params == {"q": f"folder:{folder}"}
    count = engine.facets().folders[0].count
    assert f"{count} of 40 pictures pass the filters" in page.words
    assert said(page) == f"{count} pictures pass"


def test_a_typed_filter_shows_in_the_panel(open_page, engine):
    page = open_page(q="shoe orientation:square price:10.25..20 color:navy brand:new")
    assert page.app.multiselect(key="f_orientation").value == ["square"]
    assert page.app.slider(key="f_column_price").value == (10.2, 20.0)
    assert page.app.multiselect(key="f_column_brand").value == ["new"]
    assert page.has("f_colour_navy")
    page.enter("q", "shoe")
    assert page.app.multiselect(key="f_orientation").value == []
    assert page.app.slider(key="f_column_price").value == (1.4, 40.6)
    assert page.app.multiselect(key="f_column_brand").value == []
    assert not page.has("f_colour_navy")


def test_a_handle_that_is_not_moved_keeps_what_was_typed(open_page, engine):
    page = open_page(q="price:>10.25")
    page.app.slider(key="f_column_price").set_value((10.2, 20.0)).run()
    page.check()
    assert page.params == {"q": "price:>10.25..20"}
    page.app.slider(key="f_column_price").set_value((1.4, 20.0)).run()
    assert page.params == {"q": "price:<=20"}
    page.app.slider(key="f_column_price").set_value((1.4, 40.6)).run()
    assert page.params == {}


def test_dates_by_the_slider_and_to_the_day(open_page, engine):
    page = open_page(q="boat")
    slider = dates(page)
    assert slider.value == (0, 39)
    slider.set_value((10, 19)).run()
    page.check()
    assert page.params == {"q": "date:2023-05-11..<2023-05-21 boat"}
    assert said(page) == "10 pictures pass"
    assert page.app.date_input(key="f_from").value == date(2023, 5, 11)
    assert page.app.date_input(key="f_to").value == date(2023, 5, 20)
    page.app.date_input(key="f_to").set_value(date(2023, 5, 12)).run()
    page.check()
    assert dates(page).value == (10, 11)
    page.app.date_input(key="f_from").set_value(None).run()
    page.check()
    assert page.params == {"q": "before:2023-05-13 boat"}
    assert dates(page).value == (0, 11)


def test_after_and_before_are_one_range(open_page, engine):
    page = open_page(q="after:2023-05-03 boat before:2023-05-10")
    slider = dates(page)
    assert slider.value == (2, 8)
    slider.set_value((2, 39)).run()
    page.check()
    assert page.params == {"q": "after:2023-05-03 boat"}


def test_what_the_panel_cannot_show_stays(open_page, engine):
    text = "-color:red -orientation:square near:1,2,3 price:<5,>30"
    page = open_page(q=text)
    assert page.app.multiselect(key="f_orientation").value == []
    choose(page, "f_orientation", "portrait")
    assert page.params == {
        "q": "-color:red -orientation:square near:1,2,3 price:<5,>30 orientation:portrait"
    }


def test_all_filters_are_cleared_and_the_words_stay(open_page, engine):
    page = open_page(q="-color:red boats near:1,2,3 price:<5")
    page.press("clear_filters")
    assert page.params == {"q": "boats"}
    assert not page.has("clear_filters")


def test_the_panel_follows_an_older_address(open_page, engine):
    page = open_page(q="shoe")
    choose(page, "f_orientation", "square")
    page.app.slider(key="f_column_price").set_value((5.0, 20.0)).run()
    later = page.params
    page.app.query_params["q"] = "shoe"
    page.app.run()
    page.check()
    assert page.app.multiselect(key="f_orientation").value == []
    assert page.app.slider(key="f_column_price").value == (1.4, 40.6)
    assert page.params == {"q": "shoe"}
    page.app.query_params["q"] = later["q"]
    page.app.run()
    assert page.app.multiselect(key="f_orientation").value == ["square"]
    assert page.app.slider(key="f_column_price").value == (5.0, 20.0)


def test_a_change_that_overtakes_the_address_loses_nothing(open_page, engine):
    page = open_page(q="shoe")
    choose(page, "f_orientation", "square")
    page.app.query_params["q"] = "shoe"  # the browser has not heard of the first change yet
    page.press("f_colour_blue")
    assert page.params == {"q": "orientation:square color:blue shoe"}


def test_after_going_back_the_next_change_starts_from_there(open_page, engine):
    page = open_page(q="shoe")
    choose(page, "f_orientation", "square")
    page.app.query_params["q"] = "shoe"
    page.app.run()  # the back button
    page.press("f_colour_blue")
    assert page.params == {"q": "color:blue shoe"}


def test_names_of_others_are_shown_as_text(open_page, engine):
    page = open_page()
    shown = page.app.multiselect(key="f_column_brand").options
    assert shown == ["New Balance (30)", "_odd_ *brand* (10)"]
    choose(page, "f_column_brand", "_odd_ *brand*")
    assert page.params == {"q": 'brand:"_odd_ *brand*"'}
    assert said(page) == "10 pictures pass"


def test_a_filter_that_does_not_fit_changes_nothing(open_page, engine):
    page = open_page(q="word " * 98)
    before = page.params
    choose(page, "f_column_brand", "New Balance")
    assert page.params == before
    assert any("does not fit" in warning.value for warning in page.app.warning)
    assert page.app.multiselect(key="f_column_brand").value == []


def test_a_column_in_the_place_of_a_filter_hides_it(open_page, engine, tmp_path):
    name = Path(engine.images()[0].path).name
    table = tmp_path / "more.csv"
    table.write_text(f"file,orientation\n{name},up\n")
    engine.import_metadata(table)
    page = open_page()
    keys = [one.key for one in page.app.multiselect]
    assert "f_orientation" not in keys
    assert "f_column_orientation" in keys


def test_a_library_that_has_nothing_to_offer_offers_nothing(filled, open_page):
    page = open_page()
    keys = [widget.key for widget in (*page.app.multiselect, *page.app.date_input)]
    assert "f_camera" not in keys
    assert "f_from" not in keys


def test_sizes_of_files_are_in_a_unit_that_fits(filled: Path, open_page):
    page = open_page(q="boat")
    slider = page.app.slider(key="f_size")
    assert slider.label == "Size of the file in kB"
    low, high = slider.value
    assert 1 < low < high < 1000
    slider.set_value((low, round(high / 2))).run()
    page.check()
    assert f"size:<={1000 * round(high / 2)} " in page.params["q"]
