"""Searching as a visitor does: a real server, a real browser."""

import re
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import expect
from vs_browser import go_to, settle
from vs_results import card, chips, names, results, searched

pytestmark = pytest.mark.browser

PICTURES_BEFORE = """line => {
  let count = 0;
  for (let one = line; one; one = one.previousElementSibling) count += one.dataset.id ? 1 : 0;
  return count;
}"""
NASTY = "<img src=x onerror=alert(1)><script>alert(2) *b* `c` :smile:.jpg"


def test_searching_by_keyboard_alone(app, open_page):
    page = open_page(app)
    box = page.get_by_role("searchbox", name="Search by words")
    for _ in range(16):
        page.keyboard.press("Tab")
        if box.evaluate("box => box === document.activeElement"):
            break
    expect(box).to_be_focused()
    page.keyboard.type("sailing boat")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{app}?q=sailing+boat")
    searched(page)
    first = results(page).first.locator(".picture")
    for _ in range(24):
        page.keyboard.press("Tab")
        if first.evaluate("one => one === one.getRootNode().activeElement"):
            break
    before = names(page)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("u")
    expect(page.get_by_text("ordered by your thumbs")).to_be_visible()
    expect(results(page).first.locator("img")).to_have_attribute("alt", before[1])
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text(before[1])
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Undo last thumb").press("Enter")
    expect(page.get_by_text("ordered by your thumbs")).to_have_count(0)


def test_the_address_shows_the_same_search_to_another_visitor(app, open_page):
    page = open_page(app)
    page.get_by_role("searchbox", name="Search by words").fill("red shoes")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{app}?q=red+shoes")
    searched(page)
    other = open_page(page.url)
    expect(other.get_by_role("searchbox", name="Search by words")).to_have_value("red shoes")
    searched(other)
    assert names(other) == names(page)


def test_the_back_button_goes_back_to_the_search_before(app, open_page):
    page = open_page(f"{app}?q=boat")
    searched(page)
    before = names(page)
    box = page.get_by_role("searchbox", name="Search by words")
    box.fill("house")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{app}?q=house")
    expect(results(page).first.locator("img")).not_to_have_attribute("alt", before[0])
    searched(page)
    page.go_back()
    expect(box).to_have_value("boat")
    expect(results(page).first.locator("img")).to_have_attribute("alt", before[0])
    searched(page)
    assert names(page) == before


def test_a_line_stands_where_likely_matches_end(app, open_page):
    """And arrow keys pass over it."""
    page = open_page(f"{app}?q=sunset")
    searched(page)
    said = page.get_by_text(re.compile(r"; \d+ likely match"))
    likely = int(re.search(r"(\d+) likely", said.inner_text())[1])
    line = page.locator(".st-key-gallery li.line").first
    expect(line).to_have_text(re.compile("from here on"))
    assert line.evaluate(PICTURES_BEFORE) == likely
    results(page).nth(likely - 1).locator(".picture").focus()
    page.keyboard.press("ArrowRight")
    expect(results(page).nth(likely).locator(".picture")).to_be_focused()
    wide = [part.bounding_box()["width"] for part in (line, page.locator(".st-key-gallery ul"))]
    assert wide[0] > 0.9 * wide[1]


def test_a_thumb_down_hides_the_picture_for_good(app, open_page):
    page = open_page(f"{app}?q=flowers")
    searched(page)
    bad = names(page)[0]
    card(page, bad).get_by_role("button", name=f"Bad match, hide it: {bad}").click()
    expect(page.get_by_text("1 picture hidden by your thumbs down")).to_be_visible()
    expect(page.get_by_alt_text(bad, exact=True)).to_have_count(0)
    later = open_page(page.url)
    expect(later.get_by_text("1 picture hidden by your thumbs down")).to_be_visible()
    expect(later.get_by_alt_text(bad, exact=True)).to_have_count(0)
    later.get_by_role("button", name="Reset thumbs").click()
    expect(later.get_by_alt_text(bad, exact=True)).to_be_visible()


