import threading
from pathlib import Path

from filelock import FileLock

from engine import IngestReport, SkippedFile
from ui import resources


def refresh(page) -> None:
    """Press refresh on the library's page and wait for the job."""
    page.go_to("library")
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
    page.press("resume_job")
    assert resources.index_job().wait(30)
    page.app.run()
    assert not page.has("resume_job")
    assert not page.app.info


def test_a_job_that_failed_can_be_tried_again(filled, open_page):
    page = open_page("library")
    with FileLock(filled / "writer.lock"):
        refresh(page)
    assert "The library was not brought up to date" in page.app.error[0].value
    page.press("resume_job")
    assert resources.index_job().wait(30)
    page.app.run()
    assert "40 unchanged" in page.app.success[0].value


def test_while_a_job_runs_no_other_is_begun(filled, open_page):
    go_on = threading.Event()

    def work(tell) -> IngestReport:
        go_on.wait(30)
        return IngestReport()

    page = open_page("library")
    resources.index_job().start(work)
    page.press("refresh")
    assert resources.index_job().state.number == 1
    assert page.has("stop_job")
    assert page.app.button(key="refresh").disabled
    go_on.set()


def test_another_process_that_indexes_is_told(filled, open_page):
    page = open_page()
    with FileLock(filled / "writer.lock"):
        refresh(page)
    assert "another process is indexing" in page.app.error[0].value


def test_skipped_files_are_listed_with_reasons(filled, open_page, tmp_path: Path):
    folder = tmp_path / "odd"
    folder.mkdir()
    (folder / "*letter*.jpg").write_text("hello")
    page = open_page("library")
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
