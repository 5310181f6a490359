from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest


@pytest.fixture
def real_app(project: Path, library: Path):
    """The app as it is, model and all."""
    yield lambda: AppTest.from_file(str(project / "ui" / "app.py"), default_timeout=60).run()
    st.cache_resource.clear()


def said(app: AppTest) -> str:
    return "\n".join(str(e.value) for e in (*app.title, *app.error, *app.markdown))


def test_a_library_that_is_no_database_is_explained(real_app, library: Path):
    library.mkdir(parents=True)
    (library / "library.db").write_text("no database at all " * 100)
    app = real_app()
    assert not app.exception
    assert "The library cannot be opened" in said(app)
    assert f"`{library / 'library.db'}: " in app.error[0].value
    assert "VISUAL_SEARCH_LIBRARY" in said(app)


def test_a_missing_model_is_explained(real_app, tmp_path: Path, monkeypatch):
    monkeypatch.setenv("VISUAL_SEARCH_MODEL", str(tmp_path / "no <b>model"))
    app = real_app()
    assert not app.exception
    assert "The model cannot be used" in said(app)
    assert f"`{tmp_path / 'no <b>model'}" in app.error[0].value
    assert "VISUAL_SEARCH_MODEL" in said(app)


def test_the_app_opens_by_itself_once_the_cause_is_gone(real_app, library: Path):
    library.parent.mkdir(parents=True)
    library.write_text("a file where the folder should be")
    app = real_app()
    assert "The library cannot be opened" in said(app)
    library.unlink()
    app.button[0].click().run()
    assert not app.exception
    assert "Visual search" in said(app)
