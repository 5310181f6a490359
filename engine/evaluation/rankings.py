"""Ways to search a collection: by vectors, by keywords, by both, by chance."""

import re
import sqlite3
from collections.abc import Sequence
from contextlib import closing

import numpy as np
import numpy.typing as npt

from engine.evaluation.collection import Collection, Topic
from engine.evaluation.measures import DEPTH, Ranked
from engine.index import BACKENDS
from engine.query.scores.fusion import points

Vectors = npt.NDArray[np.float32]
Scores = npt.NDArray[np.float32]

_CHUNK = 256  # topics at a time


def by_vectors(collection: Collection, asked: Vectors, searched: Vectors) -> list[Ranked]:
    """By inner product, exactly.

    Args:
        collection: with the topics.
        asked: unit vector of each topic, float32 [topics, dim].
        searched: unit vector of each image or text, float32 [n, dim].
    """
    rankings = []
    for at in range(0, len(asked), _CHUNK):
        for topic, scores in zip(
            collection.topics[at : at + _CHUNK], asked[at : at + _CHUNK] @ searched.T, strict=True
        ):
            rankings.append(ranked(topic, scores))
    return rankings


def by_index(
    collection: Collection, asked: Vectors, searched: Vectors, backend: str
) -> list[Ranked]:
    """As `by_vectors`, among what an index with its usual settings finds, which misses some.

    As a search does, it orders them by their exact inner products.

    Args:
        collection: as in `by_vectors`.
        asked: as there.
        searched: as there.
        backend: name of the index, of `BACKENDS`.

    Raises:
        IndexUnavailableError: its package is not installed.
    """
    with closing(BACKENDS[backend](searched.shape[1])) as index:
        index.reserve(len(searched))
        index.add(np.arange(len(searched)), searched)
        most = max((len(topic.unseen) for topic in collection.topics), default=0)
        found, _ = index.search(asked, min(DEPTH + most, len(searched)))
    rankings = []
    for topic, vector, places in zip(collection.topics, asked, found, strict=True):
        scores = np.full(len(searched), -np.inf, dtype=np.float32)
        scores[places] = searched[places] @ vector
        order = ranked(topic, scores)
        rankings.append(order[np.isfinite(scores[order])])
    return rankings


def ranked(topic: Topic, scores: Scores) -> Ranked:
    """Places by falling score, without those the topic must not see, at most `DEPTH`.

    Of equal scores, wrong answers come first: a way to search that tells nothing apart is then
    given no credit for it.
    """
    scores = scores.copy()
    scores[list(topic.unseen)] = -np.inf
    is_right = np.zeros(len(scores), dtype=np.bool_)
    is_right[list(topic.relevant)] = True
    count = len(scores) - len(topic.unseen)
    some = np.arange(len(scores))
    if count > DEPTH:
        least = np.partition(scores, -DEPTH)[-DEPTH]
        some = np.flatnonzero(scores >= least)  # with all that are equal to the last one
    order = np.lexsort((some, is_right[some], -scores[some]))
    return some[order][: min(count, DEPTH)]


def by_keywords(collection: Collection) -> list[Ranked]:
    """By BM25 over what is known of each image in words: names of files, and known captions.

    Any word of a topic may match (SQLite FTS5, `bm25`, words reduced by Porter's stemmer). What
    matches no word is not found.

    Raises:
        ValueError: topics are pictures, or what is searched is texts.
    """
    if collection.task != "text-image":
        raise ValueError(f"keyword search needs texts and images, not task {collection.task!r}")
    with closing(sqlite3.connect(":memory:")) as database:
        database.execute("CREATE VIRTUAL TABLE known USING fts5(words, tokenize='porter')")
        database.executemany(
            "INSERT INTO known(rowid, words) VALUES (?, ?)", enumerate(collection.texts)
        )
        return [_matching(database, topic, len(collection)) for topic in collection.topics]


def by_both(first: Sequence[Ranked], second: Sequence[Ranked]) -> list[Ranked]:
    """Reciprocal rank fusion of two ways to search."""
    return [_fused(one, other) for one, other in zip(first, second, strict=True)]


def by_chance(collection: Collection, seed: int = 0) -> list[Ranked]:
    """In an order that means nothing."""
    draw = np.random.default_rng(seed)
    return [
        ranked(topic, draw.random(len(collection), dtype=np.float32)) for topic in collection.topics
    ]


def _matching(database: sqlite3.Connection, topic: Topic, count: int) -> Ranked:
    words = re.findall(r"\w+", topic.text)
    if not words:
        return np.zeros(0, dtype=np.int64)
    scores = np.full(count, -np.inf, dtype=np.float32)
    # Quoted, as every other sign has a meaning there. bm25() is the less the better.
    wanted = " OR ".join(f'"{word}"' for word in words)
    rows = database.execute("SELECT rowid, bm25(known) FROM known WHERE known MATCH ?", (wanted,))
    for place, score in rows:
        scores[place] = -score
    order = ranked(topic, scores)
    return order[np.isfinite(scores[order])]


def _fused(one: Ranked, other: Ranked) -> Ranked:
    found: dict[int, float] = {}
    for ranking in (one, other):
        for place, more in zip(ranking.tolist(), points(len(ranking)).tolist(), strict=True):
            found[place] = found.get(place, 0.0) + more
    best = sorted(found, key=lambda place: (-found[place], place))
    return np.array(best[:DEPTH], dtype=np.int64)
