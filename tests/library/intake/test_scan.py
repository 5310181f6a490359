import os
import tracemalloc
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from vs_powers import file_permissions_count

from engine.library.intake.scan import Scan, walk
from engine.library.records import FileState


@pytest.fixture
def top(tmp_path: Path) -> Path:
    folder = tmp_path / "top"
    folder.mkdir()
    return folder


def make(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode("utf-8", "surrogateescape"))


@dataclass
class Found(Scan):
    """A walk that is over, with its pictures in order."""

    files: list[FileState] = field(default_factory=list)


def scan(folders: Iterable[str | os.PathLike[str]], exclude: Path) -> Found:
    found = Found()
    pictures = sorted(walk(folders, exclude, found), key=lambda one: (one[0], one[1].path))
    found.files = [state for _, state in pictures]
    return found


def found_below(folder: Path) -> list[str]:
    """Names of the files found, relative to the folder, in the order of the walk."""
    return names(scan([folder], exclude=folder / "library"), folder)


def names(found: Found, folder: Path) -> list[str]:
    return [str(Path(state.path).relative_to(folder)) for state in found.files]


def test_pictures_are_found_by_suffix_in_any_case(top: Path) -> None:
    make(top, "a.jpg", "b.JPG", "c.Jpeg", "d.png", "e.HEIC", "f.tiff", "g.avif", "h.webp", "i.gif")
    make(top, "a.txt", "b.mp4", "jpg", "c.jpg.part", "d.svg", "e.pdf", "f.psd", "g.raw")
    assert [Path(name).stem for name in found_below(top)] == list("abcdefghi")


def test_folders_are_walked_in_a_stable_order(top: Path) -> None:
    make(top, "b/2.jpg", "b/1.jpg", "a/z.jpg", "a/deep/er/x.jpg", "0.jpg", "c.jpg")
    expected = ["0.jpg", "c.jpg", "a/z.jpg", "a/deep/er/x.jpg", "b/1.jpg", "b/2.jpg"]
    assert found_below(top) == expected
    assert found_below(top) == expected


def test_size_and_time_are_those_of_the_file(top: Path) -> None:
    make(top, "a.jpg")
    os.utime(top / "a.jpg", ns=(1, 1234567890123456789))
    (state,) = scan([top], exclude=top / "library").files
    assert (state.size, state.mtime_ns) == (5, 1234567890123456789)


def test_hidden_files_and_folders_are_passed_over(top: Path) -> None:
    make(top, ".a.jpg", "._b.jpg", ".git/c.jpg", "d.jpg", ".jpg")
    assert found_below(top) == ["d.jpg"]


def test_a_hidden_folder_that_is_asked_for_is_walked(top: Path) -> None:
    make(top, ".secret/a.jpg")
    assert found_below(top / ".secret") == ["a.jpg"]


def test_the_library_itself_is_not_entered(top: Path) -> None:
    make(top, "a.jpg", "library/thumbnails/b.jpg", "other/library/c.jpg")
    (top / "way in").symlink_to(top / "library")
    assert found_below(top) == ["a.jpg", "other/library/c.jpg"]


@pytest.mark.parametrize("name", ["a\nb.jpg", "\udcff.jpg", "🐕.jpg", "-k.jpg", " .jpg", "'\".jpg"])
def test_any_name_is_found(name: str, top: Path) -> None:
    make(top, name)
    assert found_below(top) == [name]
    assert Path(scan([top], exclude=top / "library").files[0].path).exists()


def test_links_are_followed_and_each_folder_walked_once(top: Path, tmp_path: Path) -> None:
    make(top, "real/a.jpg")
    make(tmp_path / "elsewhere", "b.jpg")
    (top / "loop").symlink_to(top)
    (top / "real" / "up").symlink_to("..")
    (top / "linked").symlink_to(tmp_path / "elsewhere")
    (top / "twice").symlink_to(tmp_path / "elsewhere")
    (top / "file.jpg").symlink_to("real/a.jpg")
    assert found_below(top) == ["file.jpg", "linked/b.jpg", "real/a.jpg"]


