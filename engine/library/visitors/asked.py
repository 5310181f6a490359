"""The latest texts that people searched for: what an index of this library has to be good at."""

import json
import logging
from pathlib import Path

from engine.files import replacing

_log = logging.getLogger(__name__)

KEPT = 1_000
_LONGEST = 300  # characters
_TOO_LARGE = 1 << 20  # bytes of the file at which it is written anew, with the latest texts only


class AskedTexts:
    """A file with a text a line, in JSON. Kept in the library's folder and nowhere else."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._seen: set[str] = set()  # by this process: a page that is drawn again asks again

    def add(self, text: str) -> None:
        """Remember a text; a disk that is full is no reason for a search to fail."""
        text = " ".join(text.split())
        if not text or len(text) > _LONGEST or text in self._seen:
            return
        self._seen.add(text)
        try:
            with self._file.open("a", encoding="ascii") as stream:
                stream.write(json.dumps(text) + "\n")
            if self._file.stat().st_size > _TOO_LARGE:
                lines = [json.dumps(text) for text in reversed(self.latest())]
                with replacing(self._file) as part:
                    part.write_text("\n".join(lines) + "\n", encoding="ascii")
        except OSError as error:
            _log.info("%s: %s", self._file, error)

    def latest(self, count: int | None = None) -> list[str]:
        """Texts, the latest first, each once; damaged lines are passed over."""
        try:
            lines = self._file.read_text(encoding="ascii", errors="replace").splitlines()
        except OSError:
            return []
        texts = (_text(line) for line in reversed(lines))
        return list(dict.fromkeys(text for text in texts if text))[: count or KEPT]


def _text(line: str) -> str:
    try:
        stored = json.loads(line)
    except ValueError:
        return ""
    return stored if isinstance(stored, str) else ""
