"""`QuickSelect`: a small question that every search asks of the database."""

import sqlite3
from contextlib import closing
from typing import Any

from sqlalchemy import Engine, Select

from engine.library.store.database import failure

Row = tuple[Any, ...]


class QuickSelect:
    """A SELECT that is put together once and run by the driver's own cursor.

    Handing such a statement through SQLAlchemy takes several times as long as SQLite needs for
    it. A single statement sees one moment by itself, so no transaction is begun.
    """

    def __init__(self, engine: Engine, statement: Select[Any]) -> None:
        """Args:
        engine: of the database.
        statement: what changes from one call to the next are its `bindparam`s.
        """
        self._engine, dialect = engine, engine.dialect
        compiled = statement.compile(engine, compile_kwargs={"render_postcompile": True})
        self._sql, self._given = str(compiled), compiled.params
        self._order = tuple(compiled.positiontup or ())
        readers = [
            column.type.dialect_impl(dialect).result_processor(dialect, None)
            for column in statement.selected_columns
        ]
        self._readers = [(place, read) for place, read in enumerate(readers) if read]

    def __call__(self, **values: object) -> list[Row]:
        """The rows, given the values of all `bindparam`s.

        Raises:
            DatabaseFailedError: the file is damaged, or cannot be read.
        """
        given = {**self._given, **values}
        try:
            with closing(self._engine.raw_connection()) as connection:
                cursor = connection.cursor()
                cursor.execute(self._sql, [given[name] for name in self._order])
                rows = cursor.fetchall()
        except sqlite3.Error as error:
            raise failure(self._engine.url.database, error) or error from error
        return [self._read(row) for row in rows] if self._readers else list(rows)

    def _read(self, row: Row) -> Row:
        values = list(row)
        for place, read in self._readers:
            values[place] = read(values[place])
        return tuple(values)
