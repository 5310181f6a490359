import threading
from dataclasses import replace
from pathlib import Path

import onnxruntime
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from vs_adapted import linked_model, swapping

from engine.encoder import write_adapter
from ui import resources
from ui.jobs.background import StoppedError

HAS_CUDA = "CUDAExecutionProvider" in onnxruntime.get_available_providers()
without_cuda = pytest.mark.skipif(HAS_CUDA, reason="this onnxruntime has CUDA")


@pytest.fixture
def fitted(encoder, monkeypatch, tmp_path) -> Path:
    """The folder of adapters of the app's model; one swaps two searches."""
    model = linked_model(encoder.manifest.folder, tmp_path / "model")
    monkeypatch.setattr(encoder, "manifest", replace(encoder.manifest, folder=model))
    return write_adapter(encoder.manifest, swapping(encoder, "a house", "a red mug")).parent


def choose(page, device: str) -> None:
    page.app.selectbox(key="device").set_value(device).run()
    page.check()


def test_a_choice_takes_effect_for_all(filled: Path, open_page):
    page, other = open_page("settings"), open_page("settings")
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
    page.go_to("settings")
    before = resources.open_engine()
    choose(page, "cuda")
    assert "onnxruntime-gpu" in page.app.error[0].value
    assert page.app.selectbox(key="device").value == "auto"
    assert resources.open_engine() is before
    page.app.run()
    assert not page.app.error, "it is said once"
    page.go_to("")
    assert page.ids == shown


def test_nobody_changes_the_device_while_pictures_are_indexed(filled, open_page):
    page = open_page("settings")
    assert not page.app.selectbox(key="device").disabled
    gate = threading.Event()

    def work(tell):
        gate.wait(60)
        raise StoppedError

    resources.index_job().start(work)
    page.app.run()
    assert page.app.selectbox(key="device").disabled
    gate.set()


@pytest.mark.parametrize(
    ("variable", "value", "said", "way_out"),
    [
        pytest.param("DEVICE", "cuda", "onnxruntime-gpu", "on_cpu", marks=without_cuda),
        ("ADAPTER", "gone", "gone.npz: no such adapter", "no_adapter"),
    ],
)
def test_what_the_environment_names_in_vain_can_be_left(
    variable: str,
    value: str,
    said: str,
    way_out: str,
    project: Path,
    library: Path,
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setenv(f"VISUAL_SEARCH_{variable}", value)
    app = AppTest.from_file(str(project / "ui" / "app.py"), default_timeout=60).run()
    try:
        assert said in app.error[0].value
        assert any(f"VISUAL_SEARCH_{variable}" in element.value for element in app.markdown)
        app.button(key=way_out).click().run()
        assert not app.exception
        assert not app.error
        assert app.title[0].value == "Visual search"
    finally:
        st.cache_resource.clear()


def test_an_adapter_is_chosen_and_taken_back_for_all(filled, open_page, fitted):
    page = open_page(q="a house")
    before = page.ids
    page.go_to("settings")
    assert page.app.selectbox(key="adapter").options == ["nothing in particular", "swapped"]
    page.app.selectbox(key="adapter").set_value("swapped").run()
    page.check()
    assert "fitted to `swapped`" in page.words
    assert resources.adapter() == "swapped"
    other = open_page(q="a red mug")
    assert other.ids[:5] == before[:5], "to this adapter one means the other"
    page.app.selectbox(key="adapter").set_value("").run()
    assert "fitted to" not in page.words
    assert open_page(q="a house").ids == before


def test_an_adapter_that_cannot_be_used_is_explained(filled, open_page, fitted):
    (fitted / "broken.npz").write_bytes(b"no archive")
    page = open_page("settings")
    page.app.selectbox(key="adapter").set_value("broken").run()
    page.check()
    assert "broken.npz" in page.app.error[0].value
    assert page.app.selectbox(key="adapter").value == ""


def test_without_adapters_there_is_nothing_to_choose(filled, open_page):
    page = open_page("settings")
    assert [box.key for box in page.app.selectbox] == ["device"]
