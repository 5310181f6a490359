"""Groups of copies as people see them: files with sizes, the best one first."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.library import ImageRecord
from engine.library.known.duplicates import Kind, Membership
from engine.library.store.catalogue import Catalogue
from engine.query.alike.looks_alike import ranks


@dataclass(frozen=True)
class Duplicate:
    """An image that shows the same as the best one of its group.

    Attributes:
        image: the image.
        kind: `exact` for the same content, `near` for a changed copy.
        similarity: cosine with the best one.
    """

    image: ImageRecord
    kind: Kind
    similarity: float


@dataclass(frozen=True)
class DuplicateGroup:
    """Images that show the same.

    Attributes:
        id: stays while the best image does.
        best: the one with the most pixels.
        copies: the others, exact copies first.
    """

    id: int
    best: ImageRecord
    copies: tuple[Duplicate, ...]

    @property
    def copied_bytes(self) -> int:
        """Size of the files but for the best one."""
        return sum(copy.image.size for copy in self.copies)


@dataclass(frozen=True)
class DuplicateReport:
    """What a search for duplicates has found.

    Attributes:
        groups: those whose copies take most bytes first.
        images: number of images in the library.
        threshold: cosine from which on images were compared; None if only exact copies were looked
            for.
        is_calibrated: whether the threshold was measured in this library.
    """

    groups: tuple[DuplicateGroup, ...]
    images: int
    threshold: float | None
    is_calibrated: bool

    @property
    def copies(self) -> int:
        """Number of images that are copies of a better one."""
        return sum(len(group.copies) for group in self.groups)

    @property
    def copied_bytes(self) -> int:
        """Size of the copies' files."""
        return sum(group.copied_bytes for group in self.groups)


def listed(
    catalogue: Catalogue,
    members: Mapping[int, Membership],
    images: int,
    threshold: float | None,
    is_calibrated: bool,
) -> DuplicateReport:
    """A report of stored groups."""
    records = catalogue.records_of(list(members))
    by_group = defaultdict[int, list[Duplicate]](list)
    for image_id, record in records.items():
        member = members[image_id]
        by_group[member.group_id].append(Duplicate(record, member.kind, member.similarity))
    return _report(by_group, images, threshold, is_calibrated)


def exact_groups(catalogue: Catalogue, copies: Mapping[int, int], images: int) -> DuplicateReport:
    """A report of exact copies alone.

    Args:
        catalogue: of the library.
        copies: ids of images to the oldest one with the same content.
        images: number of images in the library.
    """
    records = catalogue.records_of(list({*copies, *copies.values()}))
    by_group = defaultdict[int, list[Duplicate]](list)
    for image_id, record in records.items():
        by_group[copies.get(image_id, image_id)].append(Duplicate(record, "exact", 1.0))
    return _report(by_group, images, None, False)


def _report(
    by_group: Mapping[int, list[Duplicate]],
    images: int,
    threshold: float | None,
    is_calibrated: bool,
) -> DuplicateReport:
    found = (_group(number, members) for number, members in by_group.items() if len(members) > 1)
    groups = sorted(found, key=lambda group: (-group.copied_bytes, group.id))
    return DuplicateReport(tuple(groups), images, threshold, is_calibrated)


def _group(number: int, members: Iterable[Duplicate]) -> DuplicateGroup:
    by_id = {member.image.id: member for member in members}
    rank = ranks([member.image for member in by_id.values()])
    # The image that names the group may just have been removed.
    best = number if number in by_id else max(by_id, key=lambda i: (rank[i], -i))
    copies = sorted(
        (member for image_id, member in by_id.items() if image_id != best),
        key=lambda member: (member.kind, -member.similarity, member.image.id),
    )
    return DuplicateGroup(number, by_id[best].image, tuple(copies))
