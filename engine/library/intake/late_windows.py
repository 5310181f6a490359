"""Windows of pictures that were indexed before there were any."""

from collections.abc import Callable

from engine.encoder import Encoder, ImageError, decode
from engine.library.library import Library
from engine.library.records import Progress
from engine.library.windows import WindowStore

_AT_ONCE = 32


def complete_windows(
    library: Library,
    encoder: Encoder,
    windows: WindowStore,
    progress: Callable[[Progress], None] | None = None,
) -> None:
    """Make what is missing from thumbnails: the original would hardly give better ones.

    Args:
        library: whose lock is held.
        encoder: a model that gives windows.
        windows: of the library under that model.
        progress: called as it goes on.
    """
    if windows.is_complete:
        return
    total, done = library.catalogue.count(), 0
    for digests in library.catalogue.digests(_AT_ONCE):
        missing = windows.unknown(digests)
        pixels = {}
        for digest in missing:
            try:
                image = decode(library.thumbnails.path(digest)).image
            except ImageError:  # deleted: this picture does without
                continue
            pixels[digest] = encoder.pixels(image)
        if pixels:
            _, found = encoder.encode_with_windows(list(pixels.values()))
            if found is not None:
                windows.add(dict(zip(pixels, found, strict=True)))
        done += len(digests)
        if progress and missing:
            progress(Progress(done, total, stage="looking at parts of pictures"))
    windows.note_complete()
