"""What outlasts a restart of the app, and what happens when a picture goes."""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from vs_browser import settle

from engine import SearchEngine
from engine.encoder import Encoder

pytestmark = pytest.mark.browser


def first(page: Page) -> Locator:
    settle(page)
    return page.locator(".st-key-gallery li[data-id]").first


def test_thumbs_outlast_a_restart(indexed: Path, open_page, tmp_path: Path, running):
    library = tmp_path / "library"
    shutil.copytree(indexed, library)
    with running(library) as address:
        page = open_page(f"{address}?q=mountains")
        second = page.locator(".st-key-gallery li[data-id]").nth(1)
        liked = str(second.locator("img").get_attribute("alt"))
        second.hover()
        second.get_by_role("button", name="Good match").click()
        expect(first(page).locator("img")).to_have_attribute("alt", liked)
        page.close()
    with running(library) as address:
        page = open_page(f"{address}?q=mountains")
        expect(first(page)).to_have_class("liked")
        expect(first(page).locator("img")).to_have_attribute("alt", liked)
        page.close()


def test_a_vanished_original_is_told_and_still_shown(
    encoder: Encoder, pictures: Path, open_page, tmp_path: Path, running
):
    shutil.copytree(pictures, tmp_path / "pictures")
    with SearchEngine.with_encoder(encoder, tmp_path / "library") as engine:
        engine.index([tmp_path / "pictures"])
        gone = engine.search("mountains", limit=1).results[0]
    Path(gone.path).unlink()
    with running(tmp_path / "library") as address:
        page = open_page(f"{address}?q=mountains")
        expect(first(page)).to_contain_text("original is missing")
        first(page).locator(".picture").click()
        dialog = page.get_by_role("dialog")
        expect(dialog.get_by_text("The original is missing")).to_be_visible()
        expect(dialog.get_by_role("button", name="Original")).to_have_count(0)
        settle(page)
        page.close()
