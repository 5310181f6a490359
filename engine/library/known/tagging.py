"""Tags that are given to images, and taken off them, one at a time.

Each call is one transaction that reads and writes, so that no tag is lost where two processes tag
the same image at once. A tag that stands in an image's file is taken off by noting so
(`taken_off`); the file is left as it is.
"""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, and_, delete, func, insert, select

from engine.library.known.attributes import IS_OURS
from engine.library.store.attribute_rows import attribute_rows, note_words
from engine.library.store.catalogue import note_described
from engine.library.store.database import pieces, writing
from engine.library.store.tables import attributes, images, taken_off
from engine.library.store.written import spread_written

TAG = "tag"
"""The column that tags are values of."""


def give_tag(database: Engine, ids: Sequence[int], tag: str) -> int:
    """Add a tag to images; returns how many are new to it. Unknown ids are passed over.

    Images whose file says so, and which it was taken off, have it from their file again.

    Raises:
        ValueError: the tag is empty.
    """
    wanted = _tidied(tag)
    new = 0
    with writing(database) as connection:
        for part in pieces(list(dict.fromkeys(ids))):
            there = list(connection.scalars(select(images.c.id).where(images.c.id.in_(part))))
            had = {row.image_id for row in _holding(connection, there, wanted)}
            lacking = [image_id for image_id in there if image_id not in had]
            _let_files_speak(connection, lacking, wanted)
            has_now = {row.image_id for row in _holding(connection, lacking, wanted)}
            _append(connection, [one for one in lacking if one not in has_now], wanted)
            new += len(lacking)
        if new:
            note_described(connection)
    return new


def take_tag_off(database: Engine, ids: Sequence[int], tag: str) -> int:
    """Take a tag off images, in whatever way they have it; returns how many had it.

    Raises:
        ValueError: the tag is empty.
    """
    wanted = _tidied(tag)
    had: set[int] = set()
    with writing(database) as connection:
        for part in pieces(list(dict.fromkeys(ids))):
            rows = _holding(connection, part, wanted)
            _note_taken_off(connection, {row.image_id for row in rows if row.place < 0}, wanted)
            some = sorted({row.image_id for row in rows})
            texts = {row.text for row in rows}
            own = and_(attributes.c.name == TAG, attributes.c.image_id.in_(some))
            connection.execute(delete(attributes).where(own, attributes.c.text.in_(texts)))
            note_words(connection, some)
            had.update(some)
        if had:
            note_described(connection)
    return len(had)


def _tidied(tag: str) -> str:
    wanted = " ".join(tag.split())
    if not wanted:
        raise ValueError("the tag is empty")
    return wanted


def _holding(connection: Connection, ids: Sequence[int], tag: str) -> list[Any]:
    """Rows of images (image_id, place, text) that are this tag; imported ones may be spaced out."""
    columns = (attributes.c.image_id, attributes.c.place, attributes.c.text)
    own = and_(attributes.c.name == TAG, attributes.c.image_id.in_(ids))
    rows = connection.execute(select(*columns).where(own)).all()
    return [row for row in rows if " ".join(row.text.split()) == tag]


def _note_taken_off(connection: Connection, ids: Collection[int], tag: str) -> None:
    """Of images whose files say so; those have no other spaces than the tag itself."""
    connection.execute(delete(taken_off).where(_is_off(ids, tag)))
    if ids:
        notes = [{"image_id": image_id, "name": TAG, "text": tag} for image_id in ids]
        connection.execute(insert(taken_off), notes)


def _is_off(ids: Collection[int], tag: str) -> ColumnElement[bool]:
    return and_(taken_off.c.image_id.in_(ids), taken_off.c.name == TAG, taken_off.c.text == tag)


def _let_files_speak(connection: Connection, ids: Sequence[int], tag: str) -> None:
    """What was taken off is not any more, where it stands in a file."""
    if connection.execute(delete(taken_off).where(_is_off(ids, tag))).rowcount:
        digests = select(images.c.digest).where(images.c.id.in_(ids)).distinct()
        spread_written(connection, list(connection.scalars(digests)))


def _append(connection: Connection, ids: Sequence[int], tag: str) -> None:
    """After the tags that were imported, or given before."""
    own = and_(attributes.c.name == TAG, attributes.c.image_id.in_(ids), IS_OURS)
    last = select(attributes.c.image_id, func.max(attributes.c.place)).where(own)
    places = {row[0]: row[1] + 1 for row in connection.execute(last.group_by("image_id"))}
    new = [row for one in ids for row in attribute_rows(one, {TAG: [tag]}, places.get(one, 0))]
    if new:
        connection.execute(insert(attributes), new)
        note_words(connection, ids)
