"""A library judged by the thumbs that people gave in it."""

from pathlib import Path

import numpy as np

from engine.evaluation.collection import Collection, Topic, as_words
from engine.evaluation.embedding import Tell
from engine.evaluation.evaluate import Evaluation, judged
from engine.evaluation.measures import DEPTH
from engine.evaluation.qrels import write_qrels
from engine.search_engine import SearchEngine


def evaluate_thumbs(engine: SearchEngine, tell: Tell | None = None) -> Evaluation:
    """Ask every question in words that has a thumb up once more, without what the thumbs taught.

    Searches run as they do for people, with the index in use. Images without a thumb count as
    wrong, so the figures compare settings and models; they say little by themselves.

    Args:
        engine: of the library.
        tell: called as it goes on.

    Raises:
        ValueError: no question has a thumb up.
    """
    info = engine.info()
    images = engine.images()
    places = {image.id: place for place, image in enumerate(images)}
    asked = []
    for query, marks in engine.judgements():
        liked = {places[id]: 1 for id, mark in marks.items() if mark > 0 and id in places}
        if liked:
            asked.append((query, liked))
    if not asked:
        raise ValueError(f"{info.library}: no question in words has a thumb up yet")
    topics, rankings = [], []
    for number, (query, liked) in enumerate(asked, start=1):
        names = " ".join(("" if term.weight > 0 else "-") + term.label for term in query.terms)
        topics.append(Topic(names, group=names, text=query.wanted_words, relevant=liked))
        page = engine.search(query, limit=DEPTH, use_marks=False)
        found = [places[hit.id] for hit in page.results if hit.id in places]
        rankings.append(np.array(found, dtype=np.int64))
        if tell:
            tell("searching", number, len(asked))
    collection = Collection(
        str(info.library),
        "text-image",
        tuple(Path(image.path) for image in images),
        tuple(as_words(Path(image.path).stem) for image in images),
        tuple(topics),
    )
    return judged(collection, {engine.encoder.name: rankings}, tell)


def write_thumbs(engine: SearchEngine, folder: Path) -> tuple[Path, Path]:
    """Write the thumbs of all questions in words as TREC has them: judgements and topics.

    Args:
        engine: of the library.
        folder: where to; made if it is not there.

    Returns:
        The two files.

    Raises:
        OSError: they cannot be written.
    """
    paths = {record.id: record.path for record in engine.images()}
    topics = (
        (words, {paths[image]: max(mark, 0) for image, mark in marks.items()})
        for query, marks in engine.judgements()
        if (words := query.wanted_words)  # all a topic of TREC can say
    )
    return write_qrels(folder, topics)
