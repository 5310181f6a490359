"""What is known of library and images."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from engine.facade.base import Base
from engine.library.facets.facets import Facets
from engine.library.intake.importing import ImportReport, import_table
from engine.library.knowledge import Known, known_of
from engine.library.known.tagging import give_tag, take_tag_off
from engine.library_info import LibraryInfo


class Knowing(Base):
    """What is known of library and images."""

    def import_metadata(
        self,
        table: str | os.PathLike[str],
        key: str | None = None,
        tell: Callable[[int], None] | None = None,
    ) -> ImportReport:
        """Keep what a table (CSV, JSON, JSON Lines) says of images of the library.

        Its columns become filters, and its texts are found by keywords.

        Args:
            table: the file.
            key: the column that names the image; None takes the first of the usual names.
            tell: called with how many rows are done.

        Raises:
            LibraryError: the table cannot be used; then nothing has changed.
        """
        report = import_table(self._library, Path(table), key, tell)
        self._facets.look_again()
        return report

    def tag(self, ids: Sequence[int], tag: str) -> int:
        """Add a tag to images, beside those they have; returns how many are new to it.

        Tags are values of the column `tag`, as `import_metadata` brings them and keywords in files
        are: `tag:sale` finds them. Files are left as they are.

        Raises:
            ValueError: the tag is empty.
        """
        new = give_tag(self._library.database, ids, tag)
        self._facets.look_again()
        return new

    def untag(self, ids: Sequence[int], tag: str) -> int:
        """Take a tag off images; returns how many had it.

        It does not matter who gave it. One that stands in an image's file is taken off in the
        library alone: the file is left as it is, and indexing it again, changed or not, does not
        bring the tag back; `tag` does.

        Raises:
            ValueError: the tag is empty.
        """
        had = take_tag_off(self._library.database, ids, tag)
        self._facets.look_again()
        return had

    def columns(self, of_files: bool = True) -> dict[str, int]:
        """Columns, and how many images have a value of each.

        Args:
            of_files: also what stands in files; else only what was imported, or given in the app.
        """
        return self._library.attributes.columns(of_files)

    def facets(self) -> Facets:
        """What images can be filtered by, and how many pass.

        Kept until the library changes, for the next start, too. Gathering takes one and a half
        seconds of processor time for 200,000 images, spread over cores (docs/performance.md).
        """
        return self._facets.facets()

    def forget_column(self, column: str) -> int:
        """Drop what was imported of a column; returns how many images had it.

        What stands in the files of images stays.
        """
        had = self._library.attributes.clear(column)
        self._facets.look_again()
        return had

    def known(self, ids: Sequence[int]) -> dict[int, Known]:
        """What is known of images besides how they look, by id; unknown ids are left out."""
        return known_of(self._library, ids)

    def info(self) -> LibraryInfo:
        """Facts about library and model."""
        self._view.refresh()
        catalogue = self._library.catalogue
        return LibraryInfo(
            library=self._library.folder,
            images=len(self._view),
            folders=tuple(catalogue.folders()),
            skipped=tuple(catalogue.skipped()),
            model=self._encoder.manifest.name,
            model_folder=self._encoder.manifest.folder,
            dim=self._encoder.dim,
            provider=self._encoder.provider,
            adapter=self._encoder.adapter.name if self._encoder.adapter else None,
            index_backend=self._index.backend,
            index_pending=self._index.pending,
            tuning=self._upkeep.tuning,
        )

    def disk_bytes(self) -> int:
        """Size of the library's folder. Looks at every file: seconds for 100,000 images."""
        files = (path for path in self._library.folder.rglob("*") if path.is_file())
        return sum(path.stat().st_size for path in files)
