"""Small libraries, and the app over them without a browser."""

import functools
import json
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.components.v2.bidi_component.main import _make_trigger_id
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash
from vs_once import MakeOnce, indexing

from engine import Device, SearchEngine
from engine.encoder import Encoder
from engine.encoder.providers import choose_providers
from engine.sample import write_sample_library
from ui import resources
from ui.library import disk_meter


class Page:
    """One visitor's page: what it shows, and what the visitor does."""

    def __init__(self, app: AppTest) -> None:
        self.app = app.run()

    @property
    def hits(self) -> list[dict[str, Any]]:
        """The results as the gallery gets them, in order; none where nothing is searched for."""
        return self.gallery()["hits"] if self.draws("gallery") else []

    @property
    def ids(self) -> list[int]:
        """Ids of the results, in order."""
        return [hit["id"] for hit in self.hits]

    def gallery(self, key: str = "gallery") -> dict[str, Any]:
        """What a gallery, or another component, was given to draw."""
        return json.loads(self._component(key).json)

    def draws(self, key: str) -> bool:
        """Whether the page has a component of this key."""
        return bool(self._components(key))

    def act(self, kind: str, image_id: int, key: str = "gallery") -> None:
        """Do something to a picture: `up`, `down`, `more`, `less` or `open`."""
        self.tell(key, "act", {"kind": kind, "id": image_id})

    def tell(self, key: str, event: str, value: object) -> None:
        """What a component tells when something has happened in the browser."""
        told = json.dumps([{"event": event, "value": value}])
        self._send(_make_trigger_id(self._component(key).id, "events"), "json_trigger_value", told)

    def choose(self, *ids: int, key: str = "gallery") -> None:
        """Choose pictures of a gallery."""
        chosen = {"chosen": {"ids": ids, "round": self.gallery(key)["round"]}}
        self._send(self._component(key).id, "json_value", json.dumps(chosen))

    def close(self) -> None:
        """Close the window that is open."""
        (window,) = self.app.get("dialog")
        self._send(window.proto.dialog.id, "trigger_value", True)

    def _send(self, name: str, kind: str, value: object) -> None:
        states = self.app._tree.get_widget_states()
        states.widgets.add(id=name, **{kind: value})
        self.app._run(states)
        self.check()

    def _component(self, key: str) -> Any:
        (found,) = self._components(key)
        return found

    def _components(self, key: str) -> list[Any]:
        protos = [element.proto for element in self.app.get("bidi_component")]
        return [proto for proto in protos if proto.id.endswith(f"-{key}")]

    @property
    def words(self) -> str:
        """All that the page says outside of its widgets."""
        app = self.app
        texts = (app.title, app.subheader, app.markdown, app.text, app.caption, app.code)
        alerts = (app.error, app.warning, app.info, app.success, app.metric)
        return "\n".join(str(element.value) for kind in (*texts, *alerts) for element in kind)

    @property
    def popovers(self) -> list[str]:
        """Labels of what opens when pressed (Markdown), as the chips of a search."""
        return [block.proto.popover.label for block in self.app.main.get("popover")]

    @property
    def params(self) -> dict[str, str]:
        """The parameters of the page's address."""
        values = self.app.query_params
        return {name: v if isinstance(v, str) else ",".join(v) for name, v in values.items()}

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

    def pick(self, key: str, value: object) -> None:
        """Choose a value of the segmented control, slider or toggle of this key."""
        app = self.app
        widgets = (*app.get("button_group"), *app.slider, *app.select_slider, *app.toggle)
        next(widget for widget in widgets if widget.key == key).set_value(value).run()
        self.check()

    def upload(self, name: str, content: bytes) -> None:
        """Choose an example picture."""
        self.upload_all({name: content})

    def upload_all(self, files: dict[str, bytes]) -> None:
        """Choose several example pictures at once."""
        chosen = [(name, content, "image/jpeg") for name, content in files.items()]
        self.app.file_uploader[0].set_value(chosen).run()
        self.check()

    def check(self) -> None:
        """No error has escaped."""
        assert not self.app.exception, self.app.exception[0].message


OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def few_pictures(made_once: MakeOnce) -> Path:
    """40 sample pictures; read only."""
    return made_once("few", lambda folder: write_sample_library(folder, 40))


@pytest.fixture(scope="session")
def indexed(encoder: Encoder, few_pictures: Path, made_once: MakeOnce) -> Path:
    """A library of the 40 pictures; read only, copy it."""
    return made_once("few-library", indexing(encoder, few_pictures))


@pytest.fixture(scope="session", autouse=True)
def _scanned_once() -> Iterator[None]:
    """Streamlit looks through all installed packages for components, at every start of an app."""
    with pytest.MonkeyPatch.context() as patch:
        scan = functools.cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", scan)
        yield


@pytest.fixture(scope="session", autouse=True)
def _warmed() -> Iterator[None]:
    """Engines that get ready in the background have done so before the interpreter ends."""
    yield
    for thread in threading.enumerate():
        if thread.name.endswith("(_warm)"):
            thread.join(60)


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

    def opened(at: str = "", **params: str | list[str]) -> Page:
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
