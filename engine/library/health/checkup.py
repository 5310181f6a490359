"""What an examination of a library has found: plain data."""

from dataclasses import dataclass, field

FAULTS = {
    "database": "damage in the database",
    "vectors": "images without a usable vector",
    "index": "faults of the search index",
    "missing": "images whose file is gone",
    "changed": "images whose file has changed since it was indexed",
    "orphaned": "images that are in no indexed folder",
    "unindexed": "pictures in the indexed folders that are not in the library",
}
"""Kinds of findings that have to be repaired, and what they are called."""

REMARKS = {
    "absent": "indexed folders that are not there",
    "unreadable": "files that cannot be used",
    "leftovers": "files of the library that nothing refers to",
}
"""Kinds of findings that do no harm to the library."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found.

    Attributes:
        subject: path of a file or folder, or what else it is about.
        detail: what is the matter with it.
    """

    subject: str
    detail: str


@dataclass(frozen=True)
class CheckUp:
    """What an examination has found.

    Attributes:
        images: number of images.
        findings: by kind, in the order of `FAULTS` and `REMARKS`; without kinds that are empty.
        duplicates: images that are exact copies of another one.
        rows: rows of the vector store.
        dead_rows: those that no image refers to; compaction takes them out.
        busy: another process was writing, so that some findings may be of its unfinished work.
        repairs: what was done, one sentence each.
        seconds: how long it took.
    """

    images: int
    findings: dict[str, tuple[Finding, ...]] = field(default_factory=dict)
    duplicates: int = 0
    rows: int = 0
    dead_rows: int = 0
    busy: bool = False
    repairs: tuple[str, ...] = ()
    seconds: float = 0.0

    @property
    def is_sound(self) -> bool:
        """Whether nothing has to be repaired."""
        return not FAULTS.keys() & self.findings.keys()
