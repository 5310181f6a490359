"""The app as a visitor meets it: a real server, a real browser."""

import re
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Locator, Page, expect
from vs_browser import go_to, settle

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
PHONE = {"viewport": {"width": 390, "height": 844}}
NASTY = "<img src=x onerror=alert(1)><script>alert(2) *b* `c` :smile:.jpg"

GIVE_PICTURE = """([bytes, kind]) => {
  const files = new DataTransfer();
  files.items.add(new File([new Uint8Array(bytes)], "given.jpg", { type: "image/jpeg" }));
  if (kind === "paste with words") files.setData("text/plain", "words");
  const event = kind === "drop"
    ? new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true })
    : new ClipboardEvent("paste", { clipboardData: files, bubbles: true, cancelable: true });
  const target = document.activeElement === document.body ? document.body : document.activeElement;
  target.dispatchEvent(event);
  return event.defaultPrevented;
}"""

WIDER_THAN_WINDOW = """() => {
  const main = document.querySelector('[data-testid="stMain"]');
  return [document.documentElement.scrollWidth - window.innerWidth,
          main.scrollWidth - main.clientWidth];
}"""


def results(page: Page) -> Locator:
    return page.locator(".st-key-gallery li")


def searched(page: Page, count: int = 41) -> None:
    """Wait until the whole answer is there."""
    expect(page.get_by_text("41 pictures searched in").first).to_be_visible()
    expect(results(page)).to_have_count(count)
    settle(page)


def names(page: Page) -> list[str]:
    """Names of the results on the page."""
    return [str(image.get_attribute("alt")) for image in results(page).locator("img").all()]


def card(page: Page, name: str) -> Locator:
    """The result of this name, under the pointer."""
    found = results(page).filter(has=page.get_by_alt_text(name, exact=True))
    found.hover()
    return found


def chips(page: Page) -> Locator:
    return page.locator("[class*='st-key-chip_']")


def remove(page: Page, chip: Locator) -> None:
    chip.get_by_role("button").click()
    page.get_by_role("button", name="Remove").click()


@pytest.fixture
def picture(pictures: Path) -> Path:
    return sorted(pictures.rglob("*.jpg"))[3]


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


def test_an_uploaded_picture_then_words_then_the_slider(app, open_page, picture: Path):
    page = open_page(app)
    slider = page.get_by_role("slider", name="Balance of words and picture")
    page.locator(".st-key-example input[type=file]").set_input_files(picture)
    expect(chips(page)).to_have_count(1)
    expect(results(page).first.locator("img")).to_have_attribute("alt", picture.name)
    expect(slider).to_have_count(0)
    page.get_by_role("searchbox", name="Search by words").fill("sunset")
    page.keyboard.press("Enter")
    expect(slider).to_be_visible()
    slider.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_url("**w=0.55*")
    other = open_page(page.url)
    expect(other.get_by_text("55 % picture")).to_be_visible()
    searched(page)
    searched(other)
    assert names(other) == names(page)
    remove(page, chips(page).first)
    expect(page).to_have_url(f"{app}?q=sunset")
    expect(slider).to_have_count(0)


def test_a_pasted_or_dropped_picture_is_searched_with(app, open_page, picture: Path):
    page = open_page(f"{app}?q=sunset")
    searched(page)
    for kind in ("paste", "drop"):
        page.wait_for_function(GIVE_PICTURE, arg=[list(picture.read_bytes()), kind])
        expect(chips(page)).to_have_count(2)  # the words have one, too
        expect(page.get_by_role("slider", name="Balance")).to_be_visible()
        remove(page, chips(page).first)
        expect(chips(page)).to_have_count(0)


def test_words_pasted_into_a_box_stay_words(app, open_page, picture: Path):
    page = open_page(app)
    page.get_by_role("searchbox", name="Search by words").focus()
    page.wait_for_function(GIVE_PICTURE, arg=[list(picture.read_bytes()), "paste"])
    expect(chips(page)).to_have_count(1)
    page.get_by_role("searchbox", name="Search by words").focus()
    assert not page.evaluate(GIVE_PICTURE, [list(picture.read_bytes()), "paste with words"])


def test_an_unreadable_upload_is_explained(app, open_page):
    page = open_page(f"{app}?q=boat")
    letter = {"name": "le*tt*er.pdf", "mimeType": "application/pdf", "buffer": b"Dear Sir"}
    page.locator(".st-key-example input[type=file]").set_input_files(letter)
    problem = page.get_by_role("alert").filter(has_text="cannot be an example")
    expect(problem).to_contain_text("le*tt*er.pdf")
    expect(problem).to_contain_text("the content is text")
    expect(results(page)).to_have_count(41)


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


def test_a_thumb_up_is_shown_and_explained(app, open_page):
    page = open_page(f"{app}?q=mountains")
    searched(page)
    good = names(page)[1]
    card(page, good).get_by_role("button", name=f"Good match: {good}").click()
    expect(results(page).first).to_have_class("liked")
    card(page, good).locator(".picture").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("your thumb up")).to_be_visible()
    expect(dialog.get_by_text("Looks like")).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    card(page, good).get_by_role("button", name=f"Liked, press to take it back: {good}").click()
    expect(page.locator(".st-key-gallery li.liked")).to_have_count(0)


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


def touch(page: Page, points: list[tuple[float, float]]) -> None:
    """Move a finger along points."""
    cdp = page.context.new_cdp_session(page)
    for number, (x, y) in enumerate(points):
        kind = "touchMove" if number else "touchStart"
        cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
        page.wait_for_timeout(30)
    cdp.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_finger_leads_on_and_draws_a_box_when_asked_to(app, open_page):
    page = open_page(f"{app}?q=boat&view=2", **PHONE, has_touch=True, is_mobile=True)
    stage = page.get_by_role("application")
    expect(stage).to_be_visible()
    settle(page)
    page.wait_for_timeout(500)  # the window has slid in
    box = stage.bounding_box()
    assert box
    across = [(box["x"] + share * box["width"], box["y"] + 100) for share in (0.8, 0.6, 0.3)]
    touch(page, across)
    expect(page).not_to_have_url(f"{app}?q=boat&view=2")
    expect(page.get_by_role("button", name="Search with this part")).to_be_hidden()
    settle(page)
    page.get_by_role("button", name="Select a part").tap()
    touch(page, [(x, y + 40 * number) for number, (x, y) in enumerate(across)])
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
