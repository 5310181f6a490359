"""A database with images, without a library around it."""

from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from engine.library.store.catalogue import Catalogue
from engine.library.store.changes import ChangeLog
from engine.library.store.database import connect

Step = tuple[str, int]


def steps(*others: str) -> SearchStrategy[list[Step]]:
    """Adding, changing and removing images, and `others`, in any order."""
    return st.lists(
        st.one_of(
            st.tuples(st.just("add"), st.integers(1, 3)),
            st.tuples(st.sampled_from(["change", "remove"]), st.integers(0, 20)),
            *(st.tuples(st.just(other), st.just(0)) for other in others),
        ),
        max_size=25,
    )


class Rows:
    """Adds, changes and removes images, each time in a transaction."""

    def __init__(self, folder: Path) -> None:
        database = connect(f"sqlite:///{folder / 'library.db'}")
        self.database = database
        self.catalogue, self.log = Catalogue(database), ChangeLog(database)
        self.next_row = 0

    def columns(self, **more: Any) -> dict[str, Any]:
        row, self.next_row = self.next_row, self.next_row + 1
        sizes = {"size": 1, "mtime_ns": 1, "width": 1, "height": 1}
        return {"path": f"/{row}", "digest": str(row), "vector_row": row, **sizes, **more}

    def add(self, count: int = 1) -> None:
        self.catalogue.apply(added=[self.columns() for _ in range(count)])

    def change(self, image_id: int) -> None:
        self.catalogue.apply(changed=[self.columns(id=image_id)])

    def remove(self, *ids: int) -> None:
        self.catalogue.apply(removed=ids)

    def take(self, step: str, number: int) -> None:
        """One of `steps`: add so many images, or change or remove one of those there are."""
        ids = self.log.changes().ids
        if step == "add":
            self.add(number)
        elif len(ids):
            getattr(self, step)(int(ids[number % len(ids)]))
