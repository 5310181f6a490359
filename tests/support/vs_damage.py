"""Damages libraries and changes files in ways that happen."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path


def later(path: Path) -> None:
    """Give a file a later time, as if it had been written in another second."""
    status = path.stat()
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 10**9))


def without_index_entries(database: Path, index: str) -> None:
    """One entry of an index is lost: its table gets a row while the index is out of sight."""
    with closing(sqlite3.connect(database, isolation_level=None)) as base:
        row = base.execute(
            "select type, name, tbl_name, rootpage, sql from sqlite_master where name = ?", (index,)
        ).fetchone()
        base.execute("pragma writable_schema = on")
        base.execute("delete from sqlite_master where name = ?", (index,))
        base.execute("pragma writable_schema = reset")
    with closing(sqlite3.connect(database, isolation_level=None)) as base:
        base.execute("update images set digest = 'f' || substr(digest, 2) where id = 1")
        base.execute("pragma writable_schema = on")
        base.execute("insert into sqlite_master values (?, ?, ?, ?, ?)", row)


def cut_rows(library: Path, rows: int, dim: int, spare: int = 0) -> None:
    """Cut the vector store to some rows, and `spare` bytes of the next one."""
    file = library / "vectors" / "vectors.f16"
    os.truncate(file, rows * dim * 2 + spare)
