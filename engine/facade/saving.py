"""Searches that are saved by a name."""

from engine.facade.base import Base
from engine.library.visitors.saved_searches import SavedSearch


class Saving(Base):
    """Searches that are saved by a name, for all who use the library."""

    def saved_searches(self) -> list[SavedSearch]:
        """All that are saved, the latest first."""
        return self._library.saved.all()

    def save_search(self, name: str, search: str) -> SavedSearch:
        """Save a search.

        Args:
            name: one line, up to 100 characters.
            search: whatever the caller needs to search again.

        Raises:
            LibraryError: it has no name, is too long, or cannot be written.
        """
        return self._library.saved.add(name, search)

    def rename_search(self, search_id: str, name: str) -> None:
        """Give a saved search another name.

        Raises:
            LibraryError: as `save_search`.
        """
        self._library.saved.rename(search_id, name)

    def remove_search(self, search_id: str) -> None:
        """Forget a saved search; `restore_search` takes it back.

        Raises:
            LibraryError: it cannot be written.
        """
        self._library.saved.remove(search_id)

    def restore_search(self, saved: SavedSearch) -> None:
        """Keep a search again that was removed, with its id, in its place.

        Raises:
            LibraryError: as `save_search`.
        """
        self._library.saved.put(saved)
