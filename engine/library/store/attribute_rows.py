"""Rows of attributes, and the words that keywords are looked for in."""

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, select, text

from engine.library.store.tables import attributes
from engine.metadata.numbers import as_number
from engine.metadata.texts import words_of

Values = Mapping[str, Sequence[str]]
"""Texts by column."""


def attribute_rows(image_id: int, values: Values, first: int = 0) -> Iterable[dict[str, object]]:
    """Rows for the values of an image, whose places count from `first`."""
    for name, texts in values.items():
        for place, said in enumerate(texts, first):
            yield {
                "image_id": image_id,
                "name": name,
                "place": place,
                "text": said,
                "folded": words_of(said),
                "number": as_number(said),
            }


def note_words(connection: Connection, ids: Sequence[int]) -> None:
    """Bring what keywords are looked for in up to date; numbers alone are no words."""
    if connection.dialect.name != "sqlite" or not ids:
        return
    of_image: dict[int, list[str]] = {image_id: [] for image_id in ids}
    written = select(attributes.c.image_id, attributes.c.text).where(
        attributes.c.image_id.in_(ids), attributes.c.number.is_(None)
    )
    for image_id, said in connection.execute(written):
        of_image[image_id].append(said)
    gone = [{"id": image_id} for image_id in of_image]
    connection.execute(text("DELETE FROM words WHERE rowid = :id"), gone)
    new = [{"id": image_id, "text": ". ".join(said)} for image_id, said in of_image.items() if said]
    if new:
        connection.execute(text("INSERT INTO words(rowid, text) VALUES (:id, :text)"), new)
