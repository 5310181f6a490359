import shutil
from pathlib import Path

import pytest
from PIL import Image
from vs_tiny import tiny_model

from engine import LibraryError, ModelError, SearchEngine, has_library
from engine.library import recorded_model


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return tiny_model(tmp_path / "model")


@pytest.fixture
def library(tmp_path: Path, model: Path) -> Path:
    """With one picture."""
    Image.new("RGB", (40, 30), "red").save(tmp_path / "red.jpg")
    with SearchEngine.open(tmp_path / "library", model) as engine:
        engine.index([tmp_path / "red.jpg"])
    return tmp_path / "library"


def unusable_copy(model: Path) -> Path:
    """The same `model.json`, another graph."""
    copy = model.parent / "copy"
    shutil.copytree(model, copy)
    (copy / "text.onnx").write_bytes(b"no graph")
    return copy


def test_a_library_is_ready_once_it_is_open(library: Path, model: Path) -> None:
    with SearchEngine.open(library, model) as engine:
        assert len(engine.search("red").results) == 1


def test_a_model_that_cannot_be_used_makes_no_library(tmp_path: Path, model: Path) -> None:
    with pytest.raises(ModelError, match=r"text\.onnx"):
        SearchEngine.open(tmp_path / "library", unusable_copy(model))
    with pytest.raises(ModelError, match="cuda"):
        SearchEngine.open(tmp_path / "library", model, device="cuda")
    assert not has_library(tmp_path / "library")


def test_a_model_that_cannot_be_used_is_not_remembered(library: Path, model: Path) -> None:
    with pytest.raises(ModelError, match=r"text\.onnx"):
        SearchEngine.open(library, unusable_copy(model))
    assert recorded_model(library) == model
    with pytest.raises(ModelError, match="cuda"):
        SearchEngine.open(library, model, device="cuda")
    with SearchEngine.open(library) as engine:
        assert len(engine.search("red").results) == 1


def test_a_library_that_lost_its_vectors_opens_and_says_so(library: Path, model: Path) -> None:
    (library / "vectors" / "vectors.f16").write_bytes(b"")
    with SearchEngine.open(library, model) as engine:
        with pytest.raises(LibraryError, match="doctor --repair"):
            engine.search("red")
        assert engine.doctor(repair=True).is_sound
        assert len(engine.search("red").results) == 1
