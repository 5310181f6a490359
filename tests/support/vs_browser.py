"""Waiting as a person in front of a browser does."""

from playwright.sync_api import Page, expect


def settle(page: Page) -> None:
    """Until every picture is there, as a person would wait; a broken one is never there."""
    expect(page.locator("[data-test-script-state='notRunning']")).to_be_attached()
    page.wait_for_function(
        "[...document.images].every(image => image.complete && image.naturalWidth > 0)"
    )
