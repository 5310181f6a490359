"""Searching with a picture of one's own."""

from pathlib import Path

import pytest
from playwright.sync_api import expect
from vs_results import chips, names, remove, results, searched

pytestmark = pytest.mark.browser

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


@pytest.fixture
def picture(pictures: Path) -> Path:
    return sorted(pictures.rglob("*.jpg"))[3]


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
