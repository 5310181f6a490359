import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine import LibraryError, SearchEngine, TableError
from ui import resources
from ui.library import metadata_section


@dataclass
class File:
    name: str
    content: str

    def getvalue(self) -> bytes:
        return self.content.encode()


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which temporary files are made."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def import_now(engine: SearchEngine, name: str, content: str, key: str | None = None):
    work = metadata_section.import_table(engine, name, content.encode(), key)
    return work(lambda *step: None)


def test_a_table_is_looked_at_imported_and_forgotten(filled: Path, open_page, temporary: Path):
    name = Path(resources.open_engine().images()[0].path).name
    page = open_page("library")
    page.open_section("Metadata")
    assert "Nothing has been imported yet." in page.words
    content = f"picture,price,notes\n{name},12,<b>*old*</b>\nnone.jpg,3,\n"
    page.app.file_uploader[0].upload("shop.csv", content.encode(), "text/csv").run()
    page.check()
    assert list(page.app.dataframe[0].value["price"]) == ["12", "3"]
    assert page.app.button(key="import_table").disabled, "no usual name: a person has to choose"
    page.app.selectbox(key="table_key").set_value("picture").run()
    page.press("import_table")
    assert resources.index_job().wait(60)
    page.app.run()
    page.check()
    assert "2 rows read, 1 picture got values" in page.app.success[0].value
    assert "`row 3: 'none.jpg': no such image`" in page.words
    assert resources.open_engine().columns() == {"notes": 1, "price": 1}
    page.press("forget_column_1")
    assert resources.open_engine().columns() == {"notes": 1}
    assert list(temporary.iterdir()) == []


def test_a_usual_column_is_chosen_by_itself():
    table = metadata_section.look_at(File("a.JSONL", '{"file": "a.jpg", "tags": ["x", "y"]}\n'))
    assert table.columns == ("file", "tags")
    assert table.rows == ({"file": "a.jpg", "tags": "x, y"},)
    assert table.key == "file"


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("notes.txt", "a,b", "notes.txt: use a file that ends in"),
        ("a.json", "{", "a.json: no JSON"),
        ("../../a.jsonl", "[]", "../../a.jsonl, entry 1: not an object"),
    ],
)
def test_what_is_no_table_is_explained_by_its_own_name(
    name: str, content: str, told: str, temporary: Path
):
    with pytest.raises(TableError) as error:
        metadata_section.look_at(File(name, content))
    assert told in str(error.value)
    assert str(temporary) not in str(error.value)
    assert list(temporary.iterdir()) == []


def test_a_table_that_turns_out_wrong_changes_nothing(shared_engine: SearchEngine, temporary: Path):
    with pytest.raises(LibraryError, match=r"^shop.csv, entry 2: no column 'sku'"):
        import_now(shared_engine, "shop.csv", "file,price\na.jpg,1\n", "sku")
    assert shared_engine.columns() == {}
    assert list(temporary.iterdir()) == []
