"""How well texts find their pictures on the dev splits. NumPy only."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from training.captions import content
from training.corpus import Picture
from training.vocabulary import ARTICLES, CLOTHING, COLOURS

Encode = Callable[[list[str]], np.ndarray]
DEPTHS = (1, 5, 10)


def hits(
    texts: np.ndarray, pictures: np.ndarray, owners: Sequence[set[int]], depths=DEPTHS
) -> dict[str, float]:
    """Share of texts with a picture of `owners[i]` among the nearest 1, 5, 10."""
    order = np.argsort(-(texts @ pictures.T), axis=1, kind="stable")[:, : max(depths)]
    found = [[int(index) in own for index in row] for row, own in zip(order, owners, strict=True)]
    marks = np.array(found)
    return {f"hit@{depth}": float(marks[:, :depth].any(1).mean()) for depth in depths}


def precision(
    texts: np.ndarray, pictures: np.ndarray, relevant: Sequence[set[int]], depth: int = 10
) -> float:
    """Mean share of relevant pictures among the nearest `depth`, out of those that exist."""
    order = np.argsort(-(texts @ pictures.T), axis=1, kind="stable")[:, :depth]
    shares = [
        sum(int(index) in wanted for index in row) / min(depth, len(wanted))
        for row, wanted in zip(order, relevant, strict=True)
    ]
    return float(np.mean(shares))


def caption_hits(pictures: list[Picture], vectors: np.ndarray, encode: Encode) -> dict[str, float]:
    """Whole captions against all pictures; a caption that several pictures share counts for all."""
    owners: dict[str, set[int]] = defaultdict(set)
    for row, picture in enumerate(pictures):
        for caption in picture.record["captions"]:
            owners[caption].add(row)
    asked = [caption for picture in pictures for caption in picture.record["captions"]]
    return hits(encode(asked), vectors, [owners[caption] for caption in asked])


def label_precision(
    queries: Mapping[str, set[int]], vectors: np.ndarray, encode: Encode
) -> dict[str, float]:
    """Precision of short queries, each with the rows that it is right about."""
    texts = list(queries)
    found = precision(encode(texts), vectors, [queries[text] for text in texts])
    return {"precision@10": found, "queries": len(texts)}


def fashion_queries(pictures: list[Picture], least: int = 3) -> dict[str, set[int]]:
    """ "red shoes": every colour and noun that at least `least` pictures have."""
    queries: dict[str, set[int]] = defaultdict(set)
    for row, picture in enumerate(pictures):
        record = picture.record
        nouns = ARTICLES.get(record["articleType"], ())
        for tint in COLOURS.get(record["baseColour"], (record["baseColour"].lower(),)):
            for noun in nouns:
                queries[f"{tint} {noun}"].add(row)
    return {query: rows for query, rows in queries.items() if len(rows) >= least}


def clothing_queries(pictures: list[Picture]) -> dict[str, set[int]]:
    """One query a label; "t-shirt", "dress"."""
    queries: dict[str, set[int]] = defaultdict(set)
    for row, picture in enumerate(pictures):
        queries[CLOTHING[picture.record["label"]][0]].add(row)
    return dict(queries)


def grocery_queries(pictures: list[Picture]) -> dict[str, set[int]]:
    """One query a group: "apple", "oat milk"."""
    queries: dict[str, set[int]] = defaultdict(set)
    for row, picture in enumerate(pictures):
        queries[picture.record["group"].replace("-", " ").lower()].add(row)
    return dict(queries)


def photo_queries(pictures: list[Picture], least: int = 10) -> dict[str, set[int]]:
    """Short phrases of the captions; right are all pictures of which each of its words is said."""
    said = [content(" ".join(picture.record["captions"])) for picture in pictures]
    found = {phrase for picture in pictures for phrase in picture.short}
    queries = {}
    for phrase in sorted(found):
        wanted = content(phrase)
        queries[phrase] = {row for row, stems in enumerate(said) if wanted <= stems}
    return {query: rows for query, rows in queries.items() if len(rows) >= least}


def sample_queries(pictures: list[Picture], least: int = 2) -> dict[str, set[int]]:
    """Kinds, and colours with kinds, of the drawn pictures: "mug", "red mug"."""
    queries: dict[str, set[int]] = defaultdict(set)
    for row, picture in enumerate(pictures):
        facts = picture.record["attributes"]
        kind, colour = facts["kind"], facts.get("colour")
        queries[kind].add(row)
        if colour:
            queries[f"{colour} {kind}"].add(row)
    return {query: rows for query, rows in queries.items() if len(rows) >= least}


QUERIES = {
    "flickr8k": photo_queries,
    "fashion": fashion_queries,
    "clothing": clothing_queries,
    "grocery": grocery_queries,
    "samples": sample_queries,
}


def evaluate(
    dev: Mapping[str, list[Picture]], vectors: Mapping[str, np.ndarray], encode: Encode
) -> dict[str, dict[str, float]]:
    """Every measure that the data sets at hand allow, by data set."""
    report: dict[str, dict[str, float]] = {}
    for name, pictures in dev.items():
        report[name] = {}
        if name in {"flickr8k", "samples", "fashion"}:
            report[name] |= caption_hits(pictures, vectors[name], encode)
        if name in QUERIES and (queries := QUERIES[name](pictures)):
            report[name] |= label_precision(queries, vectors[name], encode)
    return report
