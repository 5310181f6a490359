"""What the panel says of dates where no picture, or only some, says when it was taken."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine import SearchEngine

DAY = 86_400
FIRST = int(datetime(2023, 5, 1, 12, tzinfo=UTC).timestamp())
BY_FILES = "No picture says when it was taken: these are the times of the files."
APPEARS = (
    "Dates, cameras and lenses appear here when pictures carry them; none of yours has a date."
)
IMPORT = "Years can be imported with a table, on the Library page."


@pytest.fixture
def same_day(filled: Path) -> Path:
    """The library of the app under test, all of whose files are of one moment."""
    change(filled, "UPDATE images SET mtime_ns = ?", FIRST * 10**9)
    return filled


def change(library: Path, statement: str, *values: object) -> None:
    with sqlite3.connect(library / "library.db") as database:
        database.execute(statement, values)


def said(page) -> list[str]:
    return [one.value for one in page.app.sidebar.caption]


def test_no_dates_at_all_are_explained(same_day, open_page):
    page = open_page()
    assert f"{APPEARS} {IMPORT}" in said(page)
    assert "f_from" not in [box.key for box in page.app.date_input]


def test_who_may_only_look_is_not_sent_to_import(same_day, open_page, monkeypatch):
    monkeypatch.setenv("VISUAL_SEARCH_READ_ONLY", "1")
    assert APPEARS in said(open_page())


def test_cameras_that_are_there_are_not_missed(same_day, open_page):
    change(same_day, "UPDATE details SET camera = substr(digest, 1, 1)")
    (told,) = [one for one in said(open_page()) if "appear here" in one]
    assert told.startswith("Dates appear here when")


def test_dates_by_files_are_told_for_what_they_are(filled, open_page):
    change(filled, "UPDATE images SET mtime_ns = (? + id * 86400) * 1000000000", FIRST)
    page = open_page()
    assert BY_FILES in said(page)
    assert "f_from" in [box.key for box in page.app.date_input]
    assert not any("appear here" in one for one in said(page))


@pytest.mark.parametrize("days", [0, 1])
def test_nothing_is_said_where_a_picture_says_when(same_day, open_page, days: int):
    """Whether or not that makes several days of it."""
    one = "UPDATE details SET taken = ? WHERE digest = (SELECT min(digest) FROM details)"
    change(same_day, one, FIRST + days * DAY)
    page = open_page()
    assert ("f_from" in [box.key for box in page.app.date_input]) == bool(days)
    assert not any("appear here" in one or one == BY_FILES for one in said(page))


def test_years_that_were_imported_are_enough(
    same_day, open_page, shared_engine: SearchEngine, tmp_path: Path
):
    lines = [f"{Path(one.path).name},{2000 + one.id}" for one in shared_engine.images()]
    (tmp_path / "years.csv").write_text("\n".join(["file,year", *lines]))
    shared_engine.import_metadata(tmp_path / "years.csv")
    page = open_page()
    assert "f_column_year" in [one.key for one in page.app.slider]
    assert not any("appear here" in one for one in said(page))