def test_more_and_less_like_a_picture(app, open_page):
    page = open_page(f"{app}?q=boat")
    searched(page)
    name, other = names(page)[2:4]
    card(page, name).get_by_role("button", name=f"More like this: {name}").click()
    expect(chips(page).first).to_contain_text(name)
    expect(results(page).first.locator("img")).to_have_attribute("alt", name)
    searched(page)
    before = names(page).index(other)
    card(page, other).get_by_role("button", name=f"Less like this: {other}").click()
    expect(chips(page)).to_have_count(3)
    page.wait_for_url("**unlike=**")
    searched(page)
    assert names(page).index(other) > before


def test_chips_turn_terms_around_and_weigh_them(app, open_page):
    page = open_page(f"{app}?q=boat+-sea")
    searched(page)
    chips(page).nth(1).get_by_role("button").click()
    page.get_by_role("slider", name="How much it counts").press("ArrowRight")
    expect(page).to_have_url(f"{app}?q=boat+-%22sea%22%5E1.5")
    settle(page)
    page.get_by_role("radio", name="Wanted").click()
    expect(page).to_have_url(f"{app}?q=boat+%22sea%22%5E1.5")
    expect(page.get_by_role("searchbox", name="Search by words")).to_have_value('boat "sea"^1.5')


def test_chosen_pictures_are_taken_along(app, open_page, tmp_path: Path):
    page = open_page(f"{app}?q=boat")
    searched(page)
    picked = names(page)[:3]
    for name in picked:
        card(page, name).get_by_role("button", name=f"Choose: {name}").click()
    expect(page.get_by_text("3 pictures chosen")).to_be_visible()
    settle(page)
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Originals as ZIP").click()
    with ZipFile(download.value.path()) as archive:
        assert archive.testzip() is None
        assert sorted(archive.namelist()) == sorted(picked)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Clear selection").click()
    expect(page.get_by_text("pictures chosen")).to_have_count(0)
    expect(page.locator(".st-key-gallery li.chosen")).to_have_count(0)


def test_two_visitors_do_not_disturb_each_other(app, open_page):
    one, other = open_page(f"{app}?q=boat"), open_page(f"{app}?q=house")
    for page in (one, other):
        searched(page)
    there = names(other)
    card(one, names(one)[0]).locator(".tick").click()
    one.get_by_role("searchbox", name="Search by words").fill("sunset")
    one.keyboard.press("Enter")
    expect(one).to_have_url(f"{app}?q=sunset")
    searched(one)
    assert names(other) == there
    expect(other.get_by_text("chosen")).to_have_count(0)
    expect(other).to_have_url(f"{app}?q=house")


def test_a_name_full_of_markup_is_shown_as_it_is(app, open_page):
    page = open_page(f"{app}?q=boat")
    searched(page)
    shown = card(page, NASTY)
    expect(shown.get_by_text(NASTY, exact=True)).to_be_visible()
    shown.locator(".picture").click()
    expect(page.get_by_role("dialog").get_by_text(NASTY).first).to_be_visible()
    assert page.locator("img[src='x']").count() == 0


def test_a_search_is_there_again_after_a_visit_to_another_page(app, open_page):
    page = open_page(f"{app}?q=boat+-sea&like=3")
    searched(page)
    go_to(page, "Library")
    expect(page.get_by_role("heading", name="Library", exact=True)).to_be_visible()
    go_to(page, "Search")
    expect(page).to_have_url(f"{app}?q=boat+-sea&like=3")
    searched(page)
    page.get_by_role("button", name="New search").click()
    expect(page).to_have_url(app)
    expect(chips(page)).to_have_count(0)
    go_to(page, "Library")
    go_to(page, "Search")
    expect(page.get_by_text("Latest in your library")).to_be_visible()
