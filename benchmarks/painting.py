"""From the key that ends a question to the painted answer, in a real browser."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from playwright.sync_api import Page

from benchmarks.running import running_app, running_browser
from engine.query.scores.phrases import phrases
from export.markdown import table

_ASKED = 40  # texts, each new to the app
_WARM = 5
_PATIENCE = 60  # seconds

_LONG = 1_000  # results to scroll through
_STEPS = 150  # turns of the wheel
_TURN = 400  # pixels
_SLOW = 50  # milliseconds of a frame that an eye sees

_CARDS = """
  const host = [...document.querySelectorAll(".st-key-gallery *")].find(e => e.shadowRoot);
  const cards = host ? [...host.shadowRoot.querySelectorAll("li[data-id]")] : [];
"""

# First is when the first rows hold other pictures than before and one of them is there, whole when
# all of them are that the window shows; and the browser has drawn once more.
_WATCH = f"""() => {{
  const look = () => {{ {_CARDS} return cards; }};
  const ids = () => look().slice(0, 12).map(card => card.dataset.id).join();
  window.painted = new Promise((done) => {{
    const before = ids();
    document.addEventListener("keydown", (event) => {{
      if (event.key !== "Enter") return;
      const begun = performance.now();
      let first = null;
      const frame = () => {{
        const shown = look().filter(card => card.getBoundingClientRect().top < innerHeight);
        const there = ids() === before ? [] : shown.filter(card => {{
          const image = card.querySelector("img");
          return image.complete && image.naturalWidth > 0;
        }});
        if (there.length && first === null)
          requestAnimationFrame(() => {{ first = performance.now() - begun; }});
        if (there.length && there.length === shown.length)
          requestAnimationFrame(() => done([first, performance.now() - begun]));
        else requestAnimationFrame(frame);
      }};
      requestAnimationFrame(frame);
    }}, {{ capture: true, once: true }});
  }});
}}"""

_FRAMES = """() => {
  window.frames_ = [];
  let last = performance.now();
  const frame = (now) => {
    window.frames_.push(now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}"""
_SHOWN = f"() => {{ {_CARDS} return cards.length; }}"


def measure(library: Path) -> str:
    """Tables of the times of an app over `library`: of questions, and of scrolling."""
    texts = phrases(_WARM + _ASKED)
    with running_app(library) as address, running_browser() as browser:
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        page.goto(f"{address}?q=something")
        page.wait_for_selector(".st-key-gallery li[data-id]", timeout=_PATIENCE * 1000)
        new = [_asked(page, text) for text in texts][_WARM:]
        again = [_asked(page, text) for text in texts[_WARM:]]
        frames = _scrolled(page)
    asked = [_row("new", new), _row("asked before", again)]
    heading = ("question", "first picture, p50 ms", "all, p50 ms", "all, p95 ms", "longest, ms")
    return f"{table(heading, asked)}\n\n{_scrolling(frames)}"


def _asked(page: Page, text: str) -> tuple[float, float]:
    """Milliseconds from the key to the first picture, and to all that the window shows."""
    page.wait_for_selector("[data-test-script-state='notRunning']", state="attached")
    page.get_by_role("searchbox", name="Search by words").fill(text)
    page.evaluate(_WATCH)
    page.keyboard.press("Enter")
    first, whole = page.evaluate("window.painted")
    return float(first), float(whole)


def _row(name: str, times: Sequence[tuple[float, float]]) -> tuple[str, ...]:
    first, whole = np.array(times).T
    found = (np.median(first), np.median(whole), np.percentile(whole, 95), whole.max())
    return (name, *(f"{value:.0f}" for value in found))


def _scrolled(page: Page) -> list[float]:
    """Milliseconds of every frame on the way through a long page, and back to its top."""
    page.mouse.move(700, 600)
    while page.evaluate(_SHOWN) < _LONG:
        page.mouse.wheel(0, 10 * _TURN)
        page.wait_for_timeout(100)
    page.wait_for_selector("[data-test-script-state='notRunning']", state="attached")
    page.mouse.wheel(0, -1_000_000)  # to the top
    page.evaluate(_FRAMES)
    for step in range(_STEPS):
        page.mouse.wheel(0, _TURN if step < _STEPS // 2 else -_TURN)
        page.wait_for_timeout(16)
    return [float(frame) for frame in page.evaluate("window.frames_")]


def _scrolling(frames: Sequence[float]) -> str:
    p50, p95 = np.percentile(frames, (50, 95))
    slow = sum(frame > _SLOW for frame in frames)
    row = (f"{len(frames)}", f"{p50:.0f}", f"{p95:.0f}", f"{max(frames):.0f}", f"{slow}")
    heading = ("frames", "p50, ms", "p95, ms", "longest, ms", f"over {_SLOW} ms")
    return table(heading, [row])
