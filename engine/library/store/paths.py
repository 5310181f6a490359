"""Which paths lie below a folder, for Python and for the database."""

import os

from sqlalchemy import Column, ColumnElement, and_, or_


def is_below(path: str, folder: str) -> bool:
    """Whether `path` is `folder` or lies in it."""
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def below(column: Column[str], folder: str) -> ColumnElement[bool]:
    """The same as a condition on a column of type `PathText`, told from its sorted values.

    A byte that is not UTF-8 is stored as `//` and two digits: "/a\\xff" is "/a//FF", which is not
    below "/a", but "/a/\\xff", which is "/a///FF", is.
    """
    top, following = folder.rstrip(os.sep) + os.sep, chr(ord(os.sep) + 1)
    ranges = (
        (top, top + os.sep),
        (top + 2 * os.sep, top + os.sep + following),
        (top + following, top[:-1] + following),
    )
    within = [and_(column >= first, column < end) for first, end in ranges]
    return or_(column == folder, *within)
