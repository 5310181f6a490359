import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui import allowed_folders
from ui.allowed_folders import FolderError, checked, is_allowed, is_browsable


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("VISUAL_SEARCH_ROOTS", raising=False)
    folder = tmp_path / "home"
    (folder / "Pictures").mkdir(parents=True)
    monkeypatch.setenv("HOME", str(folder))
    return folder


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A root with a folder, a link to it, and links that lead out; a second root beside it."""
    root, outside = tmp_path / "root", tmp_path / "outside"
    (root / "inside" / "deeper").mkdir(parents=True)
    (outside / "secret").mkdir(parents=True)
    (tmp_path / "root2").mkdir()
    (root / "link_in").symlink_to(root / "inside")
    (root / "link_out").symlink_to(outside)
    (root / "loop").symlink_to(root / "loop")
    (tmp_path / "rooted").mkdir()
    monkeypatch.setenv("VISUAL_SEARCH_ROOTS", f"{root}{os.pathsep}{tmp_path / 'root2'}")
    return root


def test_a_home_folder_is_spelled_out(home: Path):
    assert checked(" ~/Pictures ") == home / "Pictures"
    assert checked("~/x/../Pictures") == home / "Pictures"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "Type the path"),
        ("  ", "Type the path"),
        ("/no/such/*folder*", "`/no/such/*folder*`: there is no such folder"),
        ("Pictures", "give the whole path"),
        ("~nobody-of-this-name/x", "there is no such user"),
        ("/a\0b", "is not a path"),
        ("/" + "x" * 5000, "File name too long"),
        (__file__, "is a file, not a folder"),
    ],
)
def test_what_is_no_folder_is_explained(home: Path, typed: str, told: str):
    with pytest.raises(FolderError) as error:
        checked(typed)
    assert told in str(error.value)


def test_without_roots_any_folder_may_be_added_and_looking_begins_at_home(
    home: Path, tmp_path: Path
):
    assert allowed_folders.named_roots() == ()
    assert allowed_folders.roots() == (home,)
    assert checked(str(tmp_path)) == tmp_path
    assert is_browsable(home / "Pictures")
    assert not is_browsable(tmp_path)


def test_with_roots_nothing_else_may_be_added(root: Path, tmp_path: Path):
    assert allowed_folders.roots() == (root, tmp_path / "root2")
    for inside in (root, root / "inside" / "deeper", root / "link_in", tmp_path / "root2"):
        assert checked(str(inside)) == inside
    for outside in (tmp_path, tmp_path / "rooted", root / "link_out", root / "link_out/secret"):
        with pytest.raises(FolderError, match="only folders inside"):
            checked(str(outside))
        assert not is_browsable(outside)
    with pytest.raises(FolderError):
        checked(str(root / "loop"))


def test_dots_lead_where_the_engine_would_go(root: Path, tmp_path: Path):
    assert checked(f"{root}/link_out/../inside") == root / "inside"
    with pytest.raises(FolderError, match="only folders inside"):
        checked(f"{root}/../outside")
    with pytest.raises(FolderError, match="only folders inside"):
        checked(f"/{root}/./inside/../../outside/secret")


_PLACES = ["..", ".", "~", "root", "root2", "outside", "inside", "deeper", "secret", "rooted"]
_NAMES = [*_PLACES, "link_in", "link_out", "loop", "..."]
_PIECE = st.one_of(st.sampled_from([*_NAMES, "", "//", " ", "\0"]), st.text(max_size=4))


@given(pieces=st.lists(_PIECE, max_size=8), start=st.sampled_from(["", "/", "~", "BASE", "ROOT"]))
def test_nothing_that_is_typed_leads_outside(
    root: Path, tmp_path: Path, pieces: list[str], start: str
):
    begin = {"BASE": str(tmp_path), "ROOT": str(root)}.get(start, start)
    typed = "/".join([begin, *pieces])
    try:
        folder = checked(typed)
    except FolderError:
        return
    real = Path(os.path.realpath(folder))
    roots = (root, tmp_path / "root2")
    assert any(real == place or place in real.parents for place in roots), typed
    assert folder.is_dir()
    assert is_allowed(folder)
