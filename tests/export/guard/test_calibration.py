import json
from collections import Counter
from pathlib import Path

import pytest
from PIL import Image
from vs_tiny import tiny_model

from engine.encoder import load
from export.errors import ExportError
from export.guard.calibration import drawn, embed, embed_pictures, prepared, read


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Thirty pictures in a folder, with a manifest beside them that names more."""
    place = tmp_path / "data" / "dev"
    place.mkdir(parents=True)
    (tmp_path / "data" / "train").mkdir()
    lines = []
    for number in range(30):
        Image.new("RGB", (40, 30), (8 * number, 99, 255 - 8 * number)).save(
            place / f"{number:02}.png"
        )
        lines.append({"file": f"dev/{number:02}.png", "captions": [f"one {number}", "two"]})
    lines.append({"file": "train/other.png", "captions": ["elsewhere"]})
    text = "\n".join(json.dumps(line) for line in lines)
    (tmp_path / "data" / "manifest.jsonl").write_text(text)
    return place


def test_drawn_pictures_come_in_pairs_with_their_captions():
    drawing = drawn(20)
    assert len(drawing.pictures) == 20
    assert set(Counter(drawing.meaning).values()) == {2}
    assert len(drawing.texts) == len(drawing.owner)
    assert set(drawing.owner) == set(range(20))
    assert drawing.texts == drawn(20).texts


def test_captions_of_the_manifest_above_are_taken_for_the_folder_alone(folder):
    found = read(folder)
    assert found.name == "data/dev"
    assert len(found.pictures) == 30
    assert "elsewhere" not in found.texts
    for text, owner in zip(found.texts, found.owner, strict=True):
        assert text == "two" or text == f"one {int(Path(found.pictures[owner]).stem)}"


def test_a_manifest_can_be_named_itself(folder):
    mine = (folder.parent / "manifest.jsonl").rename(folder.parent / "mine.jsonl")
    with mine.open("a") as lines:
        lines.write("\n" + json.dumps({"file": "dev/gone.png", "captions": ["not there"]}))
    found = read(mine)
    assert len(found.pictures) == 30
    assert "not there" not in found.texts


def test_a_folder_without_captions_has_queries_but_no_right_answers(folder):
    (folder.parent / "manifest.jsonl").unlink()
    found = read(folder)
    assert found.owner is None
    assert len(found.pictures) == 30
    assert len(found.texts) > 50


def test_damaged_pictures_are_left_out_and_named(folder):
    (folder / "05.png").write_bytes(b"no picture")
    said = []
    found = read(folder, say=said.append)
    assert len(found.pictures) == 29
    assert set(found.owner) == set(range(29))
    assert any("05.png" in line for line in said)


def test_a_large_folder_is_sampled_the_same_way_each_time(folder):
    few = read(folder, limit=22)
    assert len(few.pictures) == 22
    assert read(folder, limit=22).pictures == few.pictures


@pytest.mark.parametrize("name", ["nowhere", "empty"])
def test_nothing_to_calibrate_on_is_said(tmp_path, name):
    (tmp_path / "empty").mkdir()
    with pytest.raises(ExportError, match=name):
        read(tmp_path / name)


def test_a_damaged_line_of_a_manifest_is_named_and_left_out(folder):
    manifest = folder.parent / "manifest.jsonl"
    manifest.write_text("{\n" + manifest.read_text())
    said = []
    assert len(read(folder, say=said.append).pictures) == 30
    assert "manifest.jsonl, line 1: no JSON" in said[0]


def test_a_manifest_without_captions_is_refused(folder):
    lines = [f'{{"file": "dev/{number:02}.png"}}\n' for number in range(30)]
    (folder.parent / "manifest.jsonl").write_text("".join(lines))
    with pytest.raises(ExportError, match=r"manifest\.jsonl: has no captions"):
        read(folder)


def test_a_set_is_embedded_by_both_towers(project: Path):
    drawing = drawn(4)
    rows = embed(project / "models" / "default", drawing)
    assert rows.images.shape == (4, 512)
    assert rows.texts.shape == (len(drawing.texts), 512)
    right = (rows.texts @ rows.images.T).argmax(axis=1) // 2 == drawing.owner // 2
    assert right.mean() > 0.8


def test_pictures_are_embedded_with_the_windows_that_the_model_gives(tmp_path):
    some = drawn(40)  # more than a batch
    plain = load(tiny_model(tmp_path / "plain"), device="cpu")
    rows, windows = embed_pictures(plain, some)
    assert windows is None
    assert rows == pytest.approx(plain.encode_images(some.pictures), abs=1e-6)
    encoder = load(tiny_model(tmp_path / "windows", windows=True), device="cpu")
    rows, windows = embed_pictures(encoder, some)
    assert rows == pytest.approx(encoder.encode_images(some.pictures), abs=1e-6)
    _, last = encoder.encode_with_windows([prepared(encoder, some.pictures[-1])])
    assert windows.shape == (40, 4, encoder.dim)
    assert windows[-1] == pytest.approx(last[0], abs=1e-6)
