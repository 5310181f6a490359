"""Bringing the library up to date, and keeping it well."""

import os
import threading
from collections.abc import Callable, Iterable
from dataclasses import replace

from engine.facade.showing import Showing
from engine.index import Tuning
from engine.library import (
    CheckUp,
    IngestReport,
    ProgressCallback,
    WatchRound,
    compact,
    examine,
    forget_folder,
    images_below,
    ingest,
    repair_library,
    watch_folders,
)
from engine.maintenance import repair_index, tidied
from engine.query import (
    DuplicateFinder,
    DuplicateReport,
)


class Indexing(Showing):
    """Bringing the library up to date, and keeping it well."""

    def index(
        self,
        folders: Iterable[str | os.PathLike[str]] | None = None,
        progress: ProgressCallback | None = None,
        remove_missing: bool = False,
        jobs: int | None = None,
        batch: int | None = None,
    ) -> IngestReport:
        """Bring the library up to date with folders; originals are never touched.

        Args:
            folders: folders or files; None takes all that were indexed before.
            progress: called after every batch.
            remove_missing: also drop images of folders that are gone or empty.
            jobs: threads that read and decode; by default one for each core.
            batch: pictures that the model gets at a time; 32 by default.

        Raises:
            LibraryError: another process is indexing, or the library cannot be written.
            ValueError: `jobs` or `batch` is out of range.
        """
        if isinstance(folders, str | os.PathLike):
            folders = [folders]
        chosen = list(folders) if folders is not None else self._library.catalogue.folders()
        report = ingest(self._library, self._encoder, chosen, progress, remove_missing, jobs, batch)
        self._facets.look_again()
        return tidied(report, self._library, self._upkeep, progress)

    def forget_folder(
        self, folder: str | os.PathLike[str], progress: ProgressCallback | None = None
    ) -> int:
        """Take an indexed folder and its images out of the library; originals are never touched.

        Images that lie in another indexed folder, too, stay. Thumbs of the others go with them.

        Args:
            folder: as `info().folders` gives it.
            progress: called as the index is brought up to date.

        Returns:
            The number of images that are not in the library any more.

        Raises:
            LibraryError: it is not an indexed folder, or another process is writing.
        """
        dropped = forget_folder(self._library, self._encoder, os.fspath(folder))
        self._facets.look_again()
        tidied(IngestReport(removed=dropped), self._library, self._upkeep, progress)
        return dropped

    def folder_counts(self) -> dict[str, int]:
        """Indexed folders, and how many images lie in each and below it."""
        return images_below(self._library, self._library.catalogue.folders())

    def upkeep(self, progress: ProgressCallback | None = None) -> None:
        """Bring the index up to date, build it anew and measure it, each where it is needed.

        Searches of other threads go on meanwhile.
        """
        self._upkeep.run(progress)

    def needs_upkeep(self) -> bool:
        """Whether `upkeep` has more to do than searches do on the way."""
        return self._upkeep.is_needed()

    def tune(
        self, target: float | None = None, progress: ProgressCallback | None = None
    ) -> Tuning | None:
        """Measure how many of the true neighbours the index finds, and set it accordingly.

        Args:
            target: recall@10 that the lower 95 % confidence bound has to reach, for texts and for
                images; None takes that of before, or 0.97.
            progress: called as it goes on.

        Returns:
            The setting and its bounds; None if every search is exact anyway.
        """
        return self._upkeep.tune(target, progress)

    def doctor(
        self,
        repair: bool = False,
        progress: ProgressCallback | None = None,
        remove_missing: bool = False,
    ) -> CheckUp:
        """Look for whatever is wrong with the library; no picture is read.

        Args:
            repair: first repair what can be repaired; originals are never touched.
            progress: called as it goes on.
            remove_missing: when repairing, also drop images of folders that are gone or empty.

        Raises:
            LibraryError: it cannot be repaired, because another process is writing, say.
        """
        done: tuple[str, ...] = ()
        if repair:
            done = repair_library(self._library, self._encoder, progress, remove_missing)
            compact(self._library)
            done += repair_index(self._library, self._index, self._upkeep, progress)
        return replace(examine(self._library, self._index, progress), repairs=done)

    def watch(
        self,
        folders: Iterable[str | os.PathLike[str]],
        tell: Callable[[WatchRound], None],
        poll: float | None = None,
        stop: threading.Event | None = None,
    ) -> None:
        """Bring the library up to date with folders, then whenever something in them changes.

        Args:
            folders: folders or files to follow.
            tell: called after every round.
            poll: seconds between two looks at every file, for drives that tell of no changes;
                None asks the system where it can.
            stop: ends it once it is set.

        Raises:
            ModelChangedError: the library has been taken over to another model: open it again.
        """

        def index(some: list[str], remember: bool) -> IngestReport:
            report = ingest(self._library, self._encoder, some, remember=remember)
            return tidied(report, self._library, self._upkeep)

        watch_folders(self._library, folders, index, tell, poll, stop)

    def duplicates(
        self,
        threshold: float | None = None,
        exact_only: bool = False,
        progress: ProgressCallback | None = None,
    ) -> DuplicateReport:
        """Find images that show the same, and store them as groups. Deletes nothing.

        Looks only at images that are new or others since the last call.

        Args:
            threshold: least cosine of near copies, above 0; None measures it on made copies of
                this library's pictures.
            exact_only: look for files with the very same content alone.
            progress: called as it goes on.

        Raises:
            LibraryError: another process is indexing and does not end within a minute.
        """
        finder = DuplicateFinder(self._library, self._encoder, self._view, self.thumbnail)
        return finder.find(threshold, exact_only, progress)
