"""The map as a visitor meets it: drawn, moved, zoomed, and pictures chosen on it."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect
from vs_browser import go_to, settle

pytestmark = pytest.mark.browser

INK = """canvas => {
  const seen = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  return seen.filter((value, place) => place % 4 === 3 && value > 0).length;
}"""
"""How many pixels are drawn."""


@pytest.fixture
def map_page(app: str, open_page) -> Page:
    return opened(open_page(app))


def opened(page: Page) -> Page:
    go_to(page, "Map")
    expect(page.get_by_role("heading", name="Map")).to_be_visible()
    expect(canvas(page)).to_be_visible()
    expect(page.get_by_text("41 pictures in 3 groups")).to_be_visible()
    settle(page)
    page.wait_for_function("canvas => canvas.width > 300", arg=canvas(page).element_handle())
    return page


def canvas(page: Page) -> Locator:
    return page.get_by_role("application")


def groups(page: Page) -> Locator:
    return page.get_by_role("navigation", name="Groups").get_by_role("button")


def find_picture(page: Page) -> tuple[float, float]:
    """Move the mouse over the map until it is over a picture; where that is."""
    box = canvas(page).bounding_box()
    assert box is not None
    for row in range(1, 20):
        for column in range(1, 20):
            x = box["x"] + box["width"] * column / 20
            y = box["y"] + box["height"] * row / 20
            page.mouse.move(x, y)
            if page.locator(".preview").is_visible():
                return x, y
    raise AssertionError("no picture anywhere on the map")


def test_a_picture_under_the_mouse_is_shown_and_leads_to_those_like_it(map_page: Page, app: str):
    assert canvas(map_page).evaluate(INK) > 1_000
    x, y = find_picture(map_page)
    image = map_page.locator(".preview img")
    expect(image).to_be_visible()
    assert image.evaluate("image => image.naturalWidth") > 0
    assert "/pictures/small/" in str(image.get_attribute("src"))
    expect(map_page.locator(".preview .name")).to_have_text(re.compile(r"\.(jpg|png|webp)$"))
    map_page.mouse.click(x, y)
    map_page.wait_for_url(f"{app}?like=*")
    expect(map_page.locator("[class*='st-key-chip_like']")).to_have_count(1)


def test_the_map_is_moved_and_zoomed_by_keys(map_page: Page):
    drawing = canvas(map_page)
    before = drawing.screenshot()
    for key in ("+", "-", "ArrowLeft", "0"):
        drawing.press(key)
        if key in "+":
            expect(map_page.get_by_role("status").first).not_to_be_empty()
        now = drawing.screenshot()
        assert now != before, key
        before = now
    map_page.keyboard.press("Escape")


def test_the_keyboard_alone_leads_to_pictures_like_one(map_page: Page, app: str):
    group = groups(map_page).first
    group.focus()
    map_page.keyboard.press("Enter")
    expect(group).to_have_attribute("aria-pressed", "true")
    expect(map_page.get_by_text("pictures chosen:")).to_be_visible()
    settle(map_page)
    canvas(map_page).press("+")
    expect(map_page.locator(".preview")).to_be_visible()
    map_page.keyboard.press("Enter")
    map_page.wait_for_url(f"{app}?like=*")


def test_a_lasso_chooses_pictures_to_search_with_and_to_export(map_page: Page):
    lasso = map_page.get_by_role("button", name="Lasso")
    canvas(map_page).press("l")
    expect(lasso).to_have_attribute("aria-pressed", "true")
    map_page.keyboard.press("Escape")
    expect(lasso).to_have_attribute("aria-pressed", "false")
    lasso.click()
    box = canvas(map_page).bounding_box()
    assert box is not None
    left, top = box["x"] + 3, box["y"] + 3
    right, bottom = left + box["width"] * 0.6, top + box["height"] - 6
    map_page.mouse.move(left, top)
    map_page.mouse.down()
    for corner in ((right, top), (right, bottom), (left, bottom)):
        map_page.mouse.move(*corner, steps=5)
    map_page.mouse.up()
    said = map_page.get_by_text("pictures chosen")
    expect(said.last).to_be_visible()
    chosen = int(str(said.last.text_content()).split()[0])
    assert 3 <= chosen < 41
    expect(lasso).to_have_attribute("aria-pressed", "false")
    with map_page.expect_download() as download:
        map_page.get_by_role("button", name="Export list").click()
    assert len(download.value.path().read_text().splitlines()) == chosen + 1
    map_page.get_by_role("button", name="Search like these").click()
    map_page.wait_for_url("**/?like=**")
    expect(map_page.locator(".st-key-gallery li[data-id]").first).to_be_visible()
    expect(map_page.locator("[class*='st-key-chip_like']")).to_have_count(min(chosen, 8))
    settle(map_page)


@pytest.mark.parametrize("width", [360, 2560])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_every_screen(app: str, open_page, width: int, scheme: str):
    page = open_page(f"{app}?q=boat", viewport={"width": 1200, "height": 800}, color_scheme=scheme)
    opened(page)
    page.set_viewport_size({"width": width, "height": 800})
    groups(page).nth(1).click()
    expect(page.get_by_role("button", name="Search like these")).to_be_visible()
    settle(page)
    wider = page.evaluate(
        """() => {
          const main = document.querySelector('[data-testid="stMain"]');
          return [document.documentElement.scrollWidth - window.innerWidth,
                  main.scrollWidth - main.clientWidth];
        }"""
    )
    assert wider == [0, 0]
    box = canvas(page).bounding_box()
    assert box is not None
    assert box["width"] > 0.5 * min(width, 1700)


def test_a_finger_looks_first_and_opens_then(app: str, open_page):
    page = opened(open_page(app, has_touch=True, viewport={"width": 900, "height": 800}))
    x, y = find_picture(page)
    page.mouse.move(1, 1)
    expect(page.locator(".preview")).to_be_hidden()
    page.touchscreen.tap(x, y)
    expect(page.locator(".preview")).to_be_visible()
    expect(page).to_have_url(f"{app}map")
    page.touchscreen.tap(x, y)
    page.wait_for_url(f"{app}?like=*")
