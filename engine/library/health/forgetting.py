"""Taking a folder out of the library: the opposite of indexing it. Originals are never touched."""

from sqlalchemy import func, select

from engine.encoder import Encoder
from engine.library.health.doctor import orphans
from engine.library.library import Library
from engine.library.records import LibraryError
from engine.library.store.database import pieces
from engine.library.store.paths import below, is_below
from engine.library.store.tables import images
from engine.library.windows import windows_of


def forget_folder(library: Library, encoder: Encoder, folder: str) -> int:
    """Leave a folder out of later refreshes, and drop its images.

    Images that lie in another indexed folder, too, stay.

    Args:
        library: where from.
        encoder: the library's model.
        folder: as `Catalogue.folders` gives it.

    Returns:
        The number of images that were dropped.

    Raises:
        LibraryError: it is not an indexed folder, or another process is writing.
    """
    catalogue = library.catalogue
    with library.writing():
        if folder not in catalogue.folders():
            raise LibraryError(f"{folder}: is not a folder of this library")
        catalogue.forget_folders([folder])
        dropped = 0
        lost = [i for i, path in orphans(library) if is_below(path, folder)]
        for ids in pieces(lost):
            digests = {record.digest for record in catalogue.records_of(ids).values()}
            catalogue.apply(removed=ids)
            _drop_contents(library, encoder, digests - catalogue.digests_in_use(digests))
            dropped += len(ids)
        kept = catalogue.folders()
        catalogue.forget_failed(
            [
                path
                for path in catalogue.failed_files()
                if is_below(path, folder) and not any(is_below(path, other) for other in kept)
            ]
        )
        return dropped


def images_below(library: Library, folders: list[str]) -> dict[str, int]:
    """How many images lie in each folder; those of a folder within another count for both."""
    with library.database.connect() as connection:
        return {
            folder: connection.scalar(
                select(func.count()).select_from(images).where(below(images.c.path, folder))
            )
            or 0
            for folder in folders
        }


def _drop_contents(library: Library, encoder: Encoder, digests: set[str]) -> None:
    """What was made of pictures that are in the library no more."""
    for digest in digests:
        library.thumbnails.remove(digest)
    library.details.forget(list(digests))
    with windows_of(library, encoder) as windows:
        if windows is not None:
            windows.forget(list(digests))
