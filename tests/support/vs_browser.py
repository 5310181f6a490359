"""Waiting as a person in front of a browser does."""

import re
from contextlib import suppress

from playwright.sync_api import Page, expect

_PRESSES = 3

PHONE = {"viewport": {"width": 360, "height": 740}}

WIDER_THAN_WINDOW = """() => {
  const main = document.querySelector('[data-testid="stMain"]');
  return [document.documentElement.scrollWidth - window.innerWidth,
          main.scrollWidth - main.clientWidth];
}"""

IMAGES = """[document, ...[...document.querySelectorAll("*")].flatMap(e => e.shadowRoot ?? [])]
  .flatMap(root => [...root.querySelectorAll("img")])
  .filter(image => image.loading !== "lazy" || image.getBoundingClientRect().top < innerHeight)
  .filter(image => image.getBoundingClientRect().height > 0)"""
"""Pictures that a person sees without scrolling, also inside components; JavaScript."""


def settle(page: Page) -> None:
    """Until every picture is there, as a person would wait; a broken one is never there."""
    expect(page.locator("[data-test-script-state='notRunning']")).to_be_attached()
    page.wait_for_function(f"({IMAGES}).every(image => image.complete && image.naturalWidth > 0)")


def go_to(page: Page, name: str) -> None:
    """Follow the link to another page of the app, in Streamlit's bar or in a phone's row."""
    bar = page.locator("[data-testid='stHeader'], .st-key-page_row")
    there = re.compile(rf"://[^/]+/{'' if name == 'Search' else name.lower()}(\?.*)?$")
    for _ in range(_PRESSES):  # a link that is drawn anew under the mouse takes no click
        bar.get_by_role("link", name=name, exact=True).click()
        with suppress(AssertionError):
            expect(page).to_have_url(there, timeout=5_000)
            break
    expect(page).to_have_url(there)
    expect(page.locator("[data-test-script-state='notRunning']")).to_be_attached()


def open_tab(page: Page, name: str) -> None:
    """Open a section of the library's page."""
    tab = page.get_by_role("tab", name=name)
    for _ in range(_PRESSES):  # while the connection is away a tab takes no click, as for people
        tab.click()
        with suppress(AssertionError):
            expect(tab).to_have_attribute("aria-selected", "true", timeout=5_000)
            break
    expect(tab).to_have_attribute("aria-selected", "true")
    expect(page.locator("[data-test-script-state='notRunning']")).to_be_attached()
