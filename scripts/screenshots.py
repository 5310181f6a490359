"""Pictures of every page over the sample library: `python scripts/screenshots.py FOLDER`.

Light, dark, and as on a phone. Needs requirements-dev.txt and Chromium.
"""

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page

PROJECT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(PROJECT))

from benchmarks.running import running_app, running_browser  # noqa: E402
from engine import SearchEngine  # noqa: E402
from engine.sample import write_sample_library  # noqa: E402

PAGES = {
    "start": "",
    "search": "?q=red+shoes+with+white+laces",
    "both": "?q=at+night+-snow&like={house}",
    "picture": "?q=sailing+boat&view={boat}",
    "library": "library",
    "map": "map",
    "evaluate": "evaluate",
    "settings": "settings",
}
"""Addresses; the best pictures of some kinds stand in brackets."""

KINDS = {"house": "a house with a garden", "boat": "sailing boat on a lake"}
LOOKS: dict[str, dict[str, object]] = {
    "light": {"viewport": {"width": 1400, "height": 900}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1400, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
}
_IMAGES = 600


def main(folder: Path) -> None:
    """Write `PAGE-LOOK.png` for all pages and looks."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        write_sample_library(place / "pictures", _IMAGES)
        with SearchEngine.open(place / "library") as engine:
            engine.index([place / "pictures"])
            best = {kind: engine.search(text, 1).results[0].id for kind, text in KINDS.items()}
        pages = {name: address.format(**best) for name, address in PAGES.items()}
        with running_app(place / "library") as address, running_browser() as browser:
            for look, options in LOOKS.items():
                _pages(browser, address, pages, options, folder, look)


def _pages(
    browser: Browser,
    address: str,
    pages: dict[str, str],
    options: dict[str, object],
    folder: Path,
    look: str,
) -> None:
    page = browser.new_context(**options).new_page()  # type: ignore[arg-type]
    page.goto(f"{address}?q=with+some+words")  # the first question waits for the model
    _wait(page, "")
    for name, rest in pages.items():
        page.goto(f"{address}{rest}")
        _wait(page, "map" if name == "map" else "")
        file = folder / f"{name}-{look}.png"
        page.screenshot(path=file)
        print(file)


def _wait(page: Page, what: str) -> None:
    """Until nothing moves any more."""
    page.wait_for_selector("[data-test-script-state='notRunning']", state="attached")
    if what == "map":
        page.wait_for_selector("canvas", timeout=120_000)
    page.wait_for_timeout(2_000)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python scripts/screenshots.py FOLDER")
    main(Path(sys.argv[1]))
