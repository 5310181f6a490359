"""`find_duplicates`: exact and near copies of a library's images, stored as groups.

Exact copies share a content hash. Near ones are among the nearest neighbours by embedding, at least
as close as made copies of this library's pictures are, and look the same. Nothing is ever deleted.
"""

import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from PIL import Image

from engine.encoder import Encoder
from engine.library import (
    Library,
    LibraryError,
    ModelChangedError,
    Progress,
    ProgressCallback,
)
from engine.library.intake.looks import LookStore
from engine.library.known.duplicates import DuplicateStore, Kind, Membership, Searched
from engine.query.alike.copies import calibrated_threshold
from engine.query.alike.duplicate_groups import DuplicateReport, exact_groups, listed
from engine.query.alike.grouping import grouped
from engine.query.alike.looks_alike import Ids, LooksAlike, Thumbnail, ranks, small_picture
from engine.query.alike.near import NearPairs
from engine.query.scores.statistics import Vector
from engine.query.view import LibraryView

_SAMPLE = 100  # pictures of which copies are made
_GROWN = 2.0  # times as many images as at the calibration make another one worth it
_PATIENCE = 60.0  # seconds that another process may hold the library's lock

Members = Mapping[int, Membership]


@dataclass(frozen=True)
class _Moment:
    """The library's images as of the beginning.

    Attributes:
        generation: of the library.
        ids: of all images, int64 [n], ascending.
        versions: the generation in which each got its vector, int64 [n].
        copies: ids of images to the oldest one with the same content.
    """

    generation: int
    ids: Ids
    versions: Ids
    copies: dict[int, int]

    def version(self, image_id: int) -> int:
        """Version of an image that is there; -1 for others."""
        place = int(np.searchsorted(self.ids, image_id))
        there = place < len(self.ids) and self.ids[place] == image_id
        return int(self.versions[place]) if there else -1


