"""Thumbnails on disk: JPEG, made once while a picture is indexed, named by its content."""

from io import BytesIO
from pathlib import Path

from PIL import Image

from engine.files import replacing

SIDE = 384
"""Pixels along the longer side, or some more; a smaller picture stays as it is."""

_MOST = 512  # pixels along the longer side
_QUALITY = 80
"""Photos of 384 pixels take 20 KB. WebP takes 15, and thirty times as long to write."""


class ThumbnailStore:
    """One small JPEG for each content; copies of a file share it."""

    side = SIDE

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, digest: str) -> Path:
        """Where the thumbnail of this content is, or would be."""
        return self._folder / digest[:2] / f"{digest}.jpg"

    def save(self, digest: str, image: Image.Image) -> None:
        """Write the thumbnail of an upright RGB picture; a reader never sees half a file."""
        target = self.path(digest)
        if target.exists():
            return
        content = BytesIO()
        _small(image).save(content, "JPEG", quality=_QUALITY)
        with replacing(target) as part:  # Pillow itself would not notice a disk that is full
            part.write_bytes(content.getbuffer())

    def remove(self, digest: str) -> None:
        """Forget the thumbnail of this content, if there is one."""
        self.path(digest).unlink(missing_ok=True)


def _small(image: Image.Image) -> Image.Image:
    """The picture at its size in a thumbnail."""
    longest = max(image.size)
    factor = max(1, longest // SIDE)
    if longest <= factor * _MOST:  # the mean of whole blocks takes a third of the time
        return image.reduce(factor) if factor > 1 else image
    small = image.copy()
    small.thumbnail((SIDE, SIDE), Image.Resampling.BILINEAR, reducing_gap=1.0)
    return small
