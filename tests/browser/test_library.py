"""The library's page and the settings as a visitor meets them."""

import json
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from vs_browser import PHONE, WIDER_THAN_WINDOW, go_to, open_tab, settle
from vs_drawing import write_many

from engine import SearchEngine

pytestmark = pytest.mark.browser

MANY = 520
SECTIONS = ("Folders", "Skipped files", "Check-up", "Duplicates", "Metadata", "Model")


@pytest.fixture(scope="module")
def roots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one of many pictures, one of them damaged, and a link that leads out."""
    folder = tmp_path_factory.mktemp("roots") / "photos"
    some = write_many(folder / "<b>many *of* them", MANY)
    content = some[0].read_bytes()
    (some[0].parent / "damaged.png").write_bytes(content[: len(content) // 2])
    (folder / "out").symlink_to(folder.parent)
    return folder


@pytest.fixture
def filled_app(indexed: Path, tmp_path: Path, run_app) -> str:
    """An app over 41 pictures, to be changed."""
    shutil.copytree(indexed, tmp_path / "library")
    return run_app(tmp_path / "library")


def ended(page: Page, said: str) -> None:
    """Wait for the report of a job."""
    expect(page.get_by_role("status").filter(has_text=said).first).to_be_visible(timeout=180_000)
    settle(page)


def test_a_folder_is_looked_for_added_stopped_and_gone_on_with(
    roots: Path, indexed: Path, tmp_path: Path, run_app, open_page
):
    shutil.copytree(indexed, tmp_path / "library")
    app = run_app(tmp_path / "library", VISUAL_SEARCH_ROOTS=str(roots))
    page = open_page(app, **PHONE)
    go_to(page, "Library")
    page.get_by_role("textbox", name="Folder with pictures").fill(str(roots / "out"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("only folders inside")
    page.get_by_role("button", name="Browse", exact=True).click()
    window = page.get_by_role("dialog")
    expect(window.get_by_role("button", name="out", exact=True)).to_have_count(0)
    window.get_by_role("button", name="<b>many *of* them").click()
    expect(window.get_by_text("This folder itself: 500+ pictures")).to_be_visible()
    window.get_by_role("button", name="Add this folder").click()
    expect(page.get_by_text(f" of {MANY + 1:,}")).to_be_visible(timeout=60_000)
    page.get_by_test_id("stMainBlockContainer").get_by_role("button", name="Stop").click()
    ended(page, "Stopped")
    page.get_by_role("button", name="Go on").click()
    ended(page, "1 skipped in")
    expect(page.get_by_text(f"{41 + MANY:,}", exact=True)).to_be_visible()
    open_tab(page, "Skipped files")
    expect(page.get_by_text("1 file could not be used")).to_be_visible()
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the list").click()
    said = download.value.path().read_text()
    assert "damaged.png" in said
    assert "damaged" in said.splitlines()[1].rpartition("png")[2]
    assert max(page.evaluate(WIDER_THAN_WINDOW)) <= 0


def test_the_check_up_finds_what_is_gone_and_repairs_it(
    encoder, pictures: Path, tmp_path: Path, run_app, open_page
):
    shutil.copytree(pictures, tmp_path / "pictures")
    with SearchEngine.with_encoder(encoder, tmp_path / "library") as engine:
        engine.index([tmp_path / "pictures"])
    next((tmp_path / "pictures").rglob("*.jpg")).unlink()
    app = run_app(tmp_path / "library")
    page = open_page(app)
    go_to(page, "Library")
    open_tab(page, "Check-up")
    page.get_by_role("button", name="Check the library").click()
    ended(page, "something has to be repaired")
    page.get_by_text("Images whose file is gone: 1").click()
    expect(page.get_by_test_id("stDataFrame")).to_be_visible()
    settle(page)
    page.get_by_role("button", name="Repair").click()
    ended(page, "nothing has to be repaired")
    expect(page.get_by_text("brought the library up to date")).to_contain_text("1 removed")
    expect(page.get_by_text("40", exact=True)).to_be_visible()


def test_copies_are_shown_side_by_side(encoder, pictures: Path, tmp_path: Path, run_app, open_page):
    shutil.copytree(pictures, tmp_path / "a")
    (tmp_path / "b").mkdir()
    twice = sorted((tmp_path / "a").glob("**/*.jpg"))[:3]
    for picture in twice:
        shutil.copy(picture, tmp_path / "b")
    with SearchEngine.with_encoder(encoder, tmp_path / "library") as engine:
        engine.index([tmp_path / "a", tmp_path / "b"])
    app = run_app(tmp_path / "library")
    page = open_page(app, **PHONE)
    go_to(page, "Library")
    open_tab(page, "Duplicates")
    page.get_by_role("button", name="Find duplicates").click()
    ended(page, "found")
    settle(page)
    for picture in twice:
        expect(page.get_by_alt_text(picture.name, exact=True)).to_have_count(2)
    assert page.locator("img[src='x']").count() == 0
    assert max(page.evaluate(WIDER_THAN_WINDOW)) <= 0


def test_a_table_is_imported_and_a_column_forgotten(
    filled_app: str, pictures: Path, tmp_path: Path, open_page
):
    name = sorted(pictures.rglob("*.jpg"))[5].name
    table = tmp_path / "shop.csv"
    table.write_text(f"file,price,note\n{json.dumps(name)},12,<b>new</b>\nnone.jpg,1,\n")
    page = open_page(filled_app)
    go_to(page, "Library")
    open_tab(page, "Metadata")
    page.locator("input[type=file]").set_input_files(table)
    expect(page.get_by_text("The first 2 rows.")).to_be_visible()
    page.get_by_role("button", name="Import", exact=True).click()
    ended(page, "2 rows read, 1 picture got values")
    expect(page.get_by_text("'none.jpg': no such image")).to_be_visible()
    page.locator(".st-key-column_1").get_by_role("button", name="Forget").click()
    page.get_by_role("button", name="Forget it").click()
    expect(page.locator("[class*='st-key-column_']")).to_have_count(1)


@pytest.mark.parametrize("size", [(360, 800), (2560, 1200)], ids=str)
def test_every_section_fits_the_window(filled_app: str, open_page, size: tuple[int, int]):
    page = open_page(filled_app, viewport={"width": size[0], "height": size[1]})
    go_to(page, "Library")
    for name in SECTIONS:
        open_tab(page, name)
        settle(page)
        assert max(page.evaluate(WIDER_THAN_WINDOW)) <= 0, name
    go_to(page, "Settings")
    expect(page.get_by_text("Nothing leaves this machine.")).to_be_visible()
    assert max(page.evaluate(WIDER_THAN_WINDOW)) <= 0


def test_read_only_mode_shows_nothing_that_changes(
    indexed: Path, tmp_path: Path, run_app, open_page
):
    shutil.copytree(indexed, tmp_path / "library")
    app = run_app(tmp_path / "library", VISUAL_SEARCH_READ_ONLY="1")
    page = open_page(app)
    go_to(page, "Library")
    expect(page.get_by_text("This app is read-only")).to_be_visible()
    expect(page.get_by_text("41 pictures")).to_be_visible()
    tabs = page.get_by_role("tab").all_inner_texts()
    assert [text.split()[-1] for text in tabs] == ["Folders", "files", "Duplicates", "Model"]
    for name in ("Add pictures", "Refresh all", "Take out of the library"):
        expect(page.get_by_role("button", name=name)).to_have_count(0)
    go_to(page, "Settings")
    expect(page.get_by_text("This app is read-only")).to_be_visible()
    expect(page.get_by_role("combobox")).to_have_count(0)
