"""Thumbs."""

from engine.facade.base import Base
from engine.query import Query, Taste


class Marking(Base):
    """Thumbs."""

    def mark(self, query: Query, image_id: int, mark: int) -> None:
        """Store a thumb for a query: +1 up, -1 down, 0 takes it back.

        Raises:
            LibraryError: there is no such image.
            ValueError: `mark` is something else.
        """
        if mark not in (-1, 0, 1):
            raise ValueError(f"mark {mark}: use 1, -1 or 0")
        self._library.marks.set(query.key(), image_id, mark, query.words())

    def marks(self, query: Query) -> dict[int, int]:
        """Thumbs stored for a query: image id to +1 or -1."""
        return self._library.marks.of(query.key()) if query.terms else {}

    def judgements(self) -> list[tuple[Query, dict[int, int]]]:
        """Questions in words that have thumbs, and image id to +1 or -1 of each."""
        asked = self._library.marks.asked()
        return [(Query.from_words(words), marks) for words, marks in asked]

    def taste(self) -> Taste | None:
        """What the thumbs of many questions agree on, if they do; orders every search a little."""
        return self._searcher.taste()

    def forget_taste(self) -> None:
        """Begin anew to learn what is liked; every thumb stays with its own question."""
        self._library.marks.forget_lessons()

    def clear_marks(self, query: Query) -> None:
        """Take all thumbs of a query back."""
        self._library.marks.clear(query.key())

    def clear_all_marks(self) -> int:
        """Take all thumbs of all queries back; returns how many there were."""
        return self._library.marks.clear_all()
