"""Thumbs: what people liked and disliked among the results of a query."""

import time
from collections.abc import Sequence

from sqlalchemy import Connection, Engine, bindparam, delete, func, insert, select
from sqlalchemy.exc import IntegrityError

from engine.library.records import LibraryError
from engine.library.store.catalogue import put_meta
from engine.library.store.database import writing
from engine.library.store.quick import QuickSelect
from engine.library.store.tables import feedback, meta, questions

_REVISION, _LESSONS_FROM = "marks", "lessons_from"
_OF_QUERY = (
    select(feedback.c.image_id, feedback.c.mark)
    .where(feedback.c.query_key == bindparam("query_key"))
    .order_by(feedback.c.at)
)
_REVISION_NOW = select(meta.c.value).where(meta.c.key == _REVISION)


class MarkStore:
    """Marks by query and image. Every method is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._of_query = QuickSelect(engine, _OF_QUERY)
        self._revision = QuickSelect(engine, _REVISION_NOW)

    def of(self, query_key: str) -> dict[int, int]:
        """Image id to +1 (liked) or -1 (disliked), for one query."""
        return dict(self._of_query(query_key=query_key))

    def asked(self) -> list[tuple[str, dict[int, int]]]:
        """Questions that have marks, oldest mark first, and image id to mark of each."""
        wanted = (
            select(questions.c.question, feedback.c.image_id, feedback.c.mark)
            .join(feedback, feedback.c.query_key == questions.c.query_key)
            .order_by(feedback.c.at)
        )
        found: dict[str, dict[int, int]] = {}
        with self._engine.connect() as connection:
            for question, image_id, mark in connection.execute(wanted):
                found.setdefault(question, {})[image_id] = mark
        return list(found.items())

    def revision(self) -> int:
        """Grows whenever somebody gives a mark or takes one back."""
        return _number(self._revision())

    def lessons(self) -> list[dict[int, int]]:
        """Image id to mark of each question, those that were marked last at the end.

        An image counts in the question in which it was marked last: who likes one picture whatever
        they ask for has no more than one reason for it. What was marked before `forget_lessons`
        is left out.
        """
        wanted = select(feedback.c.image_id, feedback.c.query_key, feedback.c.mark, feedback.c.at)
        latest: dict[int, tuple[str, int]] = {}
        with self._engine.connect() as connection:
            since = connection.scalar(select(meta.c.value).where(meta.c.key == _LESSONS_FROM))
            after = feedback.c.at > float(since or 0)
            for image_id, key, mark, _ in connection.execute(
                wanted.where(after).order_by(feedback.c.at)
            ):
                latest.pop(image_id, None)  # to the end
                latest[image_id] = key, mark
        found: dict[str, dict[int, int]] = {}
        for image_id, (key, mark) in reversed(latest.items()):
            found.setdefault(key, {})[image_id] = mark
        return list(reversed(found.values()))

    def forget_lessons(self) -> None:
        """Leave all marks that there are now out of `lessons`; each stays with its question."""
        with writing(self._engine) as connection:
            put_meta(connection, _LESSONS_FROM, repr(time.time()))
            _note_change(connection)

    def set(self, query_key: str, image_id: int, mark: int, question: str | None = None) -> None:
        """Store +1 or -1; 0 takes the mark back.

        Args:
            query_key: names the question.
            image_id: what is marked.
            mark: how.
            question: what `asked` gives for it; None keeps what is known.

        Raises:
            LibraryError: there is no such image.
        """
        same = (feedback.c.query_key == query_key) & (feedback.c.image_id == image_id)
        row = {"query_key": query_key, "image_id": image_id, "mark": mark, "at": time.time()}
        try:
            with writing(self._engine) as connection:
                _note_change(connection)
                connection.execute(delete(feedback).where(same))
                if mark:
                    connection.execute(insert(feedback), [row])
                if mark and question is not None:
                    connection.execute(delete(questions).where(questions.c.query_key == query_key))
                    asked = {"query_key": query_key, "question": question}
                    connection.execute(insert(questions), [asked])
        except IntegrityError:
            raise LibraryError(f"image {image_id} is not in the library") from None

    def clear_all(self) -> int:
        """Take all marks of all queries back; returns how many there were."""
        with writing(self._engine) as connection:
            count = connection.scalar(select(func.count()).select_from(feedback)) or 0
            _note_change(connection)
            for table in (feedback, questions):
                connection.execute(delete(table))
        return count

    def clear(self, query_key: str) -> None:
        """Take all marks of a query back."""
        with writing(self._engine) as connection:
            _note_change(connection)
            for table in (feedback, questions):
                connection.execute(delete(table).where(table.c.query_key == query_key))


def _note_change(connection: Connection) -> None:
    before = connection.execute(_REVISION_NOW).all()
    put_meta(connection, _REVISION, str(_number(before) + 1))


def _number(rows: Sequence[Sequence[str]]) -> int:
    return int(rows[0][0]) if rows else 0
