from pathlib import Path

import pytest

from engine.evaluation.read import read_annotations


def test_a_manifest_in_a_folder_comes_before_its_folders(folder: Path) -> None:
    (folder / "shoes").mkdir()
    (folder / "shoes" / "x.jpg").write_bytes(b"")
    assert read_annotations(folder).entries[0].labels == {"label": "shoes"}
    (folder / "manifest.csv").write_text("file,caption\na.jpg,a dog\n")
    assert [entry.captions for entry in read_annotations(folder).entries] == [("a dog",)]


def test_folders_are_labels(folder: Path) -> None:
    for name in ("shoes/red/1.jpg", "shoes/2.png", "hats/3.JPG", "hats/notes.txt", ".cache/4.jpg"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(b"")
    labels = {entry.file.name: entry.labels["label"] for entry in read_annotations(folder).entries}
    assert labels == {"1.jpg": "shoes/red", "2.png": "shoes", "3.JPG": "hats"}


def test_other_files_are_refused_by_name(folder: Path) -> None:
    with pytest.raises(ValueError, match=r"notes\.txt: expected a folder, or a file \.jsonl"):
        read_annotations(folder / "notes.txt")
    with pytest.raises(ValueError, match=r"none\.jsonl: cannot be read: No such file"):
        read_annotations(folder / "none.jsonl")
    with pytest.raises(ValueError, match="no image can be used"):
        read_annotations(folder)
