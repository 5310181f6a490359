from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.evaluation.manifests import read_json_lines, read_table

Write = Callable[..., Path]
ODD = b'{"file": "b.jpg", "captions": ["caf\xe9"]}'


def test_captions_and_labels_are_told_apart(write: Write, folder: Path) -> None:
    path = write(
        "m.jsonl",
        '{"file": "a.jpg", "captions": ["a  dog", "two dogs"], "kind": "animal", "age": 3}\n'
        '\n{"image": "b.jpg", "title": "a boat", "kids": false, "nested": {"x": 1}}\n',
    )
    first, second = read_json_lines(path).entries
    assert first.file == folder / "a.jpg"
    assert first.captions == ("a dog", "two dogs")
    assert first.labels == {"kind": "animal", "age": "3"}
    assert second.captions == ("a boat",)
    assert second.labels == {"kids": "False", "nested.x": "1"}


def test_a_caption_that_is_also_in_the_list_counts_once(write: Write) -> None:
    line = '{"file": "a.jpg", "caption": "a dog", "captions": ["a dog", "an animal"]}'
    read = read_json_lines(write("m.jsonl", line))
    assert read.entries[0].captions == ("a dog", "an animal")
    assert read.left_out == ()


def test_an_image_may_have_several_lines(write: Write) -> None:
    path = write("m.csv", "image,caption,kind\na.jpg,a dog,animal\na.jpg,two dogs,animal\n")
    read = read_table(path)
    assert [entry.captions for entry in read.entries] == [("a dog", "two dogs")]
    assert read.columns() == ["kind"]
    assert read.left_out == ()


def test_tabs_and_line_breaks_within_a_field(write: Write) -> None:
    path = write("m.tsv", 'path\ttext\na.jpg\t"a dog,\non grass"\nb.jpg\t\n')
    read = read_table(path)
    assert [entry.captions for entry in read.entries] == [("a dog, on grass",), ()]


def test_what_cannot_be_used_is_named_with_its_line(write: Write) -> None:
    path = write(
        "m.jsonl",
        b'{"file": "a.jpg", "captions": ["ok", "", "ok", 7]}\n'
        b"not json\n"
        b"[1, 2]\n"
        b'{"file": "missing.jpg", "captions": ["x"]}\n'
        b'{"captions": ["no image"]}\n'
        b'{"file": "b.jpg", "captions": ["caf\xe9"]}\n'
        b'{"file": "a.jpg", "captions": ["ok"], "kind": "x"}\n'
        b'{"file": "a.jpg", "kind": "y"}\n'
        b'{"file": ["a.jpg"]}\n'
        b'{"file": "a\\u0000.jpg"}\n',
    )
    read = read_json_lines(path)
    assert [entry.captions for entry in read.entries] == [("ok",)]
    assert read.entries[0].labels == {"kind": "x"}
    told = "\n".join(read.left_out)
    for expected in (
        "line 1: a.jpg: a caption is empty",
        "line 1: a.jpg: the same caption again: 'ok'",
        "line 1: a.jpg: a caption is no text: 7",
        "line 2: no JSON",
        "line 3: expected an object, found [1, 2]",
        "missing.jpg: no such image",
        "line 5: no image; expected one of file, image",
        f"line 6: not UTF-8: byte {ODD.index(0xE9) + 1} is 0xe9",
        "line 7: a.jpg: the same caption again, as in m.jsonl, line 1: 'ok'",
        "line 8: a.jpg: kind is 'y', but was 'x' before",
        "line 9: no image",
        "line 10: no image",
    ):
        assert expected in told
    assert len(read.left_out) == 12


def test_a_line_with_too_few_values_is_named(write: Write) -> None:
    read = read_table(write("m.csv", "file,caption\na.jpg\n,\nb.jpg,a boat\n"))
    assert len(read.entries) == 1
    assert read.left_out[0] == "m.csv, line 2: 1 values for 2 columns"
    assert "line 3: no image" in read.left_out[1]


def test_a_table_without_images_says_what_it_has(write: Write) -> None:
    with pytest.raises(ValueError, match=r"none of its columns \(name, words\) holds the images"):
        read_table(write("m.csv", "name,words\na,b\n"))


def test_a_field_without_end_is_told_of(write: Write) -> None:
    read = read_table(write("m.csv", 'file,caption\na.jpg,a dog\nb.jpg,"' + "x" * 200_000))
    assert len(read.entries) == 1
    assert "line 3: field larger than field limit" in read.left_out[0]


def test_nothing_usable_is_an_error_with_reasons(write: Write) -> None:
    with pytest.raises(ValueError, match=r"m.jsonl: no image can be used: .*x.jpg: no such image"):
        read_json_lines(write("m.jsonl", '{"file": "x.jpg"}\n'))
    with pytest.raises(ValueError, match="it is empty"):
        read_json_lines(write("m.jsonl", ""))


def test_a_line_that_is_nested_without_end_is_left_out(write: Write) -> None:
    read = read_json_lines(write("m.jsonl", "[" * 100_000 + '\n{"file": "a.jpg"}'))
    assert "line 1: no JSON" in read.left_out[0]


def test_a_byte_order_mark_is_no_part_of_a_name(write: Write) -> None:
    assert len(read_table(write("m.csv", b"\xef\xbb\xbffile,caption\na.jpg,x\n")).entries) == 1


@given(content=st.binary(max_size=200), first=st.booleans())
def test_no_content_ends_in_anything_but_entries_or_a_clear_error(
    content: bytes, first: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("any")
    (folder / "a.jpg").write_bytes(b"")
    good = b'{"file": "a.jpg", "captions": ["x"]}\n'
    (folder / "m.jsonl").write_bytes(good + content if first else content)
    (folder / "m.csv").write_bytes(b"file,caption\na.jpg,x\n" + content if first else content)
    for read, name in ((read_json_lines, "m.jsonl"), (read_table, "m.csv")):
        try:
            assert read(folder / name).entries[0].file == folder / "a.jpg"
        except ValueError as error:
            assert not first
            assert name in str(error)
