import threading
from pathlib import Path

import onnxruntime
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from ui import resources
from ui.jobs import StoppedError

HAS_CUDA = "CUDAExecutionProvider" in onnxruntime.get_available_providers()
without_cuda = pytest.mark.skipif(HAS_CUDA, reason="this onnxruntime has CUDA")


def choose(page, device: str) -> None:
    page.app.selectbox(key="device").set_value(device).run()
    page.check()


def test_a_choice_takes_effect_for_all(filled: Path, open_page):
    page, other = open_page(), open_page()
    page.press("library")
    other.press("library")
    assert page.app.selectbox(key="device").value == "auto"
    before = resources.open_engine()
    choose(page, "cpu")
    assert resources.device() == "cpu"
    assert resources.open_engine() is not before
    assert "- Model: `default` on `CPUExecutionProvider`" in page.words
    other.app.run()
    assert other.app.selectbox(key="device").value == "cpu"
    assert resources.device() == "cpu", "an older page has not taken the choice back"


@without_cuda
def test_a_device_that_cannot_be_used_is_explained_and_all_stays_as_it_was(filled, open_page):
    page = open_page(q="a house")
    shown = page.ids
    page.press("library")
    before = resources.open_engine()
    choose(page, "cuda")
    assert "onnxruntime-gpu" in page.app.error[0].value
    assert page.app.selectbox(key="device").value == "auto"
    assert resources.open_engine() is before
    page.app.run()
    assert not page.app.error, "it is said once"
    assert page.ids == shown


def test_nobody_changes_the_device_while_pictures_are_indexed(filled, open_page):
    page = open_page()
    page.press("library")
    assert not page.app.selectbox(key="device").disabled
    gate = threading.Event()

    def work(tell):
        gate.wait(60)
        raise StoppedError

    resources.index_job().start(work)
    page.app.run()
    assert page.app.selectbox(key="device").disabled
    gate.set()


@without_cuda
def test_a_device_of_the_environment_that_is_missing_can_be_left(
    project: Path, library: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("VISUAL_SEARCH_DEVICE", "cuda")
    app = AppTest.from_file(str(project / "streamlit_app.py"), default_timeout=60).run()
    try:
        assert "onnxruntime-gpu" in app.error[0].value
        assert any("VISUAL_SEARCH_DEVICE" in element.value for element in app.markdown)
        app.button(key="on_cpu").click().run()
        assert not app.exception
        assert app.title[0].value == "Visual search"
    finally:
        st.cache_resource.clear()
