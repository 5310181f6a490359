"""Every page is looked at by axe, as a visitor with a reader, a keyboard or weak eyes meets it."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from vs_browser import go_to

pytestmark = pytest.mark.browser

ALL_THERE = """() => !document.querySelector('[data-stale="true"]')
  && document.getAnimations().every(one => one.playState !== "running"
    || one.effect.getComputedTiming().endTime === Infinity)"""
"""Everything has faded in: nothing is pale any more; JavaScript."""

SERIOUS = ("serious", "critical")


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:200]}" for one in found if one["impact"] in SERIOUS
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1400])
def test_no_page_keeps_anyone_out(app, open_page, scheme: str, width: int):
    page = open_page(app, color_scheme=scheme, viewport={"width": width, "height": 900})
    found = {"start": looked_at(page)}
    for address in ("?q=red+shoes+-laces&like=3", "?q=boat&view=2"):
        page.goto(f"{app}{address}")
        found[address] = looked_at(page)
    page.goto(app)
    for name in ("Library", "Map", "Evaluate", "Settings"):
        go_to(page, name)
        if name == "Map":
            expect(page.locator("canvas").first).to_be_visible(timeout=60_000)
        found[name] = looked_at(page)
    assert not any(found.values()), found


def looked_at(page: Page) -> list[str]:
    expect(page.locator("[data-test-script-state='notRunning']")).to_be_attached()
    page.wait_for_timeout(500)
    page.wait_for_function(ALL_THERE)
    return violations(page)
