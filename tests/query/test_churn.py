"""A library whose images come and go for weeks: the index finds what it promises to find."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from vs_big_library import BigLibrary
from vs_vectors import require

from benchmarks.vectors import image_queries, write_vectors
from engine import Encoder, SearchEngine
from engine.index.exact import exact_neighbours, recall
from engine.index.mirror import MOST_DEAD
from engine.query.scores.phrases import phrases

SIZE = 21_000
SHARE = SIZE // 20


@dataclass
class Questions:
    """What the library is asked: unit rows, float32 [m, dim]."""

    images: np.ndarray
    texts: np.ndarray


@pytest.fixture(scope="module")
def questions(encoder: Encoder) -> Questions:
    """Other images, and other phrases, than upkeep draws to measure with."""
    used = set(phrases(1_000))
    others = [text for text in phrases(2_500, seed=5) if text not in used]
    return Questions(image_queries(400, encoder.dim), encoder.encode_texts(others[:400]))


def first_ten(engine: SearchEngine, probes: np.ndarray) -> np.ndarray:
    """Ids that a search puts first, int64 [m, 10]."""
    view, found = engine._view, []
    for probe in probes:
        ids, vectors = view.vectors(view.nearest(probe[None], engine._upkeep.candidates))
        found.append(ids[np.argsort(-(vectors @ probe), kind="stable")[:10]])
    return np.array(found)


def check(engine: SearchEngine, questions: Questions) -> None:
    """The index holds what the library does, and finds what it promises."""
    tuning = engine.info().tuning
    assert tuning is not None
    assert tuning.bound >= tuning.target == 0.97
    view, index = engine._view, engine._index.index
    ids, _ = view.vectors(view.ids())
    assert np.array_equal(np.sort(index.ids()), ids)
    assert index.dead <= MOST_DEAD * (index.dead + len(index))
    for probes, bound in (
        (questions.images, tuning.bound_image),
        (questions.texts, tuning.bound_text),
    ):
        true = exact_neighbours(probes, view.chunks)
        assert recall(first_ten(engine, probes), true).mean() >= bound


def every_image_has_its_vector(engine: SearchEngine, made: int, file: Path) -> bool:
    """Whether each image's row is the vector that was made for its number."""
    write_vectors(file, made, engine.encoder.dim)
    vectors = np.fromfile(file, dtype="<f2").reshape(made, -1)
    records = engine._library.catalogue.records()
    rows = np.array([record.vector_row for record in records])
    numbers = [int(record.digest, 16) for record in records]
    return np.array_equal(engine._library.vectors.read(rows), vectors[numbers].astype(np.float32))


@pytest.mark.slow
@pytest.mark.parametrize("rounds", [20])
def test_recall_stays_above_its_bound(
    rounds: int, encoder: Encoder, questions: Questions, tmp_path: Path
) -> None:
    require("hnsw")
    big = BigLibrary.make(tmp_path / "library", encoder, SIZE)
    with SearchEngine.with_encoder(encoder, big.folder) as engine:
        engine.upkeep()
        for number in range(rounds):
            big.remove(SHARE, seed=number)
            big.add(SHARE)
            engine.search("anything")
            engine.upkeep()
            assert engine.info().images == SIZE
            check(engine, questions)
        assert every_image_has_its_vector(engine, big.made, tmp_path / "vectors.f16")
        with SearchEngine.with_encoder(encoder, big.folder) as again:
            assert not again.needs_upkeep()
            check(again, questions)
