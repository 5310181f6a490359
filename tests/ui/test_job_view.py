import threading
from pathlib import Path

from filelock import FileLock

from engine import IngestReport, SkippedFile
from ui import resources


def refresh(page) -> None:
    """Press refresh in the library's window and wait for the job."""
    page.press("library")
    page.press("refresh")
    assert resources.index_job().wait(60)
    page.app.run()
    page.check()


def test_a_finished_job_reports_and_can_be_closed(filled, open_page):
    page = open_page(q="boat")
    refresh(page)
    assert "0 added, 40 unchanged in" in page.app.success[0].value
    page.press("close_report")
    assert not page.app.success


def test_other_visitors_do_not_see_an_old_report(filled, open_page):
    refresh(open_page())
    assert not open_page().app.success


def test_a_running_job_shows_its_progress_to_all_and_can_be_stopped(filled, open_page):
    told, go_on = threading.Event(), threading.Event()

    def work(tell) -> IngestReport:
        tell("Adding pictures", 1, 4)
        told.set()
        go_on.wait(30)
        tell("Adding pictures", 2, 4)
        return IngestReport()

    resources.index_job().start(work)
    assert told.wait(30)
    page = open_page(q="boat")
    bar = page.app.get("progress")[0]
    assert bar.proto.value == 25
    assert bar.proto.text == "Adding pictures: 1 of 4"
    assert len(page.ids) == 40
    page.press("stop_job")
    go_on.set()
    assert resources.index_job().wait(30)
    page.app.run()
    assert "Stopped" in page.app.info[0].value


def test_another_process_that_indexes_is_told(filled, open_page):
    page = open_page()
    with FileLock(filled / "writer.lock"):
        refresh(page)
    assert "another process is indexing" in page.app.error[0].value


def test_skipped_files_are_listed_with_reasons(filled, open_page, tmp_path: Path):
    folder = tmp_path / "odd"
    folder.mkdir()
    (folder / "*letter*.jpg").write_text("hello")
    page = open_page()
    page.press("library")
    page.app.text_input(key="add_folder_path").set_value(str(folder))
    page.press("FormSubmitter:add_folder-Add pictures")
    assert resources.index_job().wait(60)
    page.app.run()
    assert "No pictures found: 0 added, 1 skipped" in page.app.warning[0].value
    assert "*letter*.jpg`: `not a picture: the content is text`" in page.words


def test_a_long_list_of_skipped_files_is_cut(filled, open_page):
    files = tuple(SkippedFile(f"/p/{n}.jpg", "empty file") for n in range(150))
    page = open_page()
    page.app.session_state["watched"] = resources.index_job().start(
        lambda tell: IngestReport(skipped=files, notes=("a *note*",))
    )
    assert resources.index_job().wait(30)
    page.app.run()
    page.check()
    assert page.words.count("`empty file`") == 100
    assert "and 50 more" in page.words
    assert "`a *note*`" in page.app.info[0].value
