from pathlib import Path

import pytest
from vs_tiny import tiny_model

from engine import SearchEngine, model_folders
from ui import resources
from ui.library import model_section

really_open = SearchEngine.open


@pytest.fixture
def other(tmp_path: Path) -> Path:
    return tiny_model(tmp_path / "models" / "tiny")


@pytest.fixture
def page(open_page, filled: Path, other: Path, monkeypatch: pytest.MonkeyPatch):
    """The section, with the tiny model among those to choose from."""
    monkeypatch.setattr(SearchEngine, "open", really_open)
    monkeypatch.setattr(
        model_section, "model_folders", lambda current: (*model_folders(current), other)
    )
    page = open_page("library")
    page.open_section("Model")
    return page


def press(page, key: str) -> None:
    page.press(key)
    assert resources.index_job().wait(120)
    page.app.run()
    page.check()


def test_the_model_in_use_is_described_with_its_card(filled, open_page, project: Path):
    page = open_page("library")
    page.open_section("Model")
    assert "In use: **`default`**" in page.words
    assert str(project / "models" / "default") in page.words
    assert "Kept of a picture: 512 numbers" in page.words
    assert (project / "models/default/MODEL_CARD.md").read_text()[:200] in page.app.code[0].value


def test_there_and_back_again(page, filled: Path):
    assert not page.has("rollback")
    page.app.selectbox(key="other_model").set_value(page.app.selectbox(key="other_model").value)
    options = page.app.selectbox(key="other_model").options
    page.app.selectbox(key="other_model").select_index(options.index("tiny")).run()
    press(page, "reindex")
    assert "The model in use is `tiny` now" in page.app.success[0].value
    assert "In use: **`tiny`**" in page.words
    press(page, "rollback")
    assert "In use: **`default`**" in page.words
    page.press("forget_previous")
    assert any("free again" in element.value for element in page.app.success)
    assert not page.has("rollback")
    assert resources.facts(resources.open_engine()).images == 40


def test_a_broken_model_leaves_all_as_it_was(page, other: Path):
    (other / "vision.onnx").write_bytes(b"not a graph")
    options = page.app.selectbox(key="other_model").options
    page.app.selectbox(key="other_model").select_index(options.index("tiny")).run()
    press(page, "reindex")
    assert "the one of before is in use" in page.app.error[0].value
    assert "In use: **`default`**" in page.words


def test_what_the_environment_names_is_not_changed_here(page, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("VISUAL_SEARCH_MODEL", "models/default")
    page.app.run()
    page.check()
    assert "`VISUAL_SEARCH_MODEL`" in page.app.info[0].value
    assert not page.has("reindex")
