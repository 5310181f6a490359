"""Thumbnails on disk: WebP, made once while a picture is indexed, named by its content."""

from pathlib import Path

from PIL import Image

from engine.files import replacing

SIDE = 384
_QUALITY = 75
_EFFORT = 0
"""Of WebP's methods the quickest; others take longer for a few bytes less."""


class ThumbnailStore:
    """One small WebP for each content; copies of a file share it."""

    side = SIDE

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, digest: str) -> Path:
        """Where the thumbnail of this content is, or would be."""
        return self._folder / digest[:2] / f"{digest}.webp"

    def save(self, digest: str, image: Image.Image) -> None:
        """Write the thumbnail of an upright RGB picture; a reader never sees half a file."""
        target = self.path(digest)
        if target.exists():
            return
        small = image.copy()
        # Whole blocks of pixels first, as far as they go.
        small.thumbnail((SIDE, SIDE), Image.Resampling.BILINEAR, reducing_gap=1.0)
        with replacing(target) as part:
            small.save(part, "WEBP", quality=_QUALITY, method=_EFFORT)

    def remove(self, digest: str) -> None:
        """Forget the thumbnail of this content, if there is one."""
        self.path(digest).unlink(missing_ok=True)
