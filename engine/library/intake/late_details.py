"""Details of images that were indexed by a version that did not read them."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from engine.encoder import ImageError, decode, read_blocks
from engine.library.known.details import Details
from engine.library.library import Library
from engine.library.records import Progress
from engine.library.store.thumbnails import ThumbnailStore

_AT_ONCE = 256


def complete_details(
    library: Library, jobs: int, progress: Callable[[Progress], None] | None = None
) -> None:
    """Read what is missing: from originals, without decoding them; colours from thumbnails.

    Colours that are known stay: a thumbnail shows them less exactly than the picture did. What
    cannot be read stays unknown, until the original changes. What is known of an original that is
    out of reach, on a drive that is not plugged in, stays as it is.

    Args:
        library: whose lock is held, and whose files have just been looked at.
        jobs: threads.
        progress: called as it goes on.
    """
    done = 0
    with ThreadPoolExecutor(jobs, "details") as readers:
        for some in library.details.missing(_AT_ONCE):
            digests = [digest for digest, _ in some]
            known = library.details.of(digests)
            work = [(known.get(digest), digest, path) for digest, path in some]
            read = readers.map(lambda one: _read(library.thumbnails, *one), work)
            found = {digest: one for digest, one in zip(digests, read, strict=True) if one}
            library.details.add(found)
            done += len(some)
            if progress:
                progress(Progress(done, 0, stage="reading dates, colours and keywords"))


def _read(
    thumbnails: ThumbnailStore, before: Details | None, digest: str, path: str
) -> Details | None:
    blocks = read_blocks(path)
    if blocks is None:
        return None
    if before is not None and before.colours:
        return replace(Details.of(blocks, None), colours=before.colours)
    try:
        return Details.of(blocks, decode(thumbnails.path(digest)).image)
    except ImageError:  # deleted
        return Details.of(blocks, None)
