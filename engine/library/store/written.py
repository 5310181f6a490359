"""What stands in the files of images, as attributes of each image that has such a file."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, delete, exists, insert, select

from engine.library.store.attribute_rows import attribute_rows, note_words
from engine.library.store.database import pieces
from engine.library.store.tables import attributes, images, taken_off, written
from engine.metadata import Written

_FIRST = -(1 << 20)
"""The place of the first value: those below 0 are of files."""


def keep_written(connection: Connection, found: Mapping[str, Written]) -> None:
    """Note what stands in files, by digest, in the place of what was known of them."""
    forget_written(connection, list(found))
    rows = [
        {"digest": digest, "name": name, "place": place, "text": said}
        for digest, columns in found.items()
        for name, texts in columns.items()
        for place, said in enumerate(texts)
    ]
    if rows:
        connection.execute(insert(written), rows)
    spread_written(connection, found)


def forget_written(connection: Connection, digests: Sequence[str]) -> None:
    """Drop what stands in files that no image has any more."""
    for some in pieces(digests):
        connection.execute(delete(written).where(written.c.digest.in_(some)))


def spread_written(connection: Connection, digests: Iterable[str]) -> None:
    """Bring the attributes of the images that have these digests up to date with their files."""
    for some in pieces(list(dict.fromkeys(digests))):
        ids = list(connection.scalars(select(images.c.id).where(images.c.digest.in_(some))))
        before: set[int] = set()
        for part in pieces(ids):
            of_files = attributes.c.image_id.in_(part) & (attributes.c.place < 0)
            before.update(connection.scalars(select(attributes.c.image_id).where(of_files)))
            connection.execute(delete(attributes).where(of_files))
        now = _values(connection, some)
        new = [row for one, values in now.items() for row in attribute_rows(one, values, _FIRST)]
        if new:
            connection.execute(insert(attributes), new)
        for part in pieces(sorted(before | now.keys())):
            note_words(connection, part)


def _values(connection: Connection, digests: Sequence[str]) -> dict[int, dict[str, list[str]]]:
    """By image and column, without what was taken off the image."""
    order = (images.c.id, written.c.name, written.c.place)
    wanted = select(images.c.id, written.c.name, written.c.text).join_from(
        images, written, written.c.digest == images.c.digest
    )
    found: dict[int, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    some = written.c.digest.in_(digests) & ~exists().where(
        taken_off.c.image_id == images.c.id,
        taken_off.c.name == written.c.name,
        taken_off.c.text == written.c.text,
    )
    for image_id, name, said in connection.execute(wanted.where(some).order_by(*order)):
        found[image_id][name].append(said)
    return found
