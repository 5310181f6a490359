"""`AttributeStore`: what was said about images, by column, and searched by keywords.

It was imported from tables, given in the app, or is written in the images' files. What stands in
files changes with them alone: see `engine.library.store.written`.
"""

import math
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, Engine, delete, func, insert, select, text

from engine.library.store.attribute_rows import Values, attribute_rows, note_words
from engine.library.store.catalogue import note_described
from engine.library.store.database import pieces, writing
from engine.library.store.tables import attributes

Mask = npt.NDArray[np.bool_]
IS_OURS = attributes.c.place >= 0
"""Rows that were imported, or given in the app."""

_MOST_WORDS = 64  # of a question
_WITH_WORD = text("SELECT rowid FROM words WHERE words MATCH :word")
_LOOKED_AT = 2  # times as many images as are wanted, of which some have too few of the words
_LEAST_SHARE = 3  # one word of so many
_LEAST_WORDS = 3
_MERE_WORDS = frozenset(
    ("a", "an", "the", "and", "or", "of", "in", "on", "at", "to", "by", "for", "from", "with", "is",
     "are", "was", "were", "it", "its", "this", "that", "as")
)  # fmt: skip
"""Half of all captions have them: in a large library, counting them takes seconds."""

_FIND = text(
    "SELECT rowid FROM words WHERE words MATCH :words ORDER BY bm25(words), rowid LIMIT :most"
)


class AttributeStore:
    """Columns of images. Every method that writes is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def put(self, rows: Mapping[int, Values]) -> None:
        """Keep values of images, by id, in the place of those imported before in these columns."""
        ids = list(rows)
        with writing(self._engine) as connection:
            note_described(connection)
            for part in pieces(ids):
                some = {image_id: rows[image_id] for image_id in part}
                _forget(connection, some)
                new = [row for one, values in some.items() for row in attribute_rows(one, values)]
                if new:
                    connection.execute(insert(attributes), new)
                note_words(connection, list(some))

    def columns(self, of_files: bool = True) -> dict[str, int]:
        """Columns that are there, and how many images have them, the most frequent first."""
        count = func.count(attributes.c.image_id.distinct())
        wanted = select(attributes.c.name, count).group_by(attributes.c.name)
        wanted = wanted if of_files else wanted.where(IS_OURS)
        with self._engine.connect() as connection:
            rows = connection.execute(wanted.order_by(count.desc(), attributes.c.name)).all()
        return {row[0]: row[1] for row in rows}

    def names(self) -> frozenset[str]:
        """Columns that are there."""
        with self._engine.connect() as connection:
            return frozenset(connection.scalars(select(attributes.c.name).distinct()))

    def of(
        self, ids: Sequence[int], of_files: bool = True
    ) -> dict[int, dict[str, tuple[str, ...]]]:
        """What is known of images, by id, each value once; also what stands in their files."""
        found: dict[int, dict[str, tuple[str, ...]]] = defaultdict(dict)
        order = (attributes.c.image_id, attributes.c.name, attributes.c.place)
        columns = (attributes.c.image_id, attributes.c.name, attributes.c.text)
        with self._engine.connect() as connection:
            for part in pieces(ids):
                wanted = select(*columns).where(attributes.c.image_id.in_(part)).order_by(*order)
                wanted = wanted if of_files else wanted.where(IS_OURS)
                for image_id, name, said in connection.execute(wanted):
                    known = found[image_id].get(name, ())
                    found[image_id][name] = known if said in known else (*known, said)
        return dict(found)

    def words(self, most: int = 20_000) -> frozenset[str]:
        """Words that were imported, at most of so many different values."""
        values = select(attributes.c.folded).where(attributes.c.number.is_(None)).distinct()
        with self._engine.connect() as connection:
            found = connection.scalars(values.limit(most)).all()
        return frozenset(word for value in found for word in value.split())

    def frequent(self, most: int) -> list[str]:
        """Texts, no numbers, that were imported about two images or more, the most frequent first.

        Each in one of the ways that it is written.
        """
        often = func.count(attributes.c.image_id.distinct())
        texts = select(func.min(attributes.c.text)).where(attributes.c.number.is_(None))
        wanted = texts.group_by(attributes.c.folded).having(often > 1)
        with self._engine.connect() as connection:
            order = (often.desc(), attributes.c.folded)
            return list(connection.scalars(wanted.order_by(*order).limit(most)))

    def clear(self, column: str) -> int:
        """Forget what was imported of a column; returns how many images had it."""
        with writing(self._engine) as connection:
            note_described(connection)
            named = (attributes.c.name == column) & IS_OURS
            ids = list(connection.scalars(select(attributes.c.image_id).where(named).distinct()))
            connection.execute(delete(attributes).where(named))
            for part in pieces(ids):
                note_words(connection, part)
        return len(ids)

    def by_keywords(
        self, texts: Sequence[str], unwanted: Sequence[str], most: int
    ) -> npt.NDArray[np.int64]:
        """Ids of images about which something is written, best first (BM25).

        Args:
            texts: of any one of them, three words have to be there, or all if it has fewer, and
                a third of them; the words one after the other, as they were asked, count as one
                more.
            unwanted: all words of none of them are written there.
            most: how many.
        """
        wanted = " OR ".join(dict.fromkeys(phrase for one in texts for phrase in _phrases(one)))
        if not wanted or self._engine.dialect.name != "sqlite":
            return np.zeros(0, dtype=np.int64)
        barred = " OR ".join(f"({' AND '.join(some)})" for one in unwanted if (some := _words(one)))
        wanted = f"({wanted}) NOT ({barred})" if barred else wanted
        with self._engine.connect() as connection:
            asked = {"words": wanted, "most": _LOOKED_AT * most}
            found = np.array(connection.scalars(_FIND, asked).all(), dtype=np.int64)
            is_covered = np.zeros(len(found), dtype=np.bool_)
            for one in texts if len(found) else ():
                is_covered |= _covers(connection, found, _words(one))
            return found[is_covered][:most]


def _covers(connection: Connection, ids: npt.NDArray[np.int64], words: list[str]) -> Mask:
    """Which images have enough of the words: one of many says little, one of two is half of it."""
    counts = np.zeros(len(ids), dtype=np.int64)
    for word in words:
        counts += np.isin(ids, connection.scalars(_WITH_WORD, {"word": word}).all())
    return counts >= max(math.ceil(len(words) / _LEAST_SHARE), min(len(words), _LEAST_WORDS), 1)


def _words(question: str) -> list[str]:
    """Quoted, as every other sign has a meaning there; without those that say nothing."""
    words = list(dict.fromkeys(re.findall(r"\w+", question.casefold())))
    telling = [word for word in words if word not in _MERE_WORDS] or words
    return [f'"{word}"' for word in telling[:_MOST_WORDS]]


def _phrases(question: str) -> list[str]:
    phrase = " ".join(re.findall(r"\w+", question.casefold()))
    return [*_words(question), f'"{phrase}"'] if phrase else []


def _forget(connection: Connection, rows: Mapping[int, Values]) -> None:
    of_column: dict[str, list[int]] = defaultdict(list)
    for image_id, values in rows.items():
        for name in values:
            of_column[name].append(image_id)
    for name, ids in of_column.items():
        own = (attributes.c.name == name) & attributes.c.image_id.in_(ids) & IS_OURS
        connection.execute(delete(attributes).where(own))
