import os
import shutil
from pathlib import Path

import pytest
from vs_drawing import write
from watchfiles import Change

from engine.encoder import Encoder
from engine.library import Library, ingest
from engine.library.intake.changed_folders import ChangedFolders, covering, holds_images

ADDED, MODIFIED, DELETED = Change.added, Change.modified, Change.deleted


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    (root / "sub" / "deep").mkdir(parents=True)
    (root / "sub" / "a.jpg").touch()
    (root / "sub" / "notes.txt").touch()
    return root


@pytest.fixture
def folders(root: Path, tmp_path: Path) -> ChangedFolders:
    """Of a library that has images in folders named `known`."""
    return ChangedFolders([str(root)], str(root / "library"), lambda path: "known" in path)


@pytest.mark.parametrize(
    ("change", "path", "expected"),
    [
        (ADDED, "sub/a.jpg", "sub"),
        (MODIFIED, "sub/a.jpg", "sub"),
        (DELETED, "sub/b.JPG", "sub"),
        (ADDED, "sub/deep", "sub/deep"),
        (ADDED, "sub/notes.txt", None),
        (MODIFIED, "sub/notes.txt", None),
        (DELETED, "sub/old.txt", None),
        (DELETED, "sub/known", "sub"),
        (DELETED, "sub/gone/also gone/x.png", "sub"),
        (ADDED, "sub/.hidden.jpg", None),
        (ADDED, ".hidden/deep/x.jpg", None),
        (ADDED, "library/thumbnails/x.jpg", None),
        (DELETED, "", ""),
        (DELETED, "../elsewhere/x.jpg", None),
    ],
)
def test_the_folder_of_a_change(
    change: Change, path: str, expected: str | None, folders: ChangedFolders, root: Path
) -> None:
    found = folders.of([(change, os.path.normpath(root / path))])
    assert found == (set() if expected is None else {os.path.normpath(root / expected)})


def test_a_root_that_is_gone_is_looked_at_itself(folders: ChangedFolders, root: Path) -> None:
    shutil.rmtree(root)
    assert folders.of([(DELETED, str(root / "sub" / "a.jpg"))]) == {str(root)}


def test_a_single_file_that_is_followed(root: Path) -> None:
    file = str(root / "sub" / "a.jpg")
    folders = ChangedFolders([file], "/nowhere", lambda _: False)
    assert folders.of([(MODIFIED, file)]) == {file}


def test_behind_a_link_all_is_looked_at(folders: ChangedFolders, root: Path) -> None:
    """Its pictures are indexed on the way that a walk from the root comes upon first."""
    (root / "link").symlink_to(root / "sub")
    assert folders.of([(ADDED, str(root / "link" / "a.jpg"))]) == {str(root)}


def test_a_root_that_is_a_link_is_none(root: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(root)
    folders = ChangedFolders([str(tmp_path / "link")], "/nowhere", lambda _: False)
    inside = str(tmp_path / "link" / "sub")
    assert folders.of([(ADDED, f"{inside}/a.jpg")]) == {inside}


def test_a_folder_within_another_one_is_not_named_again() -> None:
    assert covering(["/a/b", "/a", "/a b/c", "/a/b/c", "/a b/c d"]) == ["/a", "/a b/c", "/a b/c d"]
    assert covering([]) == []


def test_whether_a_library_holds_images_of_a_path(
    library: Library, encoder: Encoder, pictures: Path, root: Path
) -> None:
    path = write(pictures / "deep" / "a.png", 1)
    ingest(library, encoder, [pictures])
    for held in (path, path.parent, pictures):
        assert holds_images(library.database, str(held))
    for other in (pictures / "dee", pictures / "deep" / "a", root):
        assert not holds_images(library.database, str(other))
