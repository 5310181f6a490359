"""The results on the search page, as a person in front of a browser finds them."""

from playwright.sync_api import Locator, Page, expect
from vs_browser import settle


def results(page: Page) -> Locator:
    return page.locator(".st-key-gallery li[data-id]")


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
