import os
import sqlite3
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import Engine, insert, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import IntegrityError

from engine.library.store.database import connect
from engine.library.store.tables import PathText, folders, images, metadata

COLUMNS = {
    "digest": "d",
    "size": 2**40,
    "mtime_ns": 2**62,
    "width": 1,
    "height": 1,
    "vector_row": 0,
    "added_at": 0.0,
}


@pytest.fixture
def database(tmp_path: Path) -> Engine:
    return connect(f"sqlite:///{tmp_path / 'library.db'}")


def absolute(content: bytes) -> str:
    """Bytes of a file name as Python shows an absolute, normalised path of them."""
    return os.path.normpath(b"/top/" + content.replace(b"\0", b"")).decode(
        "utf-8", "surrogateescape"
    )


@given(content=st.binary(max_size=60))
@example(content=b"\xff")
@example(content=b"caf\xe9/FF/%41/C3.jpg")
@example(content="é".encode() + b"\xc3")
def test_any_path_survives_the_way_through_the_database(content: bytes) -> None:
    path = absolute(content)
    kind, dialect = PathText(), sqlite.dialect()
    stored = kind.process_bind_param(path, dialect)
    assert stored is not None
    stored.encode("utf-8")  # what the database is given is proper text
    assert kind.process_result_value(stored, dialect) == path


@given(first=st.binary(max_size=8), second=st.binary(max_size=8))
@example(first=b"a\xff", second=b"a/FF")
@example(first=b"a/\xff", second=b"a\xff")
def test_different_paths_stay_different(first: bytes, second: bytes) -> None:
    stored = [PathText().process_bind_param(absolute(c), sqlite.dialect()) for c in (first, second)]
    assert (stored[0] == stored[1]) == (absolute(first) == absolute(second))


def test_no_path_stays_no_path() -> None:
    assert PathText().process_bind_param(None, sqlite.dialect()) is None
    assert PathText().process_result_value(None, sqlite.dialect()) is None


@pytest.mark.parametrize(
    "name", [b"plain.jpg", b"\xff\xfe.jpg", b"line\nbreak", "雪 🐕.jpg".encode(), b"it's %s; --"]
)
def test_a_real_file_is_found_under_its_stored_path(
    name: bytes, database: Engine, tmp_path: Path
) -> None:
    path = os.fsdecode(os.fsencode(tmp_path) + b"/" + name)
    Path(path).write_bytes(b"here")
    with database.begin() as connection:
        connection.execute(insert(images), [{**COLUMNS, "path": path}])
        found = connection.scalar(select(images.c.path).where(images.c.path == path))
        assert connection.scalar(select(images.c.path).where(images.c.path.in_([path]))) == path
    assert found is not None
    assert Path(found).read_bytes() == b"here"


def test_connecting_again_keeps_the_tables(database: Engine, tmp_path: Path) -> None:
    with database.begin() as connection:
        connection.execute(insert(folders), [{"path": "/pictures"}])
    again = connect(f"sqlite:///{tmp_path / 'library.db'}")
    with again.connect() as connection:
        assert connection.scalars(select(folders.c.path)).all() == ["/pictures"]


def test_all_tables_are_there(database: Engine, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "library.db") as connection:
        rows = connection.execute("select name from sqlite_master where type = 'table'")
        assert set(metadata.tables) <= {row[0] for row in rows}


def test_readers_and_a_writer_do_not_wait_for_each_other(database: Engine, tmp_path: Path) -> None:
    reader = connect(f"sqlite:///{tmp_path / 'library.db'}")
    with database.begin() as writing, reader.connect() as reading:
        writing.execute(insert(folders), [{"path": "/new"}])
        assert reading.scalars(select(folders.c.path)).all() == []


def test_a_path_is_in_the_library_once(database: Engine) -> None:
    with database.begin() as connection:
        connection.execute(insert(images), [{**COLUMNS, "path": "/a"}])
    with pytest.raises(IntegrityError), database.begin() as connection:
        connection.execute(insert(images), [{**COLUMNS, "path": "/a"}])


def test_an_id_is_never_given_twice(database: Engine) -> None:
    with database.begin() as connection:
        for number in range(3):
            connection.execute(insert(images), [{**COLUMNS, "path": f"/{number}"}])
        connection.execute(images.delete())
        connection.execute(insert(images), [{**COLUMNS, "path": "/again"}])
        assert connection.scalar(select(images.c.id)) == 4
