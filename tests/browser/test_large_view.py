"""One picture, large."""

import pytest
from playwright.sync_api import Page, expect
from vs_browser import PHONE, settle
from vs_results import card, chips, names, results, searched

pytestmark = pytest.mark.browser


def touch(page: Page, points: list[tuple[float, float]]) -> None:
    """Move a finger along points."""
    cdp = page.context.new_cdp_session(page)
    for number, (x, y) in enumerate(points):
        kind = "touchMove" if number else "touchStart"
        cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
        page.wait_for_timeout(30)
    cdp.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_thumb_up_is_shown_and_explained(app, open_page):
    page = open_page(f"{app}?q=mountains")
    searched(page)
    good = names(page)[1]
    card(page, good).get_by_role("button", name=f"Good match: {good}").click()
    expect(results(page).first).to_have_class("liked")
    card(page, good).locator(".picture").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("a thumb up")).to_be_visible()
    expect(dialog.get_by_text("Looks like")).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    card(page, good).get_by_role("button", name=f"Liked, press to take it back: {good}").click()
    expect(page.locator(".st-key-gallery li.liked")).to_have_count(0)


def test_a_part_of_a_picture_is_searched_with(app, open_page):
    page = open_page(f"{app}?q=boat")
    searched(page)
    results(page).first.locator(".picture").click()
    stage = page.get_by_role("application")
    expect(stage).to_be_visible()
    settle(page)
    box = stage.bounding_box()
    assert box
    for share, act in ((0.2, page.mouse.down), (0.7, page.mouse.up)):
        page.mouse.move(box["x"] + share * box["width"], box["y"] + share * box["height"])
        act()
    page.get_by_role("button", name="Search with this part").click()
    page.wait_for_url("**example=**")
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(chips(page)).to_have_count(1)
    page.go_back()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("dialog")).to_have_count(0)


def across(page: Page) -> list[tuple[float, float]]:
    """Points from right to left over the picture, when the window has slid in."""
    settle(page)
    page.wait_for_timeout(500)
    box = page.get_by_role("application").bounding_box()
    assert box
    return [(box["x"] + share * box["width"], box["y"] + 60) for share in (0.8, 0.6, 0.3)]


def test_a_finger_leads_on_and_draws_a_box_when_asked_to(app, open_page):
    page = open_page(f"{app}?q=boat&view=2", **PHONE, has_touch=True, is_mobile=True)
    image = page.get_by_role("application").locator("img")
    expect(image).to_be_visible()
    first = str(image.get_attribute("alt"))
    touch(page, across(page))
    expect(image).not_to_have_attribute("alt", first)
    expect(page).not_to_have_url(f"{app}?q=boat&view=2")
    expect(page.get_by_role("button", name="Search with this part")).to_be_hidden()
    points = across(page)
    page.get_by_role("button", name="Select a part").tap()
    touch(page, [(x, y + 40 * number) for number, (x, y) in enumerate(points)])
    expect(page.get_by_role("button", name="Search with this part")).to_be_visible()


def test_a_thumb_in_the_large_view_is_seen_at_once(app, open_page):
    page = open_page(f"{app}?q=sledge&view=5")
    for press, seen in (
        ("Good match", "Liked"),
        ("Liked", "Good match"),
        ("Bad match", "Hidden"),
        ("Hidden", "Bad match"),
    ):
        page.get_by_role("button", name=press, exact=True).click()
        expect(page.get_by_role("button", name=seen, exact=True)).to_be_visible()
        settle(page)
