from pathlib import Path

import pytest

from ui import resources
from ui.library import disk_meter


@pytest.fixture
def new(tmp_path: Path, few_pictures: Path) -> Path:
    """A folder with a copy of a picture."""
    folder = tmp_path / "photos" / "*new*"
    folder.mkdir(parents=True)
    (folder / "copy.jpg").write_bytes(sorted(few_pictures.rglob("*.jpg"))[0].read_bytes())
    return folder


def ended(page) -> None:
    assert resources.index_job().wait(60)
    page.app.run()
    page.check()


def figures(page) -> dict[str, str]:
    return {metric.label: metric.value for metric in page.app.metric}


def test_the_page_tells_what_is_in_the_library(filled: Path, open_page, few_pictures: Path):
    page = open_page("library")
    disk_meter.disk_meter().wait(30)
    page.app.run()
    found = figures(page)
    assert found["Pictures"] == "40"
    assert found["Folders"] == "1"
    assert found["Disk"].endswith("MB")
    assert found["Memory"].endswith("B")
    assert f"`{few_pictures}`" in page.words
    assert "40 pictures" in page.words
    assert f"`{filled}`" in page.words


def test_a_folder_is_added_and_taken_out_again(filled: Path, open_page, new: Path):
    page = open_page("library")
    page.app.text_input(key="add_folder_path").set_value(str(new))
    page.press("FormSubmitter:add_folder-Add pictures")
    ended(page)
    assert "1 added" in page.app.success[0].value
    assert figures(page)["Pictures"] == "41"
    place = resources.facts(resources.open_engine()).folders.index(str(new))
    page.press(f"remove_folder_{place}")
    assert "will not be found" in page.words
    page.press("keep_folder")
    assert "will not be found" not in page.words
    page.press(f"remove_folder_{place}")
    page.press("forget_folder")
    ended(page)
    assert f"`{new}` is out of the library, and 1 picture with it" in page.app.success[0].value
    assert figures(page) | {"Pictures": "40", "Folders": "1"} == figures(page)
    assert (new / "copy.jpg").exists()


def test_a_wrong_folder_is_explained(filled, open_page):
    page = open_page("library")
    page.app.text_input(key="add_folder_path").set_value("/no/such/folder")
    page.press("FormSubmitter:add_folder-Add pictures")
    assert "there is no such folder" in page.app.error[0].value


def test_folders_outside_of_the_roots_are_refused(
    filled, open_page, new: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("VISUAL_SEARCH_ROOTS", str(tmp_path / "photos"))
    page = open_page("library")
    page.app.text_input(key="add_folder_path").set_value(str(tmp_path))
    page.press("FormSubmitter:add_folder-Add pictures")
    assert "only folders inside" in page.app.error[0].value
    assert resources.index_job().state.number == 0


def test_looking_for_a_folder_down_and_up_again(
    filled, open_page, new: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("VISUAL_SEARCH_ROOTS", str(new.parent))
    (new.parent / "other").mkdir()
    page = open_page("library")
    page.press("FormSubmitter:add_folder-Browse")
    assert page.app.button(key="browse_0").label == "`*new*`"
    page.press("browse_0")
    assert "There is no folder in here." in page.words
    page.press("browse_way_0")
    page.enter("browse_filter", "oth")
    assert page.app.button(key="browse_0").label == "`other`"
    assert not page.has("browse_1")
    page.enter("browse_filter", "")
    page.press("browse_0")
    page.press("browse_add")
    ended(page)
    assert "1 added" in page.app.success[0].value
    assert str(new) in resources.facts(resources.open_engine()).folders
    assert not page.has("browse_add"), "the window is closed"


def test_without_images_the_page_says_so(library: Path, open_page):
    page = open_page("library")
    assert "No folder is in the library yet." in page.words
    assert figures(page)["Pictures"] == "0"
