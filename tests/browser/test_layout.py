"""Windows of all widths."""

import re

import pytest
from playwright.sync_api import Page, expect
from vs_browser import PHONE, WIDER_THAN_WINDOW, settle
from vs_results import results, searched

pytestmark = pytest.mark.browser

ANY_PAGE = re.compile("^(Search|Library|Map|Evaluate|Settings)$")
PLACES_OF_ROW = """
  window.places = new Set();
  const look = () => {
    const row = document.querySelector(".st-key-page_row");
    if (row) places.add(JSON.stringify(row.getBoundingClientRect()));
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
"""


def test_nothing_is_wider_than_the_window(app, open_page):
    page = open_page(f"{app}?q=red+shoes+{'long' * 30}+-hats&like=3&unlike=4", **PHONE)
    searched(page)
    for width in (360, 1280, 2560):
        page.set_viewport_size({"width": width, "height": 900})
        settle(page)
        assert max(page.evaluate(WIDER_THAN_WINDOW)) <= 0
        right = [
            box["x"] + box["width"] for one in results(page).all() if (box := one.bounding_box())
        ]
        assert max(right) <= width
    page.set_viewport_size({"width": 360, "height": 740})
    results(page).first.locator(".picture").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert max(page.evaluate(WIDER_THAN_WINDOW)) <= 0


def test_only_long_words_of_a_chip_are_cut(app, open_page):
    words = "sailing boats of all sizes and colours on a quiet lake at dawn"
    page = open_page(f"{app}?q={words}+-snow&like=3", **PHONE)
    searched(page)
    chip = page.locator(".st-key-chips [data-testid='stPopoverButton']")
    for name, is_cut in ((words, True), ("snow", False)):
        one = chip.filter(has_text=name)
        label = one.locator("p")
        assert label.evaluate("words => words.scrollWidth > words.clientWidth") == is_cut
        inner, outer = label.bounding_box(), one.bounding_box()
        assert outer["x"] <= inner["x"]
        assert inner["x"] + inner["width"] <= outer["x"] + outer["width"] <= 360


@pytest.mark.parametrize("width", [360, 767, 768, 1400])
def test_every_page_is_one_press_away_once(app, open_page, width: int):
    page = open_page(app, viewport={"width": width, "height": 800})
    links = page.get_by_role("link", name=ANY_PAGE)
    expect(links).to_have_count(5)
    expect(page.get_by_role("heading", name="Visual search")).to_be_attached()
    for link in links.all():
        box = link.bounding_box()
        assert box is not None
        assert box["y"] >= 0 and box["y"] + box["height"] <= 64  # in the bar: nothing is covered
        assert link.evaluate("link => link.scrollWidth - link.clientWidth") <= 0
    links.nth(2).focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{app}map")
    expect(links).to_have_count(5)


@pytest.mark.parametrize("width", [360, 1400])
def test_nothing_is_seen_before_it_has_its_looks(app, browser, width: int):
    """On a slow machine, too, where a sheet that is sent as an element comes seconds later."""
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.add_init_script(PLACES_OF_ROW)
    page.goto(app)
    settle(page)
    expect(page.locator(".st-key-page_row")).to_be_attached()
    assert len(page.evaluate("[...places]")) == 1
    page.close()


def test_a_phone_is_not_told_to_drop_pictures(app, open_page):
    def said(page: Page) -> str:
        hint = page.locator(".st-key-example [data-testid$=Instructions] span").first
        return str(hint.evaluate("hint => getComputedStyle(hint, '::after').content"))

    assert "drop" in said(open_page(app))
    assert "drop" not in said(open_page(app, **PHONE))


def test_the_line_of_thumbs_wraps_in_whole_lines_on_a_phone(app, open_page):
    page = open_page(f"{app}?q=tree", **PHONE)
    searched(page)
    results(page).nth(1).locator(".up").click()
    expect(page.get_by_text("ordered by your thumbs")).to_be_visible()
    settle(page)
    searched_in = page.get_by_text("41 pictures searched in").bounding_box()
    ordered = page.get_by_text("ordered by your thumbs").bounding_box()
    undo = page.get_by_role("button", name="Undo last thumb").bounding_box()
    assert searched_in["x"] == ordered["x"] == pytest.approx(undo["x"], abs=2)
    assert searched_in["y"] + searched_in["height"] <= ordered["y"]
    assert ordered["y"] + ordered["height"] <= undo["y"]
    page.get_by_role("button", name="Undo last thumb").click()
    expect(page.get_by_text("ordered by your thumbs")).to_have_count(0)
