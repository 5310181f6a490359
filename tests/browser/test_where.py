"""Where the words match, over a large picture."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

COVERED = """canvas => {
  const image = canvas.parentElement.querySelector("img");
  const { width, height } = canvas.getBoundingClientRect();
  const is_square = canvas.width === canvas.height;
  const fits = getComputedStyle(canvas).objectFit;
  const scale = Math.min(width / canvas.width, height / canvas.height);
  const wide = fits === "fill" ? width : canvas.width * scale;
  return [is_square, width / height, wide / image.clientWidth];
}"""
"""Whether the map is square, the shape of the picture, and the share of its width below the map."""


def test_the_map_covers_all_of_a_picture(app: str, open_page: Callable[..., Page]) -> None:
    page = open_page(f"{app}?q=boat&view=35")
    page.get_by_text("Show where the words match").click()
    canvas = page.locator(".stage canvas")
    expect(canvas).to_be_visible()
    page.wait_for_function("() => document.querySelector('[data-test-script-state=notRunning]')")
    is_square, shape, share = canvas.evaluate(COVERED)
    assert is_square
    assert shape > 1.1  # else a square map would do
    assert share == pytest.approx(1, abs=0.02)
