from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sqlalchemy import insert, select

from engine.library.store.database import connect
from engine.library.store.paths import below, is_below
from engine.library.store.tables import folders


@pytest.mark.parametrize(
    ("path", "folder", "expected"),
    [
        ("/a/b", "/a", True),
        ("/a", "/a", True),
        ("/ab", "/a", False),
        ("/a/b/c", "/a/b", True),
        ("/a", "/a/b", False),
        ("/a", "/", True),
        ("/a/b", "/a/", True),
    ],
)
def test_is_below(path: str, folder: str, expected: bool) -> None:
    assert is_below(path, folder) is expected


NAMES = st.text("a/0\udcff\u00e9", max_size=3)
PATHS = st.lists(NAMES, max_size=4).map(lambda names: "/" + "/".join(filter(None, names)))


def normal(path: str) -> bool:
    """As paths are stored: absolute, and never with two slashes in a row."""
    return "//" not in path and (path == "/" or not path.endswith("/"))


@given(paths=st.sets(PATHS.filter(normal), max_size=12), folder=PATHS.filter(normal))
@example(paths={"/a\udcff/b", "/a/\udcff", "/a/b", "/a0", "/a"}, folder="/a")
@example(paths={"/\udcff", "/a", "/"}, folder="/")
@example(paths={"/\udcff/a", "/\udcff\udcff/a", "/\udcff/\udcff"}, folder="/\udcff")
def test_the_database_agrees(
    paths: set[str], folder: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    place: Path = tmp_path_factory.mktemp("paths")
    engine = connect(f"sqlite:///{place / 'library.db'}")
    with engine.begin() as connection:
        if paths:
            connection.execute(insert(folders), [{"path": path} for path in sorted(paths)])
        found = set(connection.scalars(select(folders.c.path).where(below(folders.c.path, folder))))
    engine.dispose()
    assert found == {path for path in paths if is_below(path, folder)}
