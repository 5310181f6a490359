from pathlib import Path

import pytest

from ui import resources
from ui.jobs import indexing

ADD = "FormSubmitter:first_folder-Add pictures"


def test_an_empty_library_welcomes(library: Path, open_page):
    page = open_page(q="boat")
    assert "Choose a folder" in page.words
    assert "Try the sample library" in page.words
    assert page.ids == []
    assert not page.has("library")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def proposed(page) -> str:
    return str(page.app.text_input(key="first_folder_path").value)


def test_the_usual_folder_is_filled_in_where_there_is_one(library: Path, open_page, home: Path):
    assert proposed(open_page()) == ""
    (home / "Pictures").mkdir()
    assert proposed(open_page()) == "~/Pictures"


def test_only_a_folder_that_may_be_added_is_filled_in(library, open_page, home, monkeypatch):
    (home / "Pictures").mkdir()
    monkeypatch.setenv("VISUAL_SEARCH_ROOTS", str(home / "photos"))
    assert proposed(open_page()) == ""
    (home / "photos").mkdir()
    assert proposed(open_page()) == str(home / "photos")


def test_a_wrong_folder_is_explained(library: Path, open_page):
    page = open_page()
    page.app.text_input(key="first_folder_path").set_value("/no/such/folder")
    page.press(ADD)
    assert "`/no/such/folder`: there is no such folder" in page.app.error[0].value
    assert resources.index_job().state.number == 0


def test_a_chosen_folder_is_indexed_and_leads_to_the_search(
    library: Path, open_page, few_pictures: Path
):
    page = open_page(q="boat")
    page.app.text_input(key="first_folder_path").set_value(str(few_pictures))
    page.press(ADD)
    assert resources.index_job().wait(60)
    page.app.run()
    page.check()
    assert "40 added in" in page.app.success[0].value
    assert len(page.ids) == 40


def test_a_folder_without_pictures_is_told_and_leaves_the_choice(
    library: Path, open_page, tmp_path: Path
):
    page = open_page()
    page.app.text_input(key="first_folder_path").set_value(str(tmp_path))
    page.press(ADD)
    assert resources.index_job().wait(60)
    page.app.run()
    page.check()
    assert "No pictures found" in page.app.warning[0].value
    assert "Choose a folder" in page.words


def test_sample_pictures_are_drawn_on_request(library: Path, open_page, monkeypatch):
    draw = indexing.draw_sample
    monkeypatch.setattr(indexing, "draw_sample", lambda engine: draw(engine, count=6))
    page = open_page()
    page.press("sample")
    assert resources.index_job().wait(60)
    page.app.run()
    page.check()
    assert "6 added in" in page.app.success[0].value
    page.press("try_snowy mountains")
    assert len(page.ids) == 6
