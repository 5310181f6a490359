from pathlib import Path

import pytest
from sqlalchemy import Engine, bindparam, insert, select

from engine.library.records import DatabaseDamagedError, DatabaseFailedError
from engine.library.store.database import connect, writing
from engine.library.store.quick import QuickSelect
from engine.library.store.tables import folders, meta

OF_KEY = select(meta.c.value).where(meta.c.key == bindparam("wanted"))


@pytest.fixture
def database(tmp_path: Path) -> Engine:
    engine = connect(f"sqlite:///{tmp_path / 'library.db'}")
    with writing(engine) as connection:
        facts = [{"key": key, "value": value} for key, value in ("ab", "cd", "ef")]
        connection.execute(insert(meta), facts)
    return engine


def test_the_rows_are_those_of_the_values_that_were_given(database: Engine) -> None:
    ask = QuickSelect(database, OF_KEY)
    assert ask(wanted="a") == [("b",)]
    assert ask(wanted="c") == [("d",)]
    assert ask(wanted="x") == []


def test_a_list_within_the_statement_is_kept(database: Engine) -> None:
    some = select(meta.c.key).where(meta.c.key.in_(["e", "a", "x"])).order_by(meta.c.key)
    assert QuickSelect(database, some)() == [("a",), ("e",)]


def test_values_come_as_python_has_them(database: Engine) -> None:
    odd = "/caf\udce9.jpg"  # which the database holds in another way
    with writing(database) as connection:
        connection.execute(insert(folders), [{"path": odd}])
    assert QuickSelect(database, select(folders.c.path))() == [(odd,)]


def test_what_another_connection_commits_is_seen_at_once(database: Engine, tmp_path: Path) -> None:
    ask = QuickSelect(database, OF_KEY)
    assert ask(wanted="new") == []
    other = connect(f"sqlite:///{tmp_path / 'library.db'}")
    with writing(other) as connection:
        connection.execute(insert(meta), [{"key": "new", "value": "here"}])
    assert ask(wanted="new") == [("here",)]


def test_a_damaged_file_is_named(database: Engine, tmp_path: Path) -> None:
    ask = QuickSelect(database, OF_KEY)
    database.dispose()
    file = tmp_path / "library.db"
    file.write_bytes(b"no database at all".ljust(file.stat().st_size, b"!"))
    with pytest.raises(DatabaseDamagedError, match=r"library\.db"):
        ask(wanted="a")


def test_a_table_that_is_gone_is_a_failure_of_the_database(database: Engine) -> None:
    ask = QuickSelect(database, OF_KEY)
    with writing(database) as connection:
        connection.exec_driver_sql("DROP TABLE meta")
    with pytest.raises(DatabaseFailedError, match="no such table: meta"):
        ask(wanted="a")
