"""Tables as people have them."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.metadata.table_file import TableError, column_name, read_table


@pytest.fixture
def table(tmp_path: Path):
    def write(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "file,Tags,Price\na.jpg,red; new,5\nb.jpg,,\n"),
        ("a.csv", "\ufefffile;Tags;Price\r\na.jpg;red, new;5\r\nb.jpg;;\r\n"),
        ("a.tsv", "file\tTags\tPrice\na.jpg\tred;new\t5\nb.jpg\t\t\n"),
        ("a.json", '[{"file": "a.jpg", "Tags": ["red", "new"], "Price": 5}, {"file": "b.jpg"}]'),
        ("a.json", '{"a.jpg": {"tags": "red,new", "price": "5"}, "b.jpg": {}}'),
        (
            "a.jsonl",
            '{"path": "a.jpg", "keywords": ["red", "new"], "price": 5}\n\n{"path":"b.jpg"}',
        ),
    ],
)
def test_the_same_table_in_every_form(table, name: str, content: str) -> None:
    rows = list(read_table(table(name, content)))
    assert [row.file for row in rows] == ["a.jpg", "b.jpg"]
    assert rows[0].values == {"tag": ("red", "new"), "price": ("5",)}
    assert rows[1].values == {}


def test_another_column_can_name_the_image(table) -> None:
    path = table("a.csv", "id,Photo Name,file\n1,a.jpg,x\n")
    (row,) = read_table(path, "photo name")
    assert (row.file, row.values) == ("a.jpg", {"id": ("1",), "file": ("x",)})


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.txt", "x", "use a file that ends in .csv"),
        ("a.csv", "id,price\n1,2\n", "no column names the image.*--key.*id, price"),
        ("a.csv", b"file,x\n\xff\xfe,1\n", "not UTF-8 .byte 7"),
        ("a.json", "{", "no JSON"),
        ("a.json", "5", "neither a list"),
        ("a.json", "[5]", "entry 1: not an object"),
        ("a.jsonl", '{"file": "a"}\n{', "line 2: no JSON"),
        ("a.json", "[" * 100_000, "no JSON"),
    ],
)
def test_what_is_wrong_is_named(table, name: str, content: str, said: str) -> None:
    with pytest.raises(TableError, match=said):
        list(read_table(table(name, content)))


def test_a_missing_table_and_a_missing_key(tmp_path: Path, table) -> None:
    with pytest.raises(TableError, match=r"gone\.csv: cannot be read"):
        list(read_table(tmp_path / "gone.csv"))
    with pytest.raises(TableError, match="no column 'sku'; there are: file"):
        list(read_table(table("a.csv", "file\nx\n"), "sku"))


def test_odd_values_become_text_or_nothing(table) -> None:
    odd = {"file": "a", "x": None, "y": {"deep": 1}, "z": [1, 2.5, True, None], "bad": "\ud800b\0c"}
    (row,) = read_table(table("a.json", json.dumps([odd])))
    assert row.values == {"z": ("1", "2.5", "yes"), "bad": ("?b c",)}


def test_rows_without_a_file_are_passed_over(table) -> None:
    assert [row.file for row in read_table(table("a.csv", "file,x\n,1\nb,2,3,4\n"))] == ["b"]


@given(st.text(max_size=90))
def test_any_name_becomes_one_that_can_be_written_in_a_filter(name: str) -> None:
    column = column_name(name)
    assert column == column_name(column)
    assert len(column) <= 64
    assert " " not in column
