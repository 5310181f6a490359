import json
from pathlib import Path

import pytest

from engine.evaluation import read_captions


def write(folder: Path, *entries: object) -> Path:
    lines = [entry if isinstance(entry, str) else json.dumps(entry) for entry in entries]
    (folder / "manifest.jsonl").write_text("\n".join(lines))
    return folder


def test_captions_point_to_their_image(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        {"split": "train", "file": "a.jpg", "captions": ["no"]},
        {"split": "dev", "file": "b.jpg", "captions": ["one", "two", "three"]},
        {"split": "dev", "file": "c.jpg", "captions": ["four"]},
    )
    dev = read_captions(folder, "dev", per_image=2)
    assert dev.files == (tmp_path / "b.jpg", tmp_path / "c.jpg")
    assert dev.captions == ("one", "two", "four")
    assert dev.own.tolist() == [0, 0, 1]
    assert len(read_captions(folder).files) == 3


@pytest.mark.parametrize("line", ["{", '{"file": "a.jpg"}', "[]", '{"file": 5, "captions": []}'])
def test_a_bad_line_is_named(tmp_path: Path, line: str) -> None:
    folder = write(tmp_path, {"file": "a.jpg", "captions": ["x"]}, line)
    with pytest.raises(ValueError, match=r"manifest\.jsonl, line 2"):
        read_captions(folder)
