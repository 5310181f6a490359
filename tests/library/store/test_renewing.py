"""Tables as an older version made them, brought into today's form when indexing."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Row, inspect
from vs_drawing import write_many

from engine.encoder import Encoder
from engine.library import Library, Progress, examine, ingest
from engine.library.facets.facets import gather_facets
from engine.library.known.matching import matching_ids
from engine.library.store.renewing import renew_tables
from engine.library.store.tables import attributes, colours, details, images
from engine.metadata import Is, Where

OLD = """
alter table details rename to new_details;
create table details (digest varchar(64) not null, version integer not null, taken float,
    camera text, lens text, latitude float, longitude float, primary key (digest));
insert into details select digest, 1, taken, camera, lens, latitude, longitude from new_details;
drop table new_details;
alter table colours rename to new_colours;
drop index colours_name;
create table colours (digest varchar(64) not null, name varchar(16) not null,
    share float not null, lightness float not null, a float not null, b float not null,
    primary key (digest, name));
create index colours_name on colours (name, share, digest);
insert into colours select * from new_colours; drop table new_colours;
drop index attributes_value;
create index attributes_folded on attributes (name, folded);
drop index images_digest_time;
create index images_digest on images (digest);
"""


@pytest.fixture
def old(library: Library, encoder: Encoder, pictures: Path) -> Iterator[Library]:
    """A library with pictures and a column, as it was made before."""
    write_many(pictures, 6)
    ingest(library, encoder, [pictures])
    library.attributes.put({1: {"tag": ("sale", "new")}, 2: {"tag": ("sale",)}})
    library.close()
    with closing(sqlite3.connect(library.folder / "library.db")) as base:
        base.executescript(OLD)
    opened = Library(library.folder, encoder.manifest)
    yield opened
    opened.close()


def content(library: Library) -> dict[str, list[Row[tuple[object, ...]]]]:
    with library.database.connect() as connection:
        found = {t.name: connection.execute(t.select()) for t in (images, details, colours)}
        found["attributes"] = connection.execute(attributes.select())
        return {name: sorted(rows, key=repr) for name, rows in found.items()}


def made(library: Library) -> dict[str, str]:
    with closing(sqlite3.connect(library.folder / "library.db")) as base:
        rows = base.execute("select name, sql from sqlite_master where sql is not null")
        return {name: " ".join(sql.upper().replace('"', "").split()) for name, sql in rows}


def test_they_become_as_a_new_library_has_them(
    old: Library, encoder: Encoder, tmp_path: Path
) -> None:
    before, facets = content(old), gather_facets(old.database)
    assert "WITHOUT ROWID" not in made(old)["details"]
    renew_tables(old.database)
    assert content(old) == before
    assert gather_facets(old.database) == facets
    fresh = Library(tmp_path / "fresh", encoder.manifest)
    assert made(old) == made(fresh)
    assert "WITHOUT ROWID" in made(old)["details"]
    renew_tables(old.database)
    assert made(old) == made(fresh)
    fresh.close()


def test_indexing_renews_them_and_tells_so(old: Library, encoder: Encoder, pictures: Path) -> None:
    facets, told = gather_facets(old.database), list[Progress]()
    for _ in range(2):
        ingest(old, encoder, [pictures], told.append)
    assert [one.stage for one in told].count("renewing the database") == 1
    assert "WITHOUT ROWID" in made(old)["details"]
    assert gather_facets(old.database) == facets
    assert examine(old).findings == {}


def test_all_is_found_before_the_next_run_too(old: Library) -> None:
    where = Where("tag", (Is("sale"),))
    assert matching_ids(old.database, [where]).tolist() == [1, 2]
    assert gather_facets(old.database).images == 6
    assert not inspect(old.database).has_table("before")
