"""Read-only: nothing that changes is offered, and what would change refuses."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from engine import Query, SearchEngine
from ui import permissions, resources
from ui.jobs import job_view
from ui.jobs.job import Job
from ui.library import folders_section, metadata_section, model_section
from ui.permissions import ReadOnlyError
from ui.settings import thumbs_section

READ_ONLY = "VISUAL_SEARCH_READ_ONLY"
SECTIONS = ("Folders", "Skipped files", "Duplicates", "Model")
CHANGING = {
    *("refresh", "find_duplicates", "check_up", "repair", "reindex", "rollback", "tune"),
    *("forget_taste", "clear_thumbs", "FormSubmitter:add_folder-Add pictures"),
    *("FormSubmitter:add_folder-Browse", "remove_folder_0", "import_table"),
}


@pytest.mark.parametrize(
    ("value", "allowed"),
    [("", True), ("0", True), ("false", True), (" No ", True), ("1", False), ("yes", False)],
)
def test_the_environment_says_it(value: str, allowed: bool, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(READ_ONLY, value)
    assert permissions.may_change() == allowed


def test_pages_offer_nothing_that_changes(
    shared_engine: SearchEngine, open_page, monkeypatch: pytest.MonkeyPatch
):
    shared_engine.mark(Query.text("red"), shared_engine.images()[0].id, 1)
    seen = set[str]()
    for read_only in ("", "1"):
        monkeypatch.setenv(READ_ONLY, read_only)
        keys = set[str]()
        for url_path in ("library", "settings"):
            page = open_page(url_path)
            for section in SECTIONS if url_path == "library" else ("",):
                if section:
                    page.open_section(section)
                keys |= {button.key for button in page.app.button if button.key}
                keys |= {box.key for box in page.app.selectbox if box.key}
        if read_only:
            assert not keys & (CHANGING | {"device", "adapter"})
            titles = " ".join(tab.label for tab in open_page("library").app.tabs)
            assert "Check-up" not in titles
            assert "Metadata" not in titles
        else:
            seen = keys
    assert {"refresh", "find_duplicates", "forget_taste", "device"} <= seen


def test_an_empty_library_asks_for_nothing(
    library: Path, open_page, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv(READ_ONLY, "1")
    page = open_page()
    assert not page.has("sample")
    assert "read-only" in page.app.info[0].value


def test_a_running_job_cannot_be_stopped(filled, open_page, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(READ_ONLY, "1")
    job: Job = resources.index_job()
    go_on = threading.Event()

    def work(tell):
        tell("Adding pictures", 1, 2)
        go_on.wait(30)
        raise OSError("gone")

    job.start(work)
    page = open_page("library")
    assert not page.has("stop_job")
    go_on.set()
    assert job.wait(30)
    page.app.run()
    assert not page.has("resume_job")


@pytest.mark.parametrize(
    "change",
    [
        lambda engine: resources.change_device("cpu"),
        lambda engine: resources.change_adapter(""),
        lambda engine: metadata_section.forget_column(engine, "price"),
        lambda engine: model_section.forget(engine.info().library),
        thumbs_section.forget_taste,
        thumbs_section.take_back,
        lambda engine: job_view.start(
            folders_section.forget(engine, engine.info().folders[0]), "forgetting"
        ),
    ],
)
def test_the_functions_behind_refuse(
    shared_engine: SearchEngine,
    change: Callable[[SearchEngine], object],
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setenv(READ_ONLY, "1")
    with pytest.raises(ReadOnlyError, match="read-only"):
        change(shared_engine)
    assert resources.index_job().state.number == 0
