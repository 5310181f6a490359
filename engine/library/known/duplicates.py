"""Groups of images that show the same, as the library remembers them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Literal

from sqlalchemy import Engine, delete, func, insert, select

from engine.library.store.catalogue import put_meta
from engine.library.store.database import pieces, writing
from engine.library.store.tables import duplicates, images, meta

Kind = Literal["exact", "near"]

_STATE = "duplicates"


@dataclass(frozen=True)
class Membership:
    """One image in a group.

    Attributes:
        group_id: id of the group's best image.
        kind: `exact` for the same content as the best image, `near` for a changed copy.
        similarity: cosine with the best image.
        version: `changed_in` of the image when it was compared.
    """

    group_id: int
    kind: Kind
    similarity: float
    version: int


@dataclass(frozen=True)
class Searched:
    """Up to where, and how, near copies were searched for.

    Attributes:
        generation: of the library.
        model: fingerprint of the model.
        images: how many there were when the threshold was measured.
        threshold: cosine from which on images were compared.
        calibrated: the threshold that was measured in this library; None if none was.
    """

    generation: int
    model: str
    images: int
    threshold: float
    calibrated: float | None


class DuplicateStore:
    """Reads and writes groups. Every method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def exact_copies(self) -> dict[int, int]:
        """Images whose content an older image has, too: their id to the id of the oldest."""
        shared = (
            select(images.c.digest, func.min(images.c.id).label("first"))
            .group_by(images.c.digest)
            .having(func.count() > 1)
            .subquery()
        )
        copies = (
            select(images.c.id, shared.c.first)
            .join(shared, images.c.digest == shared.c.digest)
            .where(images.c.id != shared.c.first)
        )
        with self._engine.connect() as connection:
            return {row[0]: row[1] for row in connection.execute(copies)}

    def memberships(self) -> dict[int, Membership]:
        """All images in groups by id, in order, but for those that have changed since."""
        with self._engine.connect() as connection:
            rows = connection.execute(_CURRENT.order_by(duplicates.c.image_id))
            return {row[0]: Membership(*row[1:]) for row in rows}

    def groups_of(self, ids: Sequence[int]) -> dict[int, int]:
        """Image id to group id, for those of `ids` that are in a group; to fold results."""
        found: dict[int, int] = {}
        with self._engine.connect() as connection:
            for part in pieces(ids):
                some = duplicates.c.image_id.in_(part)
                found.update((row[0], row[1]) for row in connection.execute(_CURRENT.where(some)))
        return found

    def replace(self, members: Mapping[int, Membership], searched: Searched | None = None) -> None:
        """Make these the groups, all at once.

        Args:
            members: by image id; those that were removed or changed meanwhile are left out.
            searched: what to remember of the search; None keeps what is remembered.
        """
        columns = [column.name for column in duplicates.columns]
        with writing(self._engine) as connection:
            stored = connection.execute(select(*duplicates.columns))
            known = {row[0]: Membership(*row[1:]) for row in stored}
            current = select(images.c.id, images.c.changed_in)
            stale = [image_id for image_id in known if known[image_id] != members.get(image_id)]
            new = [image_id for image_id in members if known.get(image_id) != members[image_id]]
            for part in pieces(stale):
                some = duplicates.c.image_id.in_(part)
                connection.execute(delete(duplicates).where(some))
            for part in pieces(new):
                some = images.c.id.in_(part)
                rows = [
                    dict(zip(columns, (row[0], *asdict(members[row[0]]).values()), strict=True))
                    for row in connection.execute(current.where(some))
                    if row[1] == members[row[0]].version
                ]
                if rows:
                    connection.execute(insert(duplicates), rows)
            if searched is not None:
                put_meta(connection, _STATE, json.dumps(asdict(searched)))

    def searched(self) -> Searched | None:
        """What the last search for near copies has looked at; None if there was none."""
        with self._engine.connect() as connection:
            stored = connection.scalar(select(meta.c.value).where(meta.c.key == _STATE))
        return Searched(**json.loads(stored)) if stored else None


_CURRENT = (
    select(
        duplicates.c.image_id,
        duplicates.c.group_id,
        duplicates.c.kind,
        duplicates.c.similarity,
        duplicates.c.version,
    )
    .join(images, images.c.id == duplicates.c.image_id)
    .where(images.c.changed_in == duplicates.c.version)
)