def test_folders_asked_for_twice_or_within_each_other_count_once(top: Path) -> None:
    make(top, "a.jpg", "sub/b.jpg", "sub/deep/c.jpg")
    sub = top / "sub"
    for asked in ([top, sub], [sub, top], [top, top], [sub / "b.jpg", top, sub, f"{top}/"]):
        found = scan(asked, exclude=top / "library")
        assert sorted(names(found, top)) == ["a.jpg", "sub/b.jpg", "sub/deep/c.jpg"]


def test_single_files_may_be_asked_for_whatever_they_are_called(top: Path) -> None:
    make(top, "a.jpg", "b.dat", ".c.png")
    found = scan([top / "b.dat", top / ".c.png"], exclude=top / "library")
    assert names(found, top) == ["b.dat", ".c.png"]
    assert found.roots == [str(top / "b.dat"), str(top / ".c.png")]


def test_missing_folders_are_told_apart(top: Path) -> None:
    make(top, "a.jpg")
    found = scan([top / "nowhere", top], exclude=top / "library")
    assert found.missing == [str(top / "nowhere")]
    assert found.roots == [str(top)]
    assert names(found, top) == ["a.jpg"]


def test_empty_folders_are_told_apart(top: Path) -> None:
    make(top, "with text/a.txt", "hidden/.a.jpg")
    (top / "empty").mkdir()
    asked = [top / name for name in ("with text", "hidden", "empty")]
    found = scan(asked, exclude=top / "library")
    assert found.empty == [str(top / "empty")]
    assert found.files == []


@pytest.mark.parametrize(
    "spell",
    [
        lambda top: f"{top}/",
        lambda top: f"{top}/sub/..",
        lambda top: f"//{str(top).lstrip('/')}",
        lambda top: f"///{str(top).lstrip('/')}",
        os.path.relpath,
    ],
    ids=["slash", "dots", "two slashes", "three slashes", "relative"],
)
def test_a_folder_has_one_spelling(spell: Callable[[Path], str], top: Path) -> None:
    """Or the same image would be in the library twice."""
    make(top, "a.jpg", "sub/b.jpg")
    found = scan([spell(top)], exclude=top / "library")
    assert found.roots == [str(top)]
    assert [state.path for state in found.files] == [f"{top}/a.jpg", f"{top}/sub/b.jpg"]


def test_the_home_folder_may_be_abbreviated(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(top, "Pictures/a.jpg")
    monkeypatch.setenv("HOME", str(top))
    assert names(scan(["~/Pictures"], exclude=top / "library"), top) == ["Pictures/a.jpg"]


def test_what_cannot_be_looked_at_is_reported(top: Path) -> None:
    make(top, "a.jpg", "locked/b.jpg", "z.jpg")
    (top / "broken.jpg").symlink_to("nowhere")
    (top / "circle.jpg").symlink_to("circle.jpg")
    (top / "locked").chmod(0)
    with file_permissions_count():
        found = scan([top], exclude=top / "library")
    assert names(found, top) == ["a.jpg", "z.jpg"]
    reasons = {Path(skip.path).name: skip.reason for skip in found.skipped}
    assert reasons.keys() == {"broken.jpg", "circle.jpg", "locked"}
    assert "No such file" in reasons["broken.jpg"]
    assert "symbolic links" in reasons["circle.jpg"]
    assert reasons["locked"] == "folder cannot be read: Permission denied"


def test_pipes_and_sockets_are_listed_but_never_opened(top: Path) -> None:
    os.mkfifo(top / "pipe.jpg")
    assert found_below(top) == ["pipe.jpg"]


def test_a_folder_that_is_called_like_a_picture_is_a_folder(top: Path) -> None:
    make(top, "a.jpg/b.jpg")
    assert found_below(top) == ["a.jpg/b.jpg"]


def test_very_deep_folders_are_walked(top: Path) -> None:
    deep = top / "/".join(["d"] * 500)
    make(deep, "a.jpg")
    assert len(found_below(top)) == 1


def test_memory_does_not_grow_with_a_folder_full_of_pictures(top: Path) -> None:
    def peak(folder: Path, count: int) -> int:
        folder.mkdir()
        for number in range(count):
            (folder / f"{number}.jpg").touch()
        tracemalloc.start()
        assert sum(1 for _ in walk([folder], top / "library", Scan())) == count
        most = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return most

    peak(top / "warm", 10)
    assert peak(top / "many", 20_000) < peak(top / "few", 200) + 50_000
