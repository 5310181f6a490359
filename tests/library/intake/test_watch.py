"""How folders are followed; the command itself is in tests/e2e/test_watch.py."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.library import IngestReport, LibraryError, ModelChangedError, WatchRound
from engine.library.intake import watch
from engine.library.intake.changed_folders import ChangedFolders
from engine.library.intake.watch import FolderWatch

SOON = 120.0


class Follower:
    """Follows a folder in a thread, and keeps what it was told."""

    def __init__(self, root: Path, poll: float | None = None) -> None:
        self.rounds: list[WatchRound] = []
        self.asked: list[list[str]] = []
        self.failures: list[Exception] = []  # of the next runs
        self.raised: Exception | None = None
        changed = ChangedFolders([str(root)], "/nowhere", lambda _: False)
        self.watch = FolderWatch([str(root)], changed, self.rounds.append, poll)
        self.thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        try:
            self.watch.run(self._refresh)
        except LibraryError as error:
            self.raised = error

    def _refresh(self, folders: list[str]) -> IngestReport:
        self.asked.append(folders)
        if self.failures:
            raise self.failures.pop(0)
        return IngestReport()

    def __enter__(self) -> "Follower":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.watch.stop.set()
        self.thread.join(SOON)
        assert not self.thread.is_alive(), "it does not stop"


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SOON
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "root" / "sub").mkdir(parents=True)
    return tmp_path / "root"


def test_first_all_then_what_changes(root: Path) -> None:
    with Follower(root) as follower:
        until(lambda: len(follower.rounds) == 1)
        (root / "sub" / "a.jpg").touch()
        until(lambda: len(follower.rounds) == 2)
    assert follower.asked == [[str(root)], [str(root / "sub")]]
    assert [told.folders for told in follower.rounds] == [(str(root),), (str(root / "sub"),)]


def test_what_failed_is_tried_again_and_told_of_once(root: Path) -> None:
    with Follower(root) as follower:
        until(lambda: len(follower.rounds) == 1)
        follower.failures += [LibraryError("busy"), LibraryError("busy"), OSError("disk")]
        (root / "sub" / "a.jpg").touch()
        until(lambda: follower.rounds[-1].report is not None and len(follower.rounds) > 1)
    assert [told.message for told in follower.rounds[1:]] == [
        "busy; trying again",
        "disk; trying again",
        None,
    ]
    assert follower.asked[1:] == [[str(root / "sub")]] * 4


def test_a_library_of_another_model_ends_it(root: Path) -> None:
    with Follower(root) as follower:
        follower.failures.append(ModelChangedError("another model"))
        until(lambda: follower.raised is not None)
    assert isinstance(follower.raised, ModelChangedError)


def test_polling_looks_at_everything_each_time(root: Path) -> None:
    with Follower(root, poll=0.1) as follower:
        until(lambda: len(follower.rounds) >= 3)
    assert follower.asked[:3] == [[str(root)]] * 3


def test_a_folder_that_is_not_there_is_waited_for(tmp_path: Path) -> None:
    root = tmp_path / "later"
    with Follower(root) as follower:
        until(lambda: len(follower.rounds) == 1)
        root.mkdir()
        until(lambda: len(follower.rounds) == 2)
        (root / "a.jpg").touch()
        until(lambda: len(follower.rounds) == 3)


@pytest.mark.parametrize(
    ("kind", "point", "is_polled"),
    [("nfs4", "{root}", True), ("cifs", "/", True), ("ext4", "{root}", False)],
)
def test_a_network_drive_is_looked_at_by_itself(
    kind: str, point: str, is_polled: bool, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounts = root.parent / "mounts"
    mounts.write_text(f"disk / {kind} rw 0 0\nserver {point.format(root=root)} {kind} rw 0 0\n")
    monkeypatch.setattr(watch, "_MOUNTS", mounts)
    follower = Follower(root)
    assert (follower.watch.poll is not None) == is_polled
    assert ["on a network drive" in (told.message or "") for told in follower.rounds] == (
        [True] * is_polled
    )