class DuplicateFinder:
    """Brings the stored groups of one library up to date."""

    def __init__(
        self, library: Library, encoder: Encoder, view: LibraryView, thumbnail: Thumbnail
    ) -> None:
        self._library, self._encoder, self._view = library, encoder, view
        self._thumbnail = thumbnail
        self._store = DuplicateStore(library.database)

    def find(
        self,
        threshold: float | None = None,
        exact_only: bool = False,
        progress: ProgressCallback | None = None,
    ) -> DuplicateReport:
        """As `SearchEngine.duplicates`."""
        if threshold is not None and not 0 < threshold <= 1:
            raise ValueError(f"threshold {threshold}: a cosine above 0, at most 1, is expected")
        self._view.refresh()
        now = self._moment()
        stored = self._store.memberships()
        if exact_only:
            # What is known of near copies stays, also what the next search has to look at again.
            near = {i: (m.group_id, m.similarity) for i, m in stored.items() if i not in now.copies}
            self._save(_members(near, now), None)
            return exact_groups(self._library.catalogue, now.copies, len(now.ids))
        before = self._store.searched()
        if before and (before.model != self._library.model or before.generation > now.generation):
            before = None
        searched = self._searched(threshold, before, now, progress)
        if before and before.threshold != searched.threshold:
            before = None
        if before is None:
            stored = {}
        near = self._near(searched.threshold, before, stored, now, progress)
        self._save(_without_single(_members(near, now)), searched)
        return listed(
            self._library.catalogue,
            self._store.memberships(),
            len(now.ids),
            searched.threshold,
            threshold is None,
        )

    # -- what there is -------------------------------------------------------------------------

    def _moment(self) -> _Moment:
        changes = self._library.changes.changes()
        self._library.require_model(changes.head.model)
        copies = self._store.exact_copies()
        return _Moment(changes.head.generation, changes.ids, changes.versions, copies)

    def _searched(
        self,
        threshold: float | None,
        before: Searched | None,
        now: _Moment,
        progress: ProgressCallback | None,
    ) -> Searched:
        """What will be known after this run; measures the threshold where that is needed."""
        calibrated = before.calibrated if before else None
        size = before.images if before else 0
        if threshold is None and (calibrated is None or len(now.ids) > _GROWN * size):
            calibrated, size = self._calibrated(progress), len(now.ids)
        # Without a picture to make copies of there is none to confirm copies by either.
        used = threshold or calibrated or 1.0
        return Searched(now.generation, self._library.model, size, used, calibrated)

    def _calibrated(self, progress: ProgressCallback | None) -> float | None:
        ids, vectors = self._view.sample(_SAMPLE)
        records = self._library.catalogue.records_of(ids.tolist())

        def pictures() -> Iterator[tuple[Image.Image, Vector]]:
            for image_id, vector in zip(ids.tolist(), vectors, strict=True):
                record = records.get(image_id)
                image = small_picture(self._thumbnail, record) if record else None
                if image is not None:
                    yield image, vector

        def tell(done: int) -> None:
            if progress:
                progress(Progress(done, len(ids), stage="comparing made copies"))

        return calibrated_threshold(self._encoder, pictures(), tell)

    # -- near copies ---------------------------------------------------------------------------

    def _near(
        self,
        threshold: float,
        before: Searched | None,
        stored: Members,
        now: _Moment,
        progress: ProgressCallback | None,
    ) -> dict[int, tuple[int, float]]:
        """Images in groups to their group's best image and the cosine with it.

        Looks only at images that are new or others since `before`, and at those related to them.
        """
        standing = _standing(stored, now)
        groups = defaultdict[int, list[int]](list)
        for image_id, member in standing.items():
            groups[member.group_id].append(image_id)
        start = now.ids
        if before is not None:
            lost = [i for i in stored if i not in standing and now.version(i) >= 0]
            fresh = now.ids[now.versions > before.generation]
            start = np.union1d(fresh, np.array(lost, dtype=np.int64))

        def related(found: set[int]) -> Iterable[int]:
            for image_id in found & standing.keys():
                yield from groups[standing[image_id].group_id]

        def tell(done: int, total: int) -> None:
            if progress:
                progress(Progress(done, total, stage="looking for copies"))

        looks = LooksAlike(self._library, self._thumbnail, now.ids)
        copies = np.array(list(now.copies), dtype=np.int64)
        search = NearPairs(self._view, looks, now.ids, copies, threshold)
        pairs, seen = search.around(start, related, tell)
        members = list({image_id for pair in pairs for image_id in pair})
        records = self._library.catalogue.records_of(members)
        pairs = {pair: cosine for pair, cosine in pairs.items() if records.keys() >= set(pair)}
        looked_at = set(seen.tolist())
        kept = {
            image_id: (member.group_id, member.similarity)
            for image_id, member in standing.items()
            if image_id not in looked_at
        }
        return kept | grouped(pairs, ranks(list(records.values())))

    # -- storing -------------------------------------------------------------------------------

    def _save(self, members: Members, searched: Searched | None) -> None:
        """Store groups; another process may be indexing for a while.

        Raises:
            LibraryError: it goes on for too long.
        """
        until = time.monotonic() + _PATIENCE
        while True:
            try:
                with self._library.writing():
                    self._store.replace(members, searched)
                    LookStore(self._library.database).forget_unused()
                return
            except ModelChangedError:
                raise
            except LibraryError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.5)


def _standing(stored: Members, now: _Moment) -> dict[int, Membership]:
    """Stored members whose group's best image is still that."""
    current = {i: m for i, m in stored.items() if i not in now.copies and now.version(i) >= 0}
    return {
        image_id: member
        for image_id, member in current.items()
        if member.group_id in current and current[member.group_id].group_id == member.group_id
    }


def _members(near: Mapping[int, tuple[int, float]], now: _Moment) -> dict[int, Membership]:
    """Groups of near copies, and the exact copies of their members and of all others."""
    found: dict[int, Membership] = {}

    def put(image_id: int, best: int, kind: Kind, cosine: float) -> None:
        found[image_id] = Membership(best, kind, cosine, now.version(image_id))

    for image_id, (best, cosine) in near.items():
        put(image_id, best, "exact" if image_id == best else "near", cosine)
    for copy, first in now.copies.items():
        best, cosine = near.get(first, (first, 1.0))
        put(first, best, "exact" if first == best else "near", cosine)
        put(copy, best, "exact" if first == best else "near", cosine)
    return found


def _without_single(members: Members) -> dict[int, Membership]:
    """Groups of at least two."""
    sizes = Counter(member.group_id for member in members.values())
    return {i: member for i, member in members.items() if sizes[member.group_id] > 1}
