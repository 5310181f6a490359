"""The app in a process of its own, and a headless browser to look at it."""

import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "chrome")
"""Names that the browser has on different systems."""

_FLAGS = ("--no-sandbox", "--disable-background-networking")
_PROJECT = Path(__file__).resolve().parents[1]
_PATIENCE = 90  # seconds


@contextmanager
def running_app(library: Path, **variables: str) -> Iterator[str]:
    """`streamlit run` on a free port of this machine; ends the process when it is left.

    Args:
        library: the folder of the library; need not exist.
        variables: more of the environment.

    Yields:
        The app's address.

    Raises:
        RuntimeError: it has not started; the message says what it printed.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py"]
    process = subprocess.Popen(
        [*command, f"--server.port={port}", "--server.headless=true"],
        cwd=_PROJECT,
        env={**os.environ, "VISUAL_SEARCH_LIBRARY": str(library), **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    try:
        _wait(process)
        # What it goes on to say is read, so that it never waits for a reader.
        threading.Thread(target=process.stdout.read, daemon=True).start()
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait(timeout=30)


@contextmanager
def running_browser() -> Iterator[Browser]:
    """The system's Chromium, or else that of Playwright; closed when it is left.

    Raises:
        FileNotFoundError: there is none.
    """
    with sync_playwright() as playwright:
        found = next(filter(None, map(shutil.which, CHROMIUM)), None)
        own = playwright.chromium.executable_path
        if found is None and not Path(own).exists():
            raise FileNotFoundError(f"no Chromium: none of {', '.join(CHROMIUM)} is installed")
        browser = playwright.chromium.launch(executable_path=found or own, args=_FLAGS)
        yield browser
        browser.close()


def _wait(process: subprocess.Popen[str]) -> None:
    """Until it tells its address."""
    assert process.stdout is not None
    too_slow = threading.Timer(_PATIENCE, process.kill)
    too_slow.start()
    try:
        said: list[str] = []
        for line in process.stdout:
            said.append(line)
            if "URL:" in line:
                return
        raise RuntimeError(f"the app has not started:\n{''.join(said)}")
    finally:
        too_slow.cancel()
