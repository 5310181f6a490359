"""Tables of the library, and the engine that reaches them.

SQLAlchemy Core, so that another database is a URL away; what is special to SQLite is in `connect`.
"""

import re
import sqlite3
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Dialect,
    Engine,
    ExceptionContext,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
)
from sqlalchemy.types import TypeDecorator

from engine.library.records import DatabaseFailedError

SCHEMA = 1
metadata = MetaData()

_Id = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows only in INTEGER keys


class PathText(TypeDecorator[str]):
    """A path as text, also where its bytes are not UTF-8.

    Python shows such a byte as a lone surrogate, which no database accepts as text. It is stored
    as `//` and two hex digits: an absolute, normalised path never holds two slashes in a row.
    """

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Python to database."""
        if value is None:
            return None
        return re.sub("[\udc80-\udcff]", lambda found: f"//{ord(found[0]) - 0xDC00:02X}", value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> str | None:
        """Database to Python."""
        if value is None:
            return None
        return re.sub("//([0-9A-F]{2})", lambda found: chr(0xDC00 + int(found[1], 16)), value)


meta = Table(
    "meta",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("value", Text, nullable=False),
)

folders = Table("folders", metadata, Column("path", PathText, primary_key=True))

images = Table(
    "images",
    metadata,
    Column("id", _Id, primary_key=True),
    Column("path", PathText, nullable=False, unique=True),
    Column("digest", String(64), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("vector_row", BigInteger, nullable=False),
    Column("added_at", Float, nullable=False),
    Index("images_digest", "digest"),
    sqlite_autoincrement=True,  # an id is never given twice, so that old links cannot mislead
)

skipped = Table(
    "skipped",
    metadata,
    Column("path", PathText, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
)

feedback = Table(
    "feedback",
    metadata,
    Column("query_key", String(64), primary_key=True),
    Column("image_id", _Id, ForeignKey("images.id", ondelete="CASCADE"), primary_key=True),
    Column("mark", Integer, nullable=False),
    Column("at", Float, nullable=False),
)


def connect(url: str) -> Engine:
    """An engine with all tables in place.

    Raises:
        DatabaseFailedError: the file is no database, damaged, or cannot be read; every later
            statement may raise it, too.
    """
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "handle_error", _name_failure)
    metadata.create_all(engine)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    # Another process that is just writing is waited for.
    cursor.execute("PRAGMA busy_timeout = 30000")
    # Readers go on while a batch is written.
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _name_failure(context: ExceptionContext) -> None:
    """Any statement can meet a damaged file, a full disk or a lock; all say so alike."""
    error = context.original_exception
    if isinstance(error, sqlite3.IntegrityError):
        return  # a caller's mistake, not the database's
    file = context.engine.url.database if context.engine else "the database"
    if type(error) is sqlite3.DatabaseError:  # its subclasses mean other things
        raise DatabaseFailedError(
            f"{file}: {error}. Restore it from a backup, or delete the library folder and "
            "index again."
        ) from error
    if isinstance(error, sqlite3.OperationalError):
        raise DatabaseFailedError(f"{file}: {error}") from error
