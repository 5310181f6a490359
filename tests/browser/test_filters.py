"""The side panel in a real browser."""

import re

import pytest
from playwright.sync_api import Page, expect
from vs_browser import PHONE, settle

pytestmark = pytest.mark.browser


def opened(page: Page) -> None:
    """Open the panel, as a visitor does."""
    page.get_by_role("button", name=re.compile(r"^Filters")).click()
    expect(page.get_by_role("heading", name="Filters")).to_be_visible()


def test_a_search_is_filtered_saved_left_and_come_back_to(app, open_page):
    page = open_page(f"{app}?q=shoe")
    opened(page)
    page.get_by_role("button", name=re.compile("^blue")).click()
    expect(page).to_have_url(f"{app}?q=color%3Ablue+shoe")
    expect(page.get_by_role("button", name="Filters (1)")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^blue, chosen"))).to_be_visible()
    expect(page.get_by_text("pictures pass the filters")).to_be_visible()
    page.get_by_role("button", name="Save this search").click()
    page.get_by_role("textbox", name="Name").fill("<b>Blue</b> *shoes*")
    page.get_by_role("button", name="Save", exact=True).click()
    link = page.locator("[class*='st-key-saved_go_'] button")
    expect(link).to_contain_text("<b>Blue</b> *shoes*")
    box = page.get_by_role("searchbox", name="Search by words")
    box.fill("house")
    box.press("Enter")
    expect(page).to_have_url(f"{app}?q=house")
    expect(page.get_by_role("button", name="Filters", exact=True)).to_be_visible()
    link.click()
    expect(page).to_have_url(f"{app}?q=color%3Ablue+shoe")
    expect(box).to_have_value("color:blue shoe")
    page.get_by_role("button", name="Clear all filters").click()
    expect(page).to_have_url(f"{app}?q=shoe")
    page.go_back()
    expect(box).to_have_value("color:blue shoe")
    expect(page.get_by_role("button", name=re.compile("^blue, chosen"))).to_be_visible()
    settle(page)


def test_several_presses_in_no_time_all_count(app, open_page):
    page = open_page(f"{app}?q=house")
    opened(page)
    expect(page.get_by_role("button", name=re.compile("^red"))).to_be_visible()
    page.evaluate(
        """() => ["red", "blue", "green"].forEach(
             name => document.querySelector(`.st-key-f_colour_${name} button`).click())"""
    )
    expect(page).to_have_url(f"{app}?q=color%3Ared%2Cblue%2Cgreen+house")


def test_a_closed_panel_is_out_of_the_way_of_the_keyboard(app, open_page):
    page = open_page(f"{app}?q=house")
    expect(page.get_by_text("Folder", exact=True)).to_be_hidden()
    button = page.get_by_role("button", name="Filters", exact=True)
    button.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Folder", exact=True)).to_be_visible()
    page.wait_for_function("document.activeElement.closest('[data-testid=stSidebar]')")
    button.click()
    expect(page.get_by_text("Folder", exact=True)).to_be_hidden()


def test_on_a_phone_the_panel_covers_the_page_and_goes_away(app, open_page):
    page = open_page(f"{app}?q=house", **PHONE)
    opened(page)
    page.get_by_role("button", name=re.compile("^red")).click()
    expect(page).to_have_url(f"{app}?q=color%3Ared+house")
    wider = "document.documentElement.scrollWidth - window.innerWidth"
    assert page.evaluate(wider) <= 0
    page.get_by_role("button", name="Collapse sidebar").click()
    expect(page.get_by_role("button", name="Filters (1)")).to_be_visible()
    expect(page.get_by_role("heading", name="Filters")).to_be_hidden()
