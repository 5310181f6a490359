from pathlib import Path

import pytest

from engine import SearchEngine
from ui import resources


@pytest.fixture
def pictures(few_pictures: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number, picture in enumerate(sorted(few_pictures.rglob("*.jpg"))[:4]):
        (folder / f"{number}.jpg").write_bytes(picture.read_bytes())
    return folder


@pytest.fixture
def page(library: Path, encoder, pictures: Path, open_page):
    with SearchEngine.with_encoder(encoder, library) as engine:
        engine.index([pictures])
    page = open_page("library")
    page.open_section("Check-up")
    return page


def press(page, key: str) -> None:
    page.press(key)
    assert resources.index_job().wait(60)
    page.app.run()
    page.check()


def test_a_sound_library_has_nothing_to_repair(page):
    press(page, "check_up")
    assert "Nothing has to be repaired." in page.words
    assert "Looked at just now" in page.words
    assert not page.has("repair")


def test_what_is_wrong_is_listed_and_repaired(page, pictures: Path):
    (pictures / "0.jpg").unlink()
    (pictures / "new.jpg").write_bytes((pictures / "1.jpg").read_bytes())
    press(page, "check_up")
    labels = [expander.label for expander in page.app.expander]
    assert labels == [
        "Images whose file is gone: 1",
        "Pictures in the indexed folders that are not in the library: 1",
    ]
    assert Path(page.app.dataframe[0].value["What"][0]).name == "0.jpg"
    press(page, "repair")
    assert "Nothing has to be repaired." in page.words
    assert "brought the library up to date with its folders: 1 added, 1 removed" in page.words
    assert resources.facts(resources.open_engine()).images == 4


def test_images_of_a_folder_that_is_gone_are_dropped_only_if_asked(page, pictures: Path):
    pictures.rename(pictures.parent / "elsewhere")
    press(page, "check_up")
    assert any("not there" in expander.label for expander in page.app.expander)
    assert not page.has("repair"), "a drive that is not plugged in is no fault"
    assert resources.facts(resources.open_engine()).images == 4
