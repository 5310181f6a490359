"""Thumbs: what people liked and disliked among the results of a query."""

import time

from sqlalchemy import Engine, bindparam, delete, insert, select
from sqlalchemy.exc import IntegrityError

from engine.library.database import feedback, writing
from engine.library.quick import QuickSelect
from engine.library.records import LibraryError

_OF_QUERY = (
    select(feedback.c.image_id, feedback.c.mark)
    .where(feedback.c.query_key == bindparam("query_key"))
    .order_by(feedback.c.at)
)


class MarkStore:
    """Marks by query and image. Every method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._of_query = QuickSelect(engine, _OF_QUERY)

    def of(self, query_key: str) -> dict[int, int]:
        """Image id to +1 (liked) or -1 (disliked), for one query."""
        return dict(self._of_query(query_key=query_key))

    def set(self, query_key: str, image_id: int, mark: int) -> None:
        """Store +1 or -1; 0 takes the mark back.

        Raises:
            LibraryError: there is no such image.
        """
        same = (feedback.c.query_key == query_key) & (feedback.c.image_id == image_id)
        row = {"query_key": query_key, "image_id": image_id, "mark": mark, "at": time.time()}
        try:
            with writing(self._engine) as connection:
                connection.execute(delete(feedback).where(same))
                if mark:
                    connection.execute(insert(feedback), [row])
        except IntegrityError:
            raise LibraryError(f"image {image_id} is not in the library") from None

    def clear(self, query_key: str) -> None:
        """Take all marks of a query back."""
        with writing(self._engine) as connection:
            connection.execute(delete(feedback).where(feedback.c.query_key == query_key))
