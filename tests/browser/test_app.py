"""The app as a visitor meets it: a real server, a real browser."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from vs_browser import go_to, settle

pytestmark = pytest.mark.browser

PHONE = {"viewport": {"width": 390, "height": 844}}
NASTY = "<img src=x onerror=alert(1)> *b* `c` :smile:.jpg"

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

BROKEN_IMAGES = "() => [...document.images].filter(i => i.complete && !i.naturalWidth).length"
WIDER_THAN_WINDOW = """() => {
  const main = document.querySelector('[data-testid="stMain"]');
  return [document.documentElement.scrollWidth - window.innerWidth,
          main.scrollWidth - main.clientWidth];
}"""


def results(page: Page) -> Locator:
    return page.locator(".st-key-gallery [data-testid='stImage'] img")


def searched(page: Page, count: int = 24) -> None:
    """Wait until the whole answer is there."""
    expect(page.get_by_text("41 images searched in")).to_be_visible()
    expect(results(page)).to_have_count(count)
    settle(page)


def names(page: Page) -> list[str]:
    """Names of the results on the page."""
    return [str(image.get_attribute("alt")) for image in results(page).all()]


@pytest.fixture
def picture(pictures: Path) -> Path:
    return sorted(pictures.rglob("*.jpg"))[3]


def test_searching_by_keyboard_alone(app, open_page):
    page = open_page(app)
    box = page.get_by_role("searchbox", name="Search by words")
    for _ in range(8):
        page.keyboard.press("Tab")
        if box.evaluate("box => box === document.activeElement"):
            break
    expect(box).to_be_focused()
    page.keyboard.type("sailing boat")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{app}?q=sailing+boat")
    searched(page)
    without = page.get_by_role("searchbox", name="Without")
    for _ in range(3):
        page.keyboard.press("Tab")
        if without.evaluate("box => box === document.activeElement"):
            break
    expect(without).to_be_focused()


def test_the_address_shows_the_same_search_to_another_visitor(app, open_page):
    page = open_page(app)
    page.get_by_role("searchbox", name="Search by words").fill("red shoes")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{app}?q=red+shoes")
    page.get_by_role("button", name="Show more").click()
    searched(page, 41)
    other = open_page(page.url)
    expect(other.get_by_role("searchbox", name="Search by words")).to_have_value("red shoes")
    searched(other, 41)
    assert names(other) == names(page)


def test_the_back_button_goes_back_to_the_search_before(app, open_page):
    page = open_page(f"{app}?q=boat")
    searched(page)
    before = names(page)
    box = page.get_by_role("searchbox", name="Search by words")
    box.fill("house")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{app}?q=house")
    expect(results(page).first).not_to_have_attribute("alt", before[0])
    searched(page)
    page.go_back()
    expect(box).to_have_value("boat")
    expect(results(page).first).to_have_attribute("alt", before[0])
    searched(page)
    assert names(page) == before


def test_an_uploaded_picture_then_words_then_the_slider(app, open_page, picture: Path):
    page = open_page(app)
    slider = page.get_by_role("slider", name="Balance of words and picture")
    page.locator(".st-key-example input[type=file]").set_input_files(picture)
    expect(page.locator(".st-key-chip_example")).to_be_visible()
    expect(results(page).first).to_have_attribute("alt", picture.name)
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
    page.get_by_role("button", name="Remove").click()
    expect(page).to_have_url(f"{app}?q=sunset")
    expect(slider).to_have_count(0)


def test_a_pasted_or_dropped_picture_is_searched_with(app, open_page, picture: Path):
    page = open_page(f"{app}?q=sunset")
    searched(page)
    chip = page.locator(".st-key-chip_example")
    for kind in ("paste", "drop"):
        page.wait_for_function(GIVE_PICTURE, arg=[list(picture.read_bytes()), kind])
        expect(chip).to_be_visible()
        expect(page.get_by_role("slider")).to_be_visible()
        chip.get_by_role("button", name="Remove").click()
        expect(chip).to_have_count(0)


def test_words_pasted_into_a_box_stay_words(app, open_page, picture: Path):
    page = open_page(app)
    page.get_by_role("searchbox", name="Search by words").focus()
    page.wait_for_function(GIVE_PICTURE, arg=[list(picture.read_bytes()), "paste"])
    expect(page.locator(".st-key-chip_example")).to_be_visible()
    page.get_by_role("searchbox", name="Search by words").focus()
    assert not page.evaluate(GIVE_PICTURE, [list(picture.read_bytes()), "paste with words"])


def test_an_unreadable_upload_is_explained(app, open_page):
    page = open_page(f"{app}?q=boat")
    letter = {"name": "le*tt*er.pdf", "mimeType": "application/pdf", "buffer": b"Dear Sir"}
    page.locator(".st-key-example input[type=file]").set_input_files(letter)
    problem = page.get_by_role("alert").filter(has_text="cannot be used as an example")
    expect(problem).to_contain_text("le*tt*er.pdf")
    expect(problem).to_contain_text("the content is text")
    expect(results(page)).to_have_count(24)


def test_a_thumb_down_hides_the_picture_for_good(app, open_page):
    page = open_page(f"{app}?q=flowers")
    searched(page)
    bad = names(page)[0]
    page.get_by_role("button", name=f"Bad match, hide it: {bad}").click()
    expect(page.get_by_text("1 image hidden by your thumbs down")).to_be_visible()
    expect(page.get_by_alt_text(bad)).to_have_count(0)
    later = open_page(page.url)
    expect(later.get_by_text("1 image hidden by your thumbs down")).to_be_visible()
    expect(later.get_by_alt_text(bad)).to_have_count(0)
    later.get_by_role("button", name="Reset thumbs").click()
    expect(later.get_by_alt_text(bad)).to_be_visible()
    assert later.evaluate(BROKEN_IMAGES) == 0


def test_a_thumb_up_is_shown_and_explained(app, open_page):
    page = open_page(f"{app}?q=mountains")
    searched(page)
    good = names(page)[1]
    page.get_by_role("button", name=f"Good match: {good}").click()
    liked = page.get_by_role("button", name=f"Liked, press to take it back: {good}")
    expect(liked).to_be_visible()
    page.get_by_role("button", name=f"Why this result: {good}").click()
    expect(page.get_by_text("your thumb up")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_text("your thumb up")).to_have_count(0)
    liked.click()
    expect(page.get_by_role("button", name=f"Good match: {good}")).to_be_visible()


def test_more_like_this_and_why(app, open_page):
    page = open_page(f"{app}?q=boat")
    searched(page)
    name = names(page)[2]
    page.get_by_role("button", name=f"More like this: {name}").click()
    expect(page.locator(".st-key-chip_like")).to_contain_text(name)
    searched(page)
    expect(page.locator(".st-key-gallery").get_by_role("img").first).to_have_attribute("alt", name)
    page.get_by_role("button", name="Why this result").first.click()
    expect(page.get_by_text("adds to its place")).to_be_visible()
    expect(page.get_by_text("more like image")).to_be_visible()


def test_a_name_full_of_markup_is_shown_as_it_is(app, open_page):
    page = open_page(f"{app}?q=boat&n=48")
    searched(page, 41)
    expect(page.get_by_alt_text(NASTY, exact=True)).to_be_visible()
    card = page.locator(".st-key-gallery").get_by_text(NASTY, exact=True).first
    expect(card).to_be_visible()
    assert page.locator("img[src='x']").count() == 0


def test_nothing_is_wider_than_the_window(app, open_page):
    page = open_page(f"{app}?q=red+shoes+{'long' * 30}&like=3&without=hats,laces", **PHONE)
    searched(page)
    for width, columns in ((390, 2), (1280, 6), (1600, 6)):
        page.set_viewport_size({"width": width, "height": 900})
        tops = "images => images.map(image => Math.round(image.getBoundingClientRect().top))"
        page.wait_for_function(
            f"n => {{ const tops = ({tops})([...document.querySelectorAll('.st-key-gallery img')]);"
            "return tops.filter(top => top === tops[0]).length === n; }",
            arg=columns,
        )
        assert max(page.evaluate(WIDER_THAN_WINDOW)) <= 0
        boxes = [image.bounding_box() for image in results(page).all()]
        assert len({(round(box["width"]), round(box["height"])) for box in boxes if box}) == 1


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
    expect(page.get_by_text("41 images")).to_be_visible()
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
