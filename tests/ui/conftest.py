"""Small libraries, and the app over them without a browser."""

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from engine import Device, SearchEngine
from engine.encoder import Encoder
from engine.encoder.providers import choose_providers
from engine.sample import write_sample_library
from ui import disk_meter, resources


class Page:
    """One visitor's page: what it shows, and what the visitor does."""

    def __init__(self, app: AppTest) -> None:
        self.app = app.run()

    @property
    def ids(self) -> list[int]:
        """Ids of the results, in order."""
        keys = [button.key or "" for button in self.app.button]
        return [int(key.removeprefix("up_")) for key in keys if key.startswith("up_")]

    @property
    def words(self) -> str:
        """All that the page says outside of its widgets."""
        app = self.app
        texts = (app.title, app.subheader, app.markdown, app.text, app.caption, app.code)
        alerts = (app.error, app.warning, app.info, app.success, app.metric)
        return "\n".join(str(element.value) for kind in (*texts, *alerts) for element in kind)

    @property
    def params(self) -> dict[str, str]:
        """The parameters of the page's address."""
        values = self.app.query_params
        return {name: v if isinstance(v, str) else v[-1] for name, v in values.items()}

    def go_to(self, url_path: str) -> None:
        """Follow the link to another page of the app."""
        self.app._page_hash = calc_hash(url_path)
        self.app.run()
        self.check()

    def open_section(self, name: str) -> None:
        """Open a tab of the library's page."""
        titles = [tab.label for tab in self.app.tabs]
        self.app.session_state["section"] = next(t for t in titles if t.endswith(f": {name}"))
        self.app.run()
        self.check()

    def has(self, key: str) -> bool:
        """Whether there is a button of this key."""
        return any(button.key == key for button in self.app.button)

    def press(self, key: str) -> None:
        """Press the button of this key."""
        self.app.button(key=key).click().run()
        self.check()

    def enter(self, key: str, text: str) -> None:
        """Fill in the text box of this key."""
        self.app.text_input(key=key).set_value(text).run()
        self.check()

    def upload(self, name: str, content: bytes) -> None:
        """Choose an example picture."""
        self.app.file_uploader[0].upload(name, content, "image/jpeg").run()
        self.check()

    def check(self) -> None:
        """No error has escaped."""
        assert not self.app.exception, self.app.exception[0].message


OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def few_pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """40 sample pictures; read only."""
    folder = tmp_path_factory.mktemp("few") / "pictures"
    write_sample_library(folder, 40)
    return folder


@pytest.fixture(scope="session")
def indexed(encoder: Encoder, few_pictures: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of the 40 pictures; read only, copy it."""
    folder = tmp_path_factory.mktemp("indexed") / "library"
    with SearchEngine.with_encoder(encoder, folder) as engine:
        engine.index([few_pictures])
    return folder


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the app under test keeps its library; nothing is there yet."""
    folder = tmp_path / "home" / "library"
    monkeypatch.setenv("VISUAL_SEARCH_LIBRARY", str(folder))
    return folder


@pytest.fixture
def open_page(
    project: Path, library: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> Iterator[OpenPage]:
    """Opens a page of the app as a new visitor, at an address with the given parameters.

    The model is loaded once for all tests.
    """

    def open_engine(device: Device, adapter: str) -> SearchEngine:
        choose_providers(device)
        return SearchEngine.with_encoder(encoder.with_adapter(adapter))

    monkeypatch.setattr(SearchEngine, "open", open_engine)
    monkeypatch.delenv("VISUAL_SEARCH_DEVICE", raising=False)
    for name in ("ADAPTER", "MODEL", "ROOTS", "READ_ONLY"):
        monkeypatch.delenv(f"VISUAL_SEARCH_{name}", raising=False)

    def opened(at: str = "", **params: str) -> Page:
        app = AppTest.from_file(str(project / "ui" / "app.py"), default_timeout=60)
        for name, value in params.items():
            app.query_params[name] = value
        app._page_hash = calc_hash(at) if at else ""
        page = Page(app)
        page.check()
        return page

    yield opened
    resources.index_job().wait(timeout=60)
    for thread in threading.enumerate():  # none may be in native code when the process ends
        if thread.name == "warm":
            thread.join(timeout=60)
    disk_meter.disk_meter().wait(timeout=60)
    st.cache_resource.clear()


@pytest.fixture
def filled(library: Path, indexed: Path) -> Path:
    """The library of the app under test, with 40 pictures in it."""
    shutil.copytree(indexed, library)
    return library


@pytest.fixture
def shared_engine(filled: Path, open_page: OpenPage) -> SearchEngine:
    """The engine that all visitors of the app under test share, over 40 pictures."""
    return resources.open_engine()
