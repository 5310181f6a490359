"""`import-metadata`, and searching by what it brought."""

import json
import shutil
from pathlib import Path

import pytest
from vs_drawing import draw
from vs_in_process import CommandLine

from engine import Encoder, SearchEngine


@pytest.fixture(scope="module")
def original(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of four pictures."""
    root = tmp_path_factory.mktemp("metadata")
    (root / "pictures").mkdir()
    for number in range(4):
        draw(number, (160, 120)).save(root / "pictures" / f"{number}.png")
    with SearchEngine.with_encoder(encoder, root / "library") as engine:
        engine.index([root / "pictures"])
    return root / "library"


@pytest.fixture
def library(original: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(original, tmp_path / "library"))


def names(command_line: CommandLine, library: Path, text: str) -> list[str]:
    done = command_line("search", "--library", library, "--json", "--", text)
    assert done.returncode == 0, done.stderr
    return sorted(Path(hit["path"]).name for hit in json.loads(done.stdout)["results"])


def test_a_table_is_imported_searched_and_forgotten(
    library: Path, tmp_path: Path, command_line: CommandLine
) -> None:
    table = tmp_path / "shop.csv"
    table.write_text("filename,Price,Tags\n0.png,49.90,sale;new\n1.png,80,new\nx.png,1,\n")
    done = command_line("import-metadata", table, "--library", library)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "3 rows, 2 images; columns: price, tag\n"
    assert "row 4: 'x.png': no such image" in done.stderr
    assert names(command_line, library, "price:<50") == ["0.png"]
    assert names(command_line, library, "tag:new -tag:sale") == ["1.png"]
    assert names(command_line, library, "-tag:new") == ["2.png", "3.png"]
    page = json.loads(command_line("search", "a tag:new", "--library", library, "--json").stdout)
    assert (page["filters"], page["matching"], page["total"]) == (["tag:new"], 2, 4)
    said = command_line("search", "a tag:new", "--library", library).stderr
    assert "2 of 4 images pass the filters" in said
    done = command_line("import-metadata", "--forget", "price", "--library", library)
    assert "price: forgotten for 2 images" in done.stderr


def test_a_report_as_json_and_another_key(
    library: Path, tmp_path: Path, command_line: CommandLine
) -> None:
    table = tmp_path / "t.json"
    table.write_text('[{"Photo": "2", "x": [1, 2]}]')
    done = command_line("import-metadata", table, "--key", "photo", "--library", library, "--json")
    report = json.loads(done.stdout)
    assert (report["rows"], report["images"], report["columns"]) == (1, 1, ["x"])


def test_what_is_wrong_is_said(library: Path, tmp_path: Path, command_line: CommandLine) -> None:
    done = command_line("import-metadata", tmp_path / "gone.csv", "--library", library)
    assert done.returncode == 1
    assert "gone.csv: cannot be read" in done.stderr
    assert command_line("import-metadata", "--library", library).returncode == 2
