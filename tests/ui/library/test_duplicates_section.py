import csv
import io
from pathlib import Path

import pytest
from PIL import Image

from engine import SearchEngine
from ui import resources
from ui.library import duplicates_section


@pytest.fixture
def copied(few_pictures: Path, tmp_path: Path) -> Path:
    """12 pictures, each twice, and one a third time, smaller."""
    folder = tmp_path / "copied"
    folder.mkdir()
    for number, picture in enumerate(sorted(few_pictures.rglob("*.jpg"))[:12]):
        for copy in "ab":
            (folder / f"{number}{copy} <b>*.jpg").write_bytes(picture.read_bytes())
    with Image.open(folder / "0a <b>*.jpg") as picture:
        picture.resize((picture.width * 4 // 5, picture.height * 4 // 5)).save(folder / "small.jpg")
    return folder


@pytest.fixture
def page(library: Path, encoder, copied: Path, open_page):
    with SearchEngine.with_encoder(encoder, library) as engine:
        engine.index([copied])
    page = open_page("library")
    page.open_section("Duplicates")
    return page


def shown(page) -> list[str]:
    """The lines of pictures on the page."""
    return [m.value for m in page.app.markdown if "-badge[" in m.value]


def test_groups_are_reviewed_page_by_page_and_nothing_is_deleted(page, copied: Path):
    before = sorted(copied.iterdir())
    page.press("find_duplicates")
    assert resources.index_job().wait(120)
    page.app.run()
    page.check()
    assert "**13 copies** in 12 groups take" in page.words
    first = shown(page)
    assert len([line for line in first if "best" in line]) == 8
    assert any("same content" in line for line in first)
    assert any(" alike]" in line for line in first)
    assert all(f"`{copied}/" in line for line in first)
    assert any(r"\<b\>\*\.jpg](/pictures/small/" in m.value for m in page.app.markdown)
    page.app.session_state["duplicates_page"] = 2
    page.app.run()
    page.check()
    assert len([line for line in shown(page) if "best" in line]) == 4
    assert not set(shown(page)) & set(first)
    assert sorted(copied.iterdir()) == before


def test_the_list_has_every_copy(shared_engine: SearchEngine, copied: Path):
    shared_engine.index([copied])
    report = duplicates_section.find(shared_engine)(lambda *step: None)
    rows = list(csv.DictReader(io.StringIO(duplicates_section.as_csv(report).decode())))
    assert len(rows) == report.copies + len(report.groups)
    assert {row["role"] for row in rows} == {"best", "exact", "near"}
    assert all(Path(row["path"]).stat().st_size == int(row["bytes"]) for row in rows)


def test_a_library_without_copies_says_so(filled, open_page):
    page = open_page("library")
    page.open_section("Duplicates")
    page.press("find_duplicates")
    assert resources.index_job().wait(120)
    page.app.run()
    assert "No two pictures of your library show the same." in page.words
