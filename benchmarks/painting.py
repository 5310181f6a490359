"""From the key that ends a question to the painted answer, in a real browser."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, sync_playwright

from benchmarks.running import CHROMIUM, FLAGS, running_app
from engine.query.phrases import phrases
from export.markdown import table

_ASKED = 40  # texts, each new to the app
_WARM = 5
_PATIENCE = 60  # seconds

# Painted is when the first rows hold other pictures than before, all of them there, and the
# browser has drawn once more.
_WATCH = """() => {
  const cards = () => {
    const host = [...document.querySelectorAll(".st-key-gallery *")].find(e => e.shadowRoot);
    return host ? [...host.shadowRoot.querySelectorAll("li")] : [];
  };
  const ids = () => cards().slice(0, 12).map(card => card.dataset.id).join();
  window.painted = new Promise((done) => {
    const before = ids();
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      const begun = performance.now();
      const look = () => {
        const shown = cards().filter(card => card.getBoundingClientRect().top < innerHeight);
        const isThere = shown.length > 0 && ids() !== before && shown.every(card => {
          const image = card.querySelector("img");
          return image.complete && image.naturalWidth > 0;
        });
        if (isThere) requestAnimationFrame(() => done(performance.now() - begun));
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    }, { capture: true, once: true });
  });
}"""


def measure(library: Path) -> str:
    """A table of the times of an app over `library`."""
    with running_app(library) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        page.goto(f"{address}?q=something")
        page.wait_for_selector(".st-key-gallery li", timeout=_PATIENCE * 1000)
        found = [_asked(page, text) for text in phrases(_WARM + _ASKED)]
        browser.close()
    return _report(found[_WARM:])


def _asked(page: Page, text: str) -> float:
    """Milliseconds from the key to the picture."""
    page.wait_for_selector("[data-test-script-state='notRunning']", state="attached")
    page.get_by_role("searchbox", name="Search by words").fill(text)
    page.evaluate(_WATCH)
    page.keyboard.press("Enter")
    return float(page.evaluate("window.painted"))


def _report(times: Sequence[float]) -> str:
    p50, p95 = np.percentile(times, (50, 95))
    row = (str(len(times)), f"{p50:.0f}", f"{p95:.0f}", f"{max(times):.0f}")
    return table(("questions", "p50, ms", "p95, ms", "longest, ms"), [row])
