"""The app in a process of its own, and a headless Chromium to look at it."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
)
from vs_browser import settle
from vs_once import MakeOnce, indexing

from benchmarks.running import running_app, running_browser
from engine.encoder import Encoder
from engine.sample import write_sample_library

NASTY = "<img src=x onerror=alert(1)><script>alert(2) *b* `c` :smile:.jpg"

OpenPage = Callable[..., Page]
RunApp = Callable[..., str]

expect.set_options(timeout=60_000)


@pytest.fixture
def run_app() -> Iterator[RunApp]:
    """Runs the app over a library until the test ends; name it before `open_page`.

    Keyword arguments are environment variables.
    """
    with ExitStack() as apps:
        yield lambda *args, **variables: apps.enter_context(running_app(*args, **variables))


@pytest.fixture
def running() -> Callable[[Path], AbstractContextManager[str]]:
    """Runs the app over a library for as long as it is entered."""
    return running_app


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with ExitStack() as running:
        try:
            browser = running.enter_context(running_browser())
        except FileNotFoundError as error:
            if os.environ.get("CI") == "true":
                pytest.fail(str(error))
            pytest.skip(str(error))
        yield browser


@pytest.fixture(scope="session")
def pictures(made_once: MakeOnce) -> Path:
    """40 sample pictures and one whose name is hard to show."""

    def draw(folder: Path) -> None:
        write_sample_library(folder, 41)
        last = sorted(folder.rglob("0041-*"))[0]
        last.rename(folder / NASTY)

    return made_once("browser", draw)


@pytest.fixture(scope="session")
def indexed(encoder: Encoder, pictures: Path, made_once: MakeOnce) -> Path:
    """A library of the pictures; read only."""
    return made_once("browser-library", indexing(encoder, pictures))


@pytest.fixture(scope="module")
def app(indexed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of an app over a library of 41 pictures."""
    library = tmp_path_factory.mktemp("app") / "library"
    shutil.copytree(indexed, library)
    with running_app(library) as address:
        yield address


_HARMLESS = (
    "/_stcore/",  # a page opened by its own address looks below that address for the server first
    "/media/",  # previews that nobody shows any more, perhaps before the browser came for them
)


def is_complaint(message: ConsoleMessage) -> bool:
    """An error, unless it is one of Streamlit's own that mean nothing."""
    place = f"{message.text} {message.location.get('url')}"
    return message.type == "error" and not any(part in place for part in _HARMLESS)


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Opens an address as a new visitor; at the end, no page may have complained.

    Keyword arguments are those of `Browser.new_context`.
    """
    complaints: list[str] = []
    pages: list[Page] = []
    with ExitStack() as contexts:

        def opened(address: str, **options: object) -> Page:
            context: BrowserContext = browser.new_context(**options)
            contexts.callback(context.close)
            context.set_default_timeout(60_000)
            page = context.new_page()
            page.on("console", lambda m: is_complaint(m) and complaints.append(m.text))
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on("dialog", lambda dialog: complaints.append(f"dialog: {dialog.message}"))
            page.on(
                "request",
                lambda r: (
                    r.url.startswith(("http://127.0.0.1:", "data:", "blob:"))
                    or complaints.append(f"asks the internet: {r.url}")
                ),
            )
            page.goto(address)
            expect(page.get_by_role("heading", name="Visual search")).to_be_visible()
            pages.append(page)
            settle(page)
            return page

        yield opened
        for page in pages:
            if not page.is_closed():
                settle(page)
    assert complaints == []


@pytest.fixture
def empty_app(tmp_path: Path) -> Iterator[str]:
    """The address of an app over a library that does not exist yet."""
    with running_app(tmp_path / "home" / "library") as address:
        yield address
