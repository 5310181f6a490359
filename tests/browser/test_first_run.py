"""From an empty library on, and to the evaluation."""

from pathlib import Path

import pytest
from playwright.sync_api import expect
from vs_browser import PHONE, WIDER_THAN_WINDOW, go_to
from vs_results import searched

pytestmark = pytest.mark.browser


def test_the_first_run_from_an_empty_library_to_a_search(empty_app, open_page, pictures: Path):
    page = open_page(empty_app, **PHONE)
    box = page.get_by_role("textbox", name="Folder with pictures")
    box.fill("/no/such/folder")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("there is no such folder")
    box.fill(str(pictures))
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("41 added in")
    page.get_by_role("button", name="Close this report").click()
    page.get_by_role("button", name="sunset over the sea").click()
    searched(page)
    go_to(page, "Library")
    expect(page.get_by_text("41 pictures")).to_be_visible()
    page.get_by_role("button", name="Refresh all").click()
    expect(page.get_by_role("status")).to_contain_text("41 unchanged")
    assert max(page.evaluate(WIDER_THAN_WINDOW)) <= 0


def test_the_way_to_the_evaluation_and_back(app, open_page, pictures: Path):
    page = open_page(app, **PHONE)
    go_to(page, "Evaluate")
    expect(page.get_by_role("heading", name="How good are the results?")).to_be_visible()
    page.get_by_text("A data set on this machine").click()
    page.get_by_label("Data set", exact=True).fill(str(pictures))
    page.get_by_role("button", name="Judge").click()
    expect(page.get_by_role("button", name="Download this report")).to_be_visible(timeout=60_000)
    report = page.frame_locator("iframe[title]").first
    expect(report.get_by_text("keywords").first).to_be_visible()
    assert page.evaluate(WIDER_THAN_WINDOW) == [0, 0]
    page.get_by_role("link", name="Back to the search").click()
    expect(page.get_by_role("heading", name="Visual search")).to_be_visible()
