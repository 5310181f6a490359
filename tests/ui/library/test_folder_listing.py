import os
from pathlib import Path

import pytest

from ui.library import folder_listing
from ui.library.folder_listing import look, pictures_in, way_to


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "photos"
    for name in ("Summer", "winter *2020*", ".hidden", "empty"):
        (root / name).mkdir(parents=True)
    for name in ("a.jpg", "b.JPEG", ".c.jpg", "d.txt"):
        (root / "Summer" / name).touch()
    (root / "one.heic").touch()
    (root / "out").symlink_to(tmp_path)
    (root / "again").symlink_to(root / "Summer")
    monkeypatch.setenv("VISUAL_SEARCH_ROOTS", str(root))
    return root


def test_folders_are_listed_with_their_own_pictures(root: Path):
    listing = look(root)
    assert [(name, str(pictures)) for name, pictures in listing.folders] == [
        ("again", "2 pictures"),
        ("empty", "no pictures of its own"),
        ("Summer", "2 pictures"),
        ("winter *2020*", "no pictures of its own"),
    ]
    assert str(listing.pictures) == "1 picture"
    assert not listing.problem


def test_a_filter_finds_parts_of_names(root: Path):
    assert [name for name, _ in look(root, "WIN").folders] == ["winter *2020*"]
    assert look(root, "nowhere").folders == ()


def test_long_lists_are_cut_and_large_folders_not_counted_to_the_end(
    root: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(folder_listing, "MOST", 3)
    monkeypatch.setattr(folder_listing, "COUNTED", 3)
    listing = look(root)
    assert len(listing.folders) == 3
    assert listing.left_out == 1
    for number in range(9):
        (root / "empty" / f"{number}.png").touch()
    assert str(pictures_in(root / "empty")) == "3+ pictures"


def test_what_lies_outside_or_is_gone_says_so(root: Path, tmp_path: Path):
    assert "may be added" in look(tmp_path).problem
    assert "may be added" in look(root / "out").problem
    assert "No such file" in look(root / "gone").problem


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_must_not_be_read_says_so(root: Path):
    (root / "empty").chmod(0)
    assert "Permission denied" in look(root / "empty").problem
    assert str(dict(look(root).folders)["empty"]) == "permission denied"
    (root / "empty").chmod(0o700)


def test_the_way_leads_from_the_root(root: Path):
    assert way_to(root) == [(str(root), root)]
    assert way_to(root / "Summer" / "July") == [
        (str(root), root),
        ("Summer", root / "Summer"),
        ("July", root / "Summer" / "July"),
    ]
