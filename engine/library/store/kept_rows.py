"""`KeptRows`: all images as of some moment, in a file, so that a start reads only what is new.

Reading a million rows one by one takes a database a second; to sum them up, a tenth of that.
"""

import logging
from pathlib import Path

import numpy as np

from engine.files import replacing
from engine.library.store.changes import ChangeLog, Changes, Head

_log = logging.getLogger(__name__)

WORTH = 20_000
"""Images from which on the file is kept; fewer are read at once."""

_FEW = 0.01  # share of images that may have come or gone before the file is written again


class KeptRows:
    """A file beside the database, which stays the truth: the file may be deleted at any time."""

    def __init__(self, file: Path, log: ChangeLog) -> None:
        self._file, self._log = file, log

    def all_images(self) -> Changes:
        """As `ChangeLog.changes()`: all images as they are now."""
        kept = self._load()
        if kept is None:
            now = self._log.changes()
            changed = len(now.ids)
        else:
            newer = self._log.changes(kept.head)
            now = newer if newer.complete else kept.then(newer)
            changed = len(newer.ids) + len(newer.removed)
            if not newer.complete and now.checksum() != self._log.checksum():
                # Another history: the database was put back to an earlier state, and went on.
                now = self._log.changes()
                changed = len(now.ids)
        if len(now.ids) >= WORTH and changed > _FEW * len(now.ids):
            self._save(now)
        return now

    def _load(self) -> Changes | None:
        """What was kept; None if it is missing or of no use."""
        try:
            with np.load(self._file, allow_pickle=False) as stored:
                head = Head(int(stored["generation"]), str(stored["model"]), str(stored["vectors"]))
                ids, rows, versions = np.asarray(stored["images"], dtype=np.int64)
        except FileNotFoundError:
            return None
        except Exception as error:  # a damaged file fails in any way
            _log.info("%s: read anew from the database: %s", self._file, error)
            return None
        return Changes(head, ids, rows, versions)

    def _save(self, images: Changes) -> None:
        try:
            with replacing(self._file) as part, part.open("wb") as stream:
                np.savez(
                    stream,
                    images=np.stack([images.ids, images.rows, images.versions]),
                    generation=np.int64(images.head.generation),
                    model=np.array(images.head.model),
                    vectors=np.array(images.head.vectors),
                )
        except OSError as error:  # the next start takes longer
            _log.info("%s: %s", self._file, error)
