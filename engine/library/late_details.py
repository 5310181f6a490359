"""Details of images that were indexed by a version that did not read them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from engine.encoder import ImageError, decode, read_exif
from engine.library.details import Details
from engine.library.library import Library
from engine.library.records import Progress
from engine.library.thumbnails import ThumbnailStore
from engine.metadata import photo_facts

_AT_ONCE = 256


def complete_details(
    library: Library, jobs: int, progress: Callable[[Progress], None] | None = None
) -> None:
    """Read what is missing: EXIF from originals, without decoding them; colours from thumbnails.

    What cannot be read stays unknown, until the original changes.

    Args:
        library: whose lock is held, and whose files have just been looked at.
        jobs: threads.
        progress: called as it goes on.
    """
    done = 0
    with ThreadPoolExecutor(jobs, "details") as readers:
        for some in library.details.missing(_AT_ONCE):
            found = readers.map(lambda one: _read(library.thumbnails, *one), some)
            digests = (digest for digest, _ in some)
            library.details.add(dict(zip(digests, found, strict=True)))
            done += len(some)
            if progress:
                progress(Progress(done, 0, stage="reading dates and colours"))


def _read(thumbnails: ThumbnailStore, digest: str, path: str) -> Details:
    exif = read_exif(path)
    try:
        return Details.of(decode(thumbnails.path(digest)).image, exif)
    except ImageError:  # deleted
        return Details(photo_facts(exif))
