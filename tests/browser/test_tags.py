"""Tags in a real browser: given, taken off and brought back."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect
from vs_browser import PHONE, settle

pytestmark = pytest.mark.browser

NASTY = "<b>lake</b> *1*"


def choose(page: Page, number: int) -> None:
    """Choose the first pictures of the results."""
    ticks = page.get_by_role("button", name=re.compile("^Choose: "))
    for place in range(number):
        ticks.nth(place).click()
    expect(page.get_by_text(f"{number} pictures chosen")).to_be_visible()
    settle(page)


def tag_filter(page: Page) -> Locator:
    return page.get_by_test_id("stSidebar").get_by_role("combobox", name=re.compile("Tag"))


def test_tags_of_the_chosen_are_given_taken_off_and_brought_back(app, open_page):
    page = open_page(f"{app}?q=boat")
    page.get_by_role("button", name=re.compile(r"^Filters")).click()
    expect(page.get_by_role("heading", name="Filters")).to_be_visible()
    choose(page, 2)
    page.get_by_role("button", name="Tag", exact=True).click()
    page.get_by_role("textbox", name="Tag", exact=True).fill(NASTY)
    page.keyboard.press("Enter")
    line = page.locator(".st-key-tags_line_bar")
    expect(line).to_contain_text(f"{NASTY} added to 2 pictures")
    expect(page.get_by_text("pictures chosen")).to_have_count(0)
    expect(tag_filter(page)).to_be_visible()
    settle(page)
    choose(page, 3)
    page.get_by_role("button", name="Tag", exact=True).click()
    chip = page.get_by_role("button", name=f"Take off {NASTY} \u00b7 2")
    expect(chip).to_be_visible()
    chip.click()
    expect(line).to_contain_text(f"{NASTY} taken off 2 pictures")
    expect(chip).to_have_count(0)
    expect(page.get_by_role("textbox", name="Tag", exact=True)).to_be_visible()  # it stays open
    expect(tag_filter(page)).to_have_count(0)
    page.keyboard.press("Escape")
    line.get_by_role("button", name="Undo").click()
    expect(line).to_have_count(0)
    expect(tag_filter(page)).to_be_visible()
    settle(page)


@pytest.mark.parametrize("options", [{}, PHONE], ids=["wide", "phone"])
def test_the_large_view_gives_tags_and_takes_them_off(app, open_page, options):
    page = open_page(f"{app}?q=house&view=3", **options)
    window = page.get_by_role("dialog")
    box = window.get_by_role("textbox", name="New tag")
    for tag in ("sunny", "b u d"):  # letters that do something on a picture
        box.fill(tag)
        box.press("Enter")
        chip = window.get_by_role("button", name=f"Take off {tag}", exact=True)
        expect(chip).to_be_visible()
        expect(box).to_have_value("")
        settle(page)
    chip.click()
    expect(chip).to_have_count(0)
    line = window.locator(".st-key-tags_line_viewer")
    expect(line).to_contain_text("b u d taken off 1 picture")
    line.get_by_role("button", name="Undo").click()
    expect(chip).to_be_visible()
    settle(page)
    for tag in ("b u d", "sunny"):
        window.get_by_role("button", name=f"Take off {tag}", exact=True).click()
        expect(window.get_by_role("button", name=f"Take off {tag}", exact=True)).to_have_count(0)
    page.keyboard.press("Escape")
    expect(window).to_have_count(0)
    floating = page.locator(".st-key-selection")
    expect(floating).to_contain_text("sunny taken off 1 picture")
    bounds = floating.bounding_box()
    assert bounds is not None and bounds["x"] >= 0
    assert bounds["x"] + bounds["width"] <= page.evaluate("innerWidth")
    floating.get_by_role("button", name="Close this note").click()
    expect(floating).to_have_count(0)
    settle(page)
