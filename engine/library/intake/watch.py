"""Following folders: what the system tells of changes becomes short runs of indexing.

A run takes in whole folders, not single files: so it sees what is gone, and what has only moved.
"""

import math
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from watchfiles import Change, watch

from engine.library.intake.changed_folders import ChangedFolders, covering, holds_images
from engine.library.intake.scan import absolute
from engine.library.library import Library
from engine.library.records import IngestReport, LibraryError, ModelChangedError

POLL_SECONDS = 10.0
"""How often files are looked at where the system tells of no changes."""

_QUIET = 0.7  # seconds without a change, after which a run starts
_LONGEST = 10.0  # seconds of changes without a pause, after which it starts anyway
_LOOK_AROUND = 1.0  # seconds between two looks at whether the folders are still there
_ALL_AFTER = 3600.0  # seconds; links lead to files elsewhere, of which the system does not tell
_LOST = 4096  # changes at a time: with so many, the system's own list may have been too short
_REST = 9  # times as long as it took to look at everything, before that is done again
_RETRY_FIRST, _RETRY_LAST = 1.0, 60.0  # seconds after a run that failed

_NETWORK = {
    "9p",
    "afs",
    "ceph",
    "cifs",
    "fuse.rclone",
    "fuse.sshfs",
    "nfs",
    "nfs4",
    "smb3",
    "smbfs",
}
_RAISE = (
    "raise fs.inotify.max_user_watches and fs.inotify.max_user_instances, on Linux with "
    "sudo sysctl fs.inotify.max_user_watches=1048576"
)
_MOUNTS = Path("/proc/self/mounts")

Refresh = Callable[[list[str]], IngestReport]
"""Brings the library up to date with some folders."""


@dataclass(frozen=True)
class WatchRound:
    """What one round of watching came to.

    Attributes:
        folders: those that were looked at.
        report: what has changed; None if the run failed or there was none.
        message: why it failed and is tried again, or how the folders are followed.
    """

    folders: tuple[str, ...] = ()
    report: IngestReport | None = None
    message: str | None = None


