"""Tables about pictures -> attributes of the library's images."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

from engine.library.library import Library
from engine.library.records import LibraryError
from engine.metadata.table_file import Row, TableError, read_table

_AT_ONCE = 5_000
_TOLD = 5  # rows of each kind that a report names

Tell = Callable[[int], None]
"""Called with how many rows are done."""


@dataclass(frozen=True)
class ImportReport:
    """What an import did.

    Attributes:
        rows: of the table.
        images: that got values.
        columns: that the table has, beside the one that names the image.
        unknown: number of rows whose image is not in the library.
        ambiguous: number of rows that could mean several images; they were passed over.
        examples: some rows of these two kinds, and what is wrong with each.
    """

    rows: int = 0
    images: int = 0
    columns: tuple[str, ...] = ()
    unknown: int = 0
    ambiguous: int = 0
    examples: tuple[str, ...] = ()


def import_table(
    library: Library, path: Path, key: str | None = None, tell: Tell | None = None
) -> ImportReport:
    """Read a table, and keep what it says of images that are in the library.

    Args:
        library: where to.
        path: of the table.
        key: the column that names the image; see `read_table`.
        tell: called as it goes on.

    Raises:
        LibraryError: the table cannot be used; then nothing has changed.
    """
    try:
        for _ in read_table(path, key):  # to its end, before anything is changed
            pass
        finder = _ImageFinder(library, path.absolute().parent)
        return _import(library, finder, read_table(path, key), tell)
    except TableError as error:
        raise LibraryError(str(error)) from error


def _import(
    library: Library, finder: "_ImageFinder", rows: Iterator[Row], tell: Tell | None
) -> ImportReport:
    waiting: dict[int, dict[str, tuple[str, ...]]] = {}
    images, columns, examples = set[int](), dict[str, None](), list[str]()
    count = unknown = ambiguous = 0
    for count, row in enumerate(rows, start=1):
        columns.update(dict.fromkeys(row.values))
        found = finder.find(row.file)
        if len(found) == 1:
            waiting.setdefault(found[0], {}).update(row.values)
            images.add(found[0])
        else:
            unknown, ambiguous = unknown + (not found), ambiguous + (len(found) > 1)
            if len(examples) < _TOLD:
                why = f"{len(found)} images have this name" if found else "no such image"
                examples.append(f"row {row.number}: {row.file!r}: {why}")
        if len(waiting) >= _AT_ONCE:
            library.attributes.put(waiting)
            waiting = {}
        if tell and count % _AT_ONCE == 0:
            tell(count)
    library.attributes.put(waiting)
    return ImportReport(count, len(images), tuple(columns), unknown, ambiguous, tuple(examples))


class _ImageFinder:
    """Images by whatever a table calls them: a path, the end of one, or a name without ending."""

    def __init__(self, library: Library, folder: Path) -> None:
        self._folder = folder
        self._ids: dict[str, int] = {}
        self._named: dict[str, list[str]] = defaultdict(list)
        for image_id, path in library.catalogue.paths():
            self._ids[path] = image_id
            pure = PurePath(path)
            for name in {pure.name, pure.stem}:
                self._named[name].append(path)

    def find(self, file: str) -> list[int]:
        """Ids of all images that may be meant."""
        pure = PurePath(file)
        for whole in (file, str(self._folder / pure)):
            if whole in self._ids:
                return [self._ids[whole]]
        parts = [part for part in pure.parts if part != "."]
        if not parts or pure.is_absolute():
            return []
        ends = [
            path
            for path in self._named.get(parts[-1], [])
            if list(PurePath(path).parts[-len(parts) : -1]) == parts[:-1]
        ]
        return [self._ids[path] for path in ends]
