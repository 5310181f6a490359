"""Tables and indexes of a library that an older version has made, in the form of this one."""

from collections.abc import Callable

from sqlalchemy import Connection, Engine, Table, insert, inspect, select, text
from sqlalchemy.schema import CreateTable, DropTable

from engine.library.records import Progress
from engine.library.store.database import writing
from engine.library.store.tables import attributes, colours, details, images

_BY_KEY = (details, colours)
_INDEXED_ANEW = (images, attributes)
_FORMER_INDEXES = ("images_digest", "attributes_folded")
_BEFORE = "before"


def renew_tables(database: Engine, progress: Callable[[Progress], None] | None = None) -> None:
    """Rewrite what has another form; nothing is lost, and all of it works in the old form, too.

    Takes half a minute for a million images, once.
    """
    if database.dialect.name != "sqlite":
        return
    old = [table for table in _BY_KEY if not _is_by_key(database, table)]
    has_all = all(_has_indexes(database, table) for table in _INDEXED_ANEW)
    if progress and (old or not has_all):
        progress(Progress(0, 0, stage="renewing the database"))
    for table in old:
        with writing(database) as connection:
            _rewrite(connection, table)
    if not has_all:
        with writing(database) as connection:
            for index in (index for table in _INDEXED_ANEW for index in table.indexes):
                index.create(connection, checkfirst=True)
            for name in _FORMER_INDEXES:
                connection.execute(text(f"DROP INDEX IF EXISTS {name}"))


def _is_by_key(database: Engine, table: Table) -> bool:
    made = text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :name")
    with database.connect() as connection:
        said = connection.scalar(made, {"name": table.name})
    return said is None or "WITHOUT ROWID" in said.upper()


def _has_indexes(database: Engine, table: Table) -> bool:
    known = {index["name"] for index in inspect(database).get_indexes(table.name)}
    return known >= {index.name for index in table.indexes}


def _rewrite(connection: Connection, table: Table) -> None:
    connection.execute(text(f"ALTER TABLE {table.name} RENAME TO {_BEFORE}"))
    for index in table.indexes:  # they have gone with the table, whose name is free again
        index.drop(connection, checkfirst=False)
    before = table.to_metadata(type(table.metadata)(), name=_BEFORE)
    connection.execute(CreateTable(table))
    rows = select(before).order_by(*(before.c[key.name] for key in table.primary_key))
    connection.execute(insert(table).from_select([column.name for column in table.c], rows))
    connection.execute(DropTable(before))
    for index in table.indexes:
        index.create(connection)
