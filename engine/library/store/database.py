"""The engine that reaches the library's tables; what is special to SQLite is in `connect`."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, closing
from itertools import chain
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
from sqlalchemy import (
    Connection,
    Engine,
    ExceptionContext,
    Select,
    create_engine,
    event,
    inspect,
    text,
)

from engine.library.records import DatabaseDamagedError, DatabaseFailedError
from engine.library.store.functions import FUNCTIONS
from engine.library.store.tables import feedback, images, metadata

T = TypeVar("T")

_WRITES = "library_writes"
_IN_LIST = 500
_WORDS = (
    """CREATE VIRTUAL TABLE IF NOT EXISTS words
       USING fts5(text, tokenize = 'porter unicode61 remove_diacritics 2')""",
    """CREATE TRIGGER IF NOT EXISTS words_of_removed AFTER DELETE ON images
       BEGIN DELETE FROM words WHERE rowid = old.id; END""",
)
"""What is written about images, by their ids, for searching by keywords."""


def connect(url: str) -> Engine:
    """An engine with all tables of a library in place.

    Raises:
        DatabaseFailedError: the file is no database, damaged, or cannot be read; every later
            statement may raise it, too.
    """
    engine = open_database(url)
    _add_columns(engine)
    metadata.create_all(engine)
    if engine.dialect.name == "sqlite":
        _add_words(engine)
    return engine


def open_database(url: str) -> Engine:
    """An engine; nothing is read yet."""
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin)
        event.listen(engine, "handle_error", _name_failure)
    return engine


def pieces(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """The same in runs short enough for one statement, whose parameters databases limit."""
    for at in range(0, len(values), _IN_LIST):
        yield values[at : at + _IN_LIST]


def writing(engine: Engine) -> AbstractContextManager[Connection]:
    """A transaction that writes. One that begins by reading could not always go on to write."""
    return engine.execution_options(**{_WRITES: True}).begin()


def read_numbers(connection: Connection, statement: Select[Any]) -> npt.NDArray[np.int64]:
    """What a query gives for columns of whole numbers, row after row, int64 [rows x columns].

    Raises:
        DatabaseDamagedError: one of them is none.
    """
    rows = bare_rows(connection, statement)
    try:
        return np.fromiter(chain.from_iterable(rows), dtype=np.int64)
    except (TypeError, ValueError) as error:
        file = connection.engine.url.database
        raise DatabaseDamagedError(file, "a number of an image is missing") from error


def bare_rows(connection: Connection, statement: Select[Any]) -> Iterator[tuple[Any, ...]]:
    """Rows as the driver gives them: of a million, wrapping each takes longer than reading it."""
    cursor: Any = connection.execute(statement).cursor
    try:
        yield from cursor
    except sqlite3.Error as error:
        raise failure(connection.engine.url.database, error) or error from error
    finally:
        cursor.close()


def make_durable(engine: Engine) -> None:
    """Bring what was committed to the disk: a loss of power cannot take it back any more."""
    if engine.dialect.name == "sqlite":
        with closing(engine.raw_connection()) as connection:  # outside of any transaction
            connection.cursor().execute("PRAGMA wal_checkpoint(FULL)")


def _add_columns(engine: Engine) -> None:
    """A database of an older version gets what came later."""
    known = inspect(engine)
    if known.has_table("details") and "families" not in {
        column["name"] for column in known.get_columns("details")
    }:
        with writing(engine) as connection:
            connection.execute(text("ALTER TABLE details ADD COLUMN families INTEGER"))
    if known.has_table("images") and "changed_in" not in {
        column["name"] for column in known.get_columns("images")
    }:
        added = "ALTER TABLE images ADD COLUMN changed_in BIGINT NOT NULL DEFAULT 0"
        with writing(engine) as connection:
            connection.execute(text(added))
            for index in (*images.indexes, *feedback.indexes):
                index.create(connection, checkfirst=True)


def _add_words(engine: Engine) -> None:
    with engine.connect() as connection:
        is_there = inspect(connection).has_table("words")
    if not is_there:
        with writing(engine) as connection:
            for statement in _WORDS:
                connection.execute(text(statement))


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # Transactions begin where `_begin` says: a reader then sees one moment, not one a statement.
    connection.isolation_level = None
    for name, arguments, function in FUNCTIONS:
        connection.create_function(name, arguments, function, deterministic=True)
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
