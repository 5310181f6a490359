"""Tables of the library, and the engine that reaches them.

SQLAlchemy Core, so that another database is a URL away; what is special to SQLite is in `connect`.
"""

import re
import sqlite3
from contextlib import AbstractContextManager, closing
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Dialect,
    Engine,
    ExceptionContext,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    Text,
    create_engine,
    event,
    inspect,
    text,
)
from sqlalchemy.types import TypeDecorator

from engine.library.records import DatabaseDamagedError, DatabaseFailedError

SCHEMA = 2
metadata = MetaData()
_WRITES = "library_writes"

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
    # The generation in which the image got its present vector.
    Column("changed_in", BigInteger, nullable=False, server_default="0"),
    Index("images_digest", "digest"),
    # Holds all that a search needs to know of every image, so that it is read without the rest.
    Index("images_changed", "changed_in", "id", "vector_row"),
    sqlite_autoincrement=True,  # an id is never given twice, so that old links cannot mislead
)

removed = Table(
    "removed",
    metadata,
    Column("image_id", _Id, primary_key=True),
    Column("removed_in", BigInteger, nullable=False),
    Index("removed_in", "removed_in"),
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
    Index("feedback_image", "image_id"),  # or each image that is removed would look through all
)

# What was asked where thumbs were given; feedback under other keys was given to pictures.
questions = Table(
    "questions",
    metadata,
    Column("query_key", String(64), primary_key=True),
    Column("question", Text, nullable=False),
)

duplicates = Table(
    "duplicates",
    metadata,
    Column("image_id", _Id, ForeignKey("images.id", ondelete="CASCADE"), primary_key=True),
    # The id of the group's best image; no foreign key: the others stay alike when it goes.
    Column("group_id", _Id, nullable=False),
    Column("kind", String(8), nullable=False),
    Column("similarity", Float, nullable=False),
    # `changed_in` of the image when it was compared: with another one the row means nothing.
    Column("version", BigInteger, nullable=False),
    Index("duplicates_group", "group_id"),
)

looks = Table(
    "looks",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("hash", BigInteger),  # NULL: there is too little in the picture to hash it
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
        event.listen(engine, "begin", _begin)
        event.listen(engine, "handle_error", _name_failure)
    _add_columns(engine)
    metadata.create_all(engine)
    return engine


def writing(engine: Engine) -> AbstractContextManager[Connection]:
    """A transaction that writes. One that begins by reading could not always go on to write."""
    return engine.execution_options(**{_WRITES: True}).begin()


def read_numbers(connection: Connection, statement: Select[Any]) -> npt.NDArray[np.int64]:
    """What a query gives for columns of whole numbers, row after row, int64 [rows x columns].

    Raises:
        DatabaseDamagedError: one of them is none.
    """
    file = connection.engine.url.database
    # The driver's own cursor: of a million rows, wrapping each takes longer than reading them.
    cursor: Any = connection.execute(statement).cursor
    try:
        return np.fromiter(chain.from_iterable(cursor), dtype=np.int64)
    except (TypeError, ValueError) as error:
        raise DatabaseDamagedError(file, "a number of an image is missing") from error
    except sqlite3.Error as error:
        raise failure(file, error) or error from error
    finally:
        cursor.close()


def make_durable(engine: Engine) -> None:
    """Bring what was committed to the disk: a loss of power cannot take it back any more."""
    if engine.dialect.name == "sqlite":
        with closing(engine.raw_connection()) as connection:  # outside of any transaction
            connection.cursor().execute("PRAGMA wal_checkpoint(FULL)")


def _add_columns(engine: Engine) -> None:
    """A database of schema 1 gets what came later."""
    known = inspect(engine)
    if known.has_table("images") and "changed_in" not in {
        column["name"] for column in known.get_columns("images")
    }:
        added = "ALTER TABLE images ADD COLUMN changed_in BIGINT NOT NULL DEFAULT 0"
        with writing(engine) as connection:
            connection.execute(text(added))
            for index in (*images.indexes, *feedback.indexes):
                index.create(connection, checkfirst=True)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # Transactions begin where `_begin` says: a reader then sees one moment, not one a statement.
    connection.isolation_level = None
    cursor = connection.cursor()
    # Another process that is just writing is waited for.
    cursor.execute("PRAGMA busy_timeout = 30000")
    # Readers go on while a batch is written.
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _name_failure(context: ExceptionContext) -> None:
    """Any statement can meet a damaged file, a full disk or a lock; all say so alike."""
    error = context.original_exception
    named = failure(context.engine.url.database if context.engine else "the database", error)
    if named is not None:
        raise named from error


def failure(file: object, error: BaseException) -> DatabaseFailedError | None:
    """What the driver's error means; None where it is no failure of the database."""
    if isinstance(error, sqlite3.IntegrityError):
        return None  # a caller's mistake, not the database's
    if type(error) is sqlite3.DatabaseError:  # its subclasses mean other things
        return DatabaseDamagedError(file, error)
    if isinstance(error, sqlite3.OperationalError):
        return DatabaseFailedError(f"{file}: {error}")
    return None