@dataclass
class FolderWatch:
    """Follows folders until it is told to stop.

    Attributes:
        folders: to follow, absolute; one that is not there is waited for.
        changed: from changes to the folders to look at.
        tell: called after every round.
        poll: seconds between two looks at every file, where the system cannot be asked; None
            decides by the kind of drive.
        stop: ends the watch once it is set.
    """

    folders: list[str]
    changed: ChangedFolders
    tell: Callable[[WatchRound], None]
    poll: float | None = None
    stop: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self._pending: set[str] = set()
        self._first = self._last = 0.0  # when changes were told of since the last round
        self._not_before = 0.0
        self._wait = _RETRY_FIRST
        self._failure = ""
        self._all_at = 0.0  # when to look at everything, whatever was told
        network = [folder for folder in self.folders if _is_on_network(folder)]
        if network and self.poll is None:
            self._poll(
                f"{network[0]}: on a network drive, which tells of no changes made elsewhere"
            )

    def run(self, refresh: Refresh) -> None:
        """Look at everything once, then at what changes.

        Raises:
            ModelChangedError: the library has been taken over to another model.
        """
        while not self.stop.is_set():
            there = _identities(self.folders)
            self._all_at = 0.0
            for changes in self._changes(sorted(there)):
                self._take_in(changes)
                self._round(refresh)
                if _identities(self.folders) != there:  # unplugged, or plugged in again
                    break

    def _changes(self, there: list[str]) -> Iterator[set[tuple[Change, str]]]:
        """What the system tells; nothing every second, so that the folders are looked at."""
        while self.poll is not None or not there:
            if self.stop.wait(_LOOK_AROUND):
                return
            yield set()
        milliseconds = round(_LOOK_AROUND * 1000)
        try:
            yield from watch(
                *there,
                watch_filter=None,
                debounce=milliseconds,
                step=100,
                stop_event=self.stop,
                rust_timeout=milliseconds,
                yield_on_timeout=True,
                force_polling=False,  # it knows times only, and ends at a folder closed to it
            )
        except PermissionError as error:
            self._poll(f"{error}: a folder that cannot be read keeps the others from being told of")
        except (OSError, RuntimeError) as error:
            if _identities(self.folders):  # else they went away while the watch was set up
                self._poll(f"the system follows no more folders for this user: {_RAISE} ({error})")

    def _take_in(self, changes: set[tuple[Change, str]]) -> None:
        if len(changes) > _LOST or time.monotonic() > self._all_at:
            self._want(self.folders)
            self._all_at = math.inf  # until it is done
        else:
            self._want(self.changed.of(changes))

    def _want(self, folders: Iterable[str]) -> None:
        before = len(self._pending)
        now = time.monotonic()
        wanted = list(folders)
        self._pending.update(wanted)
        if wanted:
            self._last = now
            self._first = self._first if before else now

    def _round(self, refresh: Refresh) -> None:
        now = time.monotonic()
        restless = now - self._last < _QUIET and now - self._first < _LONGEST
        if not self._pending or restless or now < self._not_before:
            return
        folders = covering(self._pending)
        try:
            report = refresh(folders)
        except ModelChangedError:
            raise
        except (LibraryError, OSError) as error:
            self._failed(str(error))
            return
        self._pending.clear()
        self._wait, self._not_before, self._failure = _RETRY_FIRST, 0.0, ""
        if math.isinf(self._all_at):
            every = _ALL_AFTER if self.poll is None else self.poll
            done = time.monotonic()
            self._all_at = done + max(every, _REST * (done - now))
        self.tell(WatchRound(tuple(folders), report))

    def _failed(self, reason: str) -> None:
        """Keep what is to be done, and try again later; the same failure is told of once."""
        if reason != self._failure:
            self.tell(WatchRound(tuple(covering(self._pending)), message=f"{reason}; trying again"))
        self._failure = reason
        self._not_before = time.monotonic() + self._wait
        self._wait = min(2 * self._wait, _RETRY_LAST)

    def _poll(self, reason: str) -> None:
        self.poll = POLL_SECONDS
        self._say(f"{reason}; looking at every file each {POLL_SECONDS:.0f} s instead")

    def _say(self, message: str) -> None:
        self.tell(WatchRound(message=message))


def watch_folders(
    library: Library,
    folders: Iterable[str | os.PathLike[str]],
    index: Callable[[list[str], bool], IngestReport],
    tell: Callable[[WatchRound], None],
    poll: float | None = None,
    stop: threading.Event | None = None,
) -> None:
    """Follow folders until `stop` is set; see `FolderWatch`.

    Args:
        library: to keep up to date.
        folders: folders or files.
        index: looks at some folders; the second argument says whether to do so in every later
            refresh, too.
        tell: see `FolderWatch`.
        poll: see `FolderWatch`.
        stop: see `FolderWatch`.
    """
    roots = list(dict.fromkeys(absolute(folder) for folder in folders))
    changed = ChangedFolders(roots, str(library.folder), partial(holds_images, library.database))
    watching = FolderWatch(roots, changed, tell, poll, stop or threading.Event())
    watching.run(lambda some: index(some, set(some) <= set(roots)))


def _identities(folders: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Which of the folders are there, and which ones they are."""
    found: dict[str, tuple[int, int]] = {}
    for folder in folders:
        try:
            status = Path(folder).stat()
        except OSError:
            continue
        found[folder] = (status.st_dev, status.st_ino)
    return found


def _is_on_network(folder: str) -> bool:
    """Whether other machines may change the folder; told on Linux only."""
    try:
        lines = _MOUNTS.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return False
    real = Path(folder).resolve()
    best, kind = "", ""
    for line in lines:
        _, point, name, *_ = line.split(" ")
        point = point.replace("\\040", " ")
        if real.is_relative_to(point) and len(point) >= len(best):
            best, kind = point, name
    return kind in _NETWORK
