from pathlib import Path

from ui import resources


def test_the_window_tells_what_is_in_the_library(filled: Path, open_page, few_pictures: Path):
    page = open_page()
    assert "CPUExecutionProvider" not in page.words
    page.press("library")
    assert "- Images: 40" in page.words
    assert f"- Folders: `{few_pictures}`" in page.words
    assert f"- Kept in: `{filled}`\n" in page.words
    assert "- Model: `default` on `" in page.words


def test_a_folder_can_be_added(filled: Path, open_page, few_pictures: Path, tmp_path: Path):
    new = tmp_path / "new"
    new.mkdir()
    (new / "copy.jpg").write_bytes(sorted(few_pictures.rglob("*.jpg"))[0].read_bytes())
    page = open_page()
    page.press("library")
    page.app.text_input(key="add_folder_path").set_value(str(new))
    page.press("FormSubmitter:add_folder-Add pictures")
    assert resources.index_job().wait(60)
    page.app.run()
    assert "1 added" in page.app.success[0].value
    page.press("library")
    assert "- Images: 41" in page.words
    assert f"`{new}`" in page.words


def test_a_wrong_folder_is_explained_in_the_window(filled, open_page):
    page = open_page()
    page.press("library")
    page.app.text_input(key="add_folder_path").set_value("/no/such/folder")
    page.press("FormSubmitter:add_folder-Add pictures")
    assert "there is no such folder" in page.app.error[0].value
