"""Example pictures that people searched with, kept small, so that a search can be bookmarked."""

import hashlib
import re
from io import BytesIO
from pathlib import Path

from engine.encoder import ImageSource, decode
from engine.files import replacing

_SIDE = 512
_KEPT = 1000
_NAME = re.compile(r"[0-9a-f]{32}")


class ExampleStore:
    """Pictures named by their content; the oldest make room for new ones."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def save(self, source: ImageSource) -> str:
        """Keep a picture; returns its name.

        Raises:
            ImageError: it cannot be read.
        """
        image = decode(source, at_least=_SIDE).image
        image.thumbnail((_SIDE, _SIDE))
        stream = BytesIO()
        image.save(stream, "PNG")
        content = stream.getvalue()
        name = hashlib.sha256(content).hexdigest()[:32]
        path = self._path(name)
        if not path.exists():
            with replacing(path) as part:
                part.write_bytes(content)
            self._drop_oldest()
        return name

    def path(self, name: str) -> Path | None:
        """The kept picture of this name, or None; any text is safe to ask for."""
        path = self._path(name) if _NAME.fullmatch(name) else None
        return path if path is not None and path.exists() else None

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.png"

    def _drop_oldest(self) -> None:
        kept = sorted(self._folder.glob("*.png"), key=lambda path: path.stat().st_mtime)
        for path in kept[:-_KEPT]:
            path.unlink(missing_ok=True)
