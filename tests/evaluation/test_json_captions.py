import json
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.evaluation.json_captions import read_json_captions

Write = Callable[..., Path]


def test_coco(write: Write, folder: Path) -> None:
    content = {
        "images": [{"id": 7, "file_name": "a.jpg"}, {"id": "x", "file_name": "b.jpg"}],
        "annotations": [
            {"image_id": 7, "caption": "a dog"},
            {"image_id": "x", "caption": "a boat"},
            {"image_id": 7, "caption": "two dogs"},
        ],
    }
    read = read_json_captions(write("c.json", json.dumps(content)))
    assert [(entry.file.name, entry.captions) for entry in read.entries] == [
        ("a.jpg", ("a dog", "two dogs")),
        ("b.jpg", ("a boat",)),
    ]
    assert read.left_out == ()


def test_what_is_wrong_in_coco_is_named_by_its_number(write: Write) -> None:
    content = {
        "images": [
            {"id": 1, "file_name": "a.jpg"},
            {"id": 1, "file_name": "b.jpg"},
            {"file_name": "c.jpg"},
            {"id": 2, "file_name": "missing.jpg"},
            "no object",
        ],
        "annotations": [
            {"image_id": 1, "caption": "a dog"},
            {"image_id": 9, "caption": "nothing"},
            {"image_id": 1},
            {"image_id": [1], "caption": "x"},
            5,
        ],
    }
    read = read_json_captions(write("c.json", json.dumps(content)))
    assert [entry.captions for entry in read.entries] == [("a dog",)]
    told = "\n".join(read.left_out)
    for expected in (
        "image 2: id 1 again; before it was a.jpg",
        "image 3: no id or no file_name",
        "missing.jpg: no such image",
        "image 5: no id or no file_name: 'no object'",
        "annotation 2: image_id 9 is none of the images",
        "annotation 3: a.jpg: a caption is no text: None",
        "annotation 4: image_id [1] is none of the images",
        "annotation 5: image_id None is none of the images",
    ):
        assert expected in told


def test_karpathy(write: Write, folder: Path) -> None:
    (folder / "val").mkdir()
    (folder / "val" / "f.jpg").write_bytes(b"")
    content = {
        "images": [
            {"filename": "a.jpg", "split": "train", "sentences": [{"raw": "a dog"}]},
            {
                "filename": "f.jpg",
                "filepath": "val",
                "split": "val",
                "sentences": [{"raw": "a boat"}, {"tokens": ["x"]}],
            },
            {"filename": "b.jpg"},
        ]
    }
    read = read_json_captions(write("dataset.json", json.dumps(content)))
    assert [entry.captions for entry in read.entries] == [("a dog",), ("a boat",)]
    assert [entry.labels for entry in read.entries] == [{"split": "train"}, {"split": "val"}]
    assert len(read.left_out) == 2


@pytest.mark.parametrize(
    "content", [b"{", b"[1]", b'{"a": 1}', b"\xff\xfe", b'{"images": 3}', b"[" * 100_000]
)
def test_other_json_is_refused_by_name(content: bytes, write: Write) -> None:
    with pytest.raises(ValueError, match=r"other\.json: (expected COCO's|no JSON)"):
        read_json_captions(write("other.json", content))
