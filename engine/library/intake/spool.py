"""Lists of one run of indexing, which may be as long as the library: kept on disk, not in memory.

They are temporary tables beside the library's own, so that the database can compare both. They
are gone when the run ends, however it ends.
"""

import threading
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Self

from sqlalchemy import (
    BigInteger,
    Column,
    Engine,
    Executable,
    Index,
    Integer,
    MetaData,
    Select,
    String,
    Table,
)

from engine.library.store.tables import PathText

_metadata = MetaData()
_TEMPORARY = ("TEMPORARY",)
CHUNK = 1000
"""Rows that are held in memory at a time."""

walked = Table(
    "walked",
    _metadata,
    Column("path", PathText, primary_key=True),
    Column("place", Integer, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    prefixes=_TEMPORARY,
)
"""Pictures that the walk has found."""

to_read = Table(
    "to_read",
    _metadata,
    Column("number", Integer, primary_key=True),
    Column("path", PathText, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    Column("image_id", BigInteger),
    prefixes=_TEMPORARY,
)
"""Those of them that are new or have changed, in order."""

vanished = Table(
    "vanished",
    _metadata,
    Column("image_id", Integer, primary_key=True),
    Column("path", PathText, nullable=False),
    Column("digest", String(64), nullable=False),
    Index("vanished_path", "path"),
    Index("vanished_digest", "digest"),
    prefixes=_TEMPORARY,
)
"""Images whose file is gone, until it is found elsewhere."""

replaced = Table(
    "replaced",
    _metadata,
    Column("digest", String(64), primary_key=True),
    prefixes=_TEMPORARY,
)
"""Contents that an image had before."""


class Spool:
    """One connection with the temporary tables. Safe to use from several threads."""

    def __init__(self, engine: Engine) -> None:
        self._lock = threading.Lock()
        self._connection = engine.connect()
        # Never returned to the pool: closing it is what removes the tables.
        self._connection.detach()
        with self._lock, self._connection.begin():
            _metadata.create_all(self._connection, checkfirst=False)

    def add(self, table: Table, rows: Iterable[Mapping[str, Any]]) -> None:
        """Write rows; those whose key is there are left as they are."""
        statement = table.insert().prefix_with("OR IGNORE", dialect="sqlite")
        rest = iter(rows)
        while chunk := list(islice(rest, CHUNK)):
            with self._lock, self._connection.begin():
                self._connection.execute(statement, chunk)

    def run(self, statement: Executable) -> None:
        """Run a statement that changes the temporary tables."""
        with self._lock, self._connection.begin():
            self._connection.execute(statement)

    def rows(self, statement: Select[Any]) -> list[Any]:
        """The whole result: of statements whose result is short."""
        with self._lock, self._connection.begin():
            return list(self._connection.execute(statement))

    def count(self, statement: Select[Any]) -> int:
        """The single number that a statement gives."""
        return int(self.rows(statement)[0][0])

    def chunks(self, statement: Select[Any], key: Column[Any]) -> Iterator[list[Any]]:
        """A long result in pieces, sorted by `key`, which is its first column and unique.

        The tables may change meanwhile: no transaction is open between two pieces.
        """
        ordered = statement.order_by(key).limit(CHUNK)
        chunk = self.rows(ordered)
        while chunk:
            yield chunk
            chunk = self.rows(ordered.where(key > chunk[-1][0])) if len(chunk) == CHUNK else []

    def close(self) -> None:
        """Remove the tables."""
        with self._lock:
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
