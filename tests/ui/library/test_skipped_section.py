import csv
import io
from pathlib import Path

from engine import SkippedFile
from ui import resources
from ui.library.skipped_section import as_csv, by_reason, matching

FILES = (
    SkippedFile("/p/a.jpg", "damaged: 70 bytes missing"),
    SkippedFile("/p/b.jpg", "damaged: 9 bytes missing"),
    SkippedFile("/q/letter, one.jpg", "not a picture: the content is text"),
    SkippedFile("/q/\udcff.jpg", "empty file"),
)


def test_reasons_are_counted_by_kind():
    assert by_reason(FILES) == {"damaged": 2, "not a picture": 1, "empty file": 1}


def test_words_and_a_kind_of_reason_narrow_the_list():
    assert matching(FILES, "") == list(FILES)
    assert matching(FILES, "/P/ 70") == [FILES[0]]
    assert matching(FILES, "", "damaged") == list(FILES[:2])
    assert matching(FILES, "letter", "damaged") == []


def test_the_list_to_download_holds_every_byte_of_a_name():
    content = as_csv(FILES).decode("utf-8", "surrogateescape")
    rows = list(csv.reader(io.StringIO(content)))
    assert rows == [["path", "reason"], *([file.path, file.reason] for file in FILES)]


def test_files_that_could_not_be_read_are_listed_and_filtered(filled, open_page, tmp_path: Path):
    folder = tmp_path / "odd"
    folder.mkdir()
    (folder / "*letter*.jpg").write_text("hello")
    (folder / "nothing.png").touch()
    page = open_page("library")
    page.open_section("Skipped files")
    assert "Every picture in your folders could be read." in page.words
    engine = resources.open_engine()
    engine.index([folder])
    resources.forget_facts()
    page.app.run()
    page.check()
    table = page.app.dataframe[0].value
    assert sorted(Path(path).name for path in table["Path"]) == ["*letter*.jpg", "nothing.png"]
    page.enter("skipped_filter", "letter")
    assert list(page.app.dataframe[0].value["Reason"]) == ["not a picture: the content is text"]
    page.enter("skipped_filter", "nowhere")
    assert "No skipped file passes the filter." in page.words
