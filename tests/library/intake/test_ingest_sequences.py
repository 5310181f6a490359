"""Any sequence of changes and runs: the library follows the folder."""

import hashlib
import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from vs_drawing import draw, encode
from vs_library import counts, vector

from engine.encoder import Encoder
from engine.library import ImageRecord, IngestReport, Library, ingest

NAMES = ("a.png", "b.png", "sub/c.png", "sub/d\n\udcff.png", "z.png")
CONTENTS = tuple(encode(draw(seed, (48, 32))) for seed in range(5))
DIGESTS = tuple(hashlib.sha256(content).hexdigest() for content in CONTENTS)

Step = tuple[str, int, int]
STEPS = st.tuples(
    st.sampled_from(
        ["write", "write", "delete", "rename", "copy", "touch", "damage", "restore", "run", "run"]
    ),
    st.integers(0, len(NAMES) - 1),
    st.integers(0, len(NAMES) - 1),
)


@dataclass
class Folder:
    """A folder under change, with a clock of its own: every write has a new time."""

    top: Path
    now: int = 10**18
    damaged: dict[Path, tuple[bytes, int]] = field(default_factory=dict[Path, tuple[bytes, int]])

    def change(self, action: str, first: int, second: int) -> None:
        path, other = self.top / NAMES[first], self.top / NAMES[second]
        if action == "write":
            self._put(path, CONTENTS[second])
        elif path.exists():
            getattr(self, f"_{action}")(path, other)

    def _restore(self, path: Path, _: Path) -> None:
        if path in self.damaged:
            content, time = self.damaged[path]
            self._put(path, content, time)

    def good(self) -> dict[str, str]:
        """Path to digest of the files that are pictures."""
        return {path: digest for path, digest in self._files().items() if digest in DIGESTS}

    def bad(self) -> set[str]:
        return set(self._files()) - set(self.good())

    def _files(self) -> dict[str, str]:
        return {
            str(path): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in self.top.rglob("*.png")
        }

    def _put(self, path: Path, content: bytes, time: int | None = None) -> None:
        self.now += 1
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content)
        os.utime(path, ns=(self.now, time or self.now))
        self.damaged.pop(path, None)

    def _delete(self, path: Path, _: Path) -> None:
        path.unlink()
        self.damaged.pop(path, None)

    def _rename(self, path: Path, other: Path) -> None:
        other.parent.mkdir(exist_ok=True)
        path.rename(other)
        if path != other:
            self.damaged.pop(path, None)
            self.damaged.pop(other, None)

    def _copy(self, path: Path, other: Path) -> None:
        if path != other:
            self._put(other, path.read_bytes())

    def _touch(self, path: Path, _: Path) -> None:
        self._put(path, path.read_bytes())

    def _damage(self, path: Path, _: Path) -> None:
        before = (path.read_bytes(), path.stat().st_mtime_ns)
        self._put(path, before[0][: 20 + len(before[0]) // 2])
        self.damaged[path] = before


@dataclass
class Expectation:
    """What the library must hold, told from the library before and the folder now."""

    before: dict[str, ImageRecord]
    good: dict[str, str]
    bad: set[str]
    ever: set[int]

    def check(self, after: dict[str, ImageRecord], report: IngestReport) -> None:
        stays = {path for path in self.before if path in self.good or path in self.bad}
        assert set(after) == set(self.good) | (self.bad & set(self.before))
        for path in stays:
            assert after[path].id == self.before[path].id
        for path, digest in self.good.items():
            assert after[path].digest == digest
        for path in self.bad & set(self.before):
            assert after[path].digest == self.before[path].digest
        moved = self._check_new({path: after[path] for path in set(after) - stays})
        updated = sum(after[path].digest != self.before[path].digest for path in stays)
        gone = len(self.before) - len(stays)
        assert (report.moved, report.updated) == (moved, updated)
        assert report.added == len(after) - len(stays) - moved
        assert report.removed == gone - moved
        assert report.unchanged == len(stays & set(self.good)) - updated
        assert {skip.path for skip in report.skipped} == self.bad

    def _check_new(self, new: dict[str, ImageRecord]) -> int:
        """Images at new paths: moved as far as there are vanished ones of the same content."""
        vanished = {
            record.id: record.digest
            for path, record in self.before.items()
            if path not in self.good and path not in self.bad
        }
        known = {record.id: record.digest for record in new.values() if record.id in vanished}
        assert all(vanished[image_id] == digest for image_id, digest in known.items())
        wanted = Counter(record.digest for record in new.values()) & Counter(vanished.values())
        assert Counter(known.values()) == wanted
        fresh = [record.id for record in new.values() if record.id not in vanished]
        assert not set(fresh) & self.ever
        assert len({record.id for record in new.values()}) == len(new)
        return len(known)


@settings(max_examples=25)
@given(steps=st.lists(STEPS, min_size=4, max_size=24))
@example(steps=[("write", 0, 0), ("run", 0, 0), ("damage", 0, 0), ("run", 0, 0), ("restore", 0, 0)])
@example(steps=[("write", 0, 0), ("copy", 0, 1), ("run", 0, 0), ("rename", 0, 2), ("rename", 1, 3)])
def test_the_library_follows_any_change_of_the_folder(
    steps: list[Step], encoder: Encoder, tmp_path_factory: pytest.TempPathFactory
) -> None:
    base = tmp_path_factory.mktemp("any")
    folder = Folder(base / "pictures")
    folder.top.mkdir()
    library = Library(base / "library", encoder.manifest)
    vectors = dict(zip(DIGESTS, encoder.encode_images(CONTENTS), strict=True))
    ever: set[int] = set()
    for action, first, second in [*steps, ("run", 0, 0)]:
        if action != "run":
            folder.change(action, first, second)
            continue
        before = {record.path: record for record in library.catalogue.records()}
        report = ingest(library, encoder, [folder.top])
        records = library.catalogue.records()
        after = {record.path: record for record in records}
        assert len(after) == len(records)
        Expectation(before, folder.good(), folder.bad(), set(ever)).check(after, report)
        ever |= {record.id for record in records}
        assert {skip.path for skip in library.catalogue.skipped()} == folder.bad()
        _check_store(library, records, vectors)
        generation = library.catalogue.generation()
        again = ingest(library, encoder, [folder.top])
        assert set(counts(again)) <= {"unchanged", "skipped"}
        assert again.unchanged == len(folder.good())
        assert library.catalogue.records() == records
        assert library.catalogue.generation() == generation
    library.close()


def _check_store(
    library: Library, records: list[ImageRecord], vectors: dict[str, np.ndarray]
) -> None:
    """Every image has its own content's vector and thumbnail, and there are no others."""
    for record in records:
        assert vector(library, record) @ vectors[record.digest] > 0.999
    kept = {path.stem for path in library.folder.glob("thumbnails/*/*")}
    assert kept == {record.digest for record in records}
