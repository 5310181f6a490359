"""A library large enough for an index: rows and vectors without pictures.

Smaller than what gets an index in life, and measured with fewer queries, as it is measured often;
`tests/ui/test_keeping.py` has one of full size.
"""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from vs_big_library import BigLibrary
from vs_vectors import require

from engine import Encoder, Progress, SearchEngine
from engine.index import mirror
from engine.query import asked

SIZE = 6_000


@pytest.fixture(scope="module", autouse=True)
def _sooner() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mirror, "EXACT_BELOW", 5_000)
        patch.setattr(asked, "TEXTS", 300)
        patch.setattr(asked, "IMAGES", 200)
        yield


@pytest.fixture(scope="module")
def big(_sooner: None, encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> BigLibrary:
    """Without an index."""
    require("hnsw")
    return BigLibrary.make(tmp_path_factory.mktemp("big") / "library", encoder, SIZE)


@pytest.fixture(scope="module")
def told() -> list[Progress]:
    return []


@pytest.fixture(scope="module")
def built(
    big: BigLibrary, told: list[Progress], tmp_path_factory: pytest.TempPathFactory
) -> BigLibrary:
    """With an index that was built and measured."""
    made = big.copy(tmp_path_factory.mktemp("built") / "library")
    with SearchEngine.with_encoder(made.encoder, made.folder) as engine:
        engine.upkeep(told.append)
    return made


@pytest.fixture
def copy(built: BigLibrary, tmp_path: Path) -> BigLibrary:
    """A library of its own, with an index."""
    return built.copy(tmp_path / "library")


@pytest.fixture
def engine(copy: BigLibrary) -> Iterator[SearchEngine]:
    with SearchEngine.with_encoder(copy.encoder, copy.folder) as opened:
        yield opened


def recall(engine: SearchEngine, big: BigLibrary) -> float:
    """Share of the true first 10 that 50 searches for images find."""
    hits = 0
    for query, true in big.questions(50):
        found = {hit.id for hit in engine.search(query, limit=10).results}
        hits += len(found & true)
    return hits / 500


def test_before_there_is_an_index_every_search_is_exact(big: BigLibrary) -> None:
    with SearchEngine.with_encoder(big.encoder, big.folder) as engine:
        assert engine.needs_upkeep()
        assert recall(engine, big) == 1
        info = engine.info()
    assert (info.index_backend, info.index_pending, info.tuning) == ("hnsw", SIZE, None)


def test_upkeep_builds_measures_and_keeps_an_index(
    engine: SearchEngine, copy: BigLibrary, told: list[Progress]
) -> None:
    assert {step.stage for step in told} >= {"building the index", "measuring the index"}
    assert all(0 <= step.done <= step.total for step in told)
    assert not engine.needs_upkeep()
    info = engine.info()
    assert info.index_pending == 0
    assert info.tuning is not None
    assert info.tuning.target == 0.97 <= info.tuning.bound
    assert info.tuning.dim < info.dim
    assert recall(engine, copy) >= info.tuning.bound


def test_a_wanted_recall_is_remembered(engine: SearchEngine) -> None:
    tuning = engine.tune(0.98)
    assert tuning is not None
    assert tuning.bound >= tuning.target == 0.98
    again = engine.tune()
    assert again is not None
    assert again.target == 0.98


def test_past_queries_are_measured_first(engine: SearchEngine) -> None:
    for text in ("a dog", "a cat", "a dog"):
        engine.search(text)
    tuning = engine.tune()
    assert tuning is not None
    assert tuning.sources == ("2 past queries", "298 neutral phrases")


def test_it_is_measured_again_when_a_tenth_has_changed(
    engine: SearchEngine, copy: BigLibrary
) -> None:
    engine.tune(0.96)
    (file,) = copy.folder.glob("index/*/tuning.json")
    first = file.read_bytes()
    copy.add(SIZE // 20)
    engine.upkeep()
    assert file.read_bytes() == first
    copy.remove(SIZE // 30)
    copy.add(SIZE // 30)
    assert engine.needs_upkeep()
    engine.upkeep()
    assert not engine.needs_upkeep()
    assert json.loads(file.read_bytes())["size"] == SIZE + SIZE // 20
    assert json.loads(file.read_bytes())["tuning"]["target"] == 0.96


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"tuning": {"effort": "x"}}', "\0"])
def test_a_damaged_measurement_is_said_and_made_again(
    content: str, copy: BigLibrary, caplog: pytest.LogCaptureFixture
) -> None:
    (file,) = copy.folder.glob("index/*/tuning.json")
    file.write_text(content)
    with SearchEngine.with_encoder(copy.encoder, copy.folder) as engine:
        assert str(file) in caplog.text
        assert engine.needs_upkeep()
        assert engine.info().tuning is None
        if not content:
            engine.upkeep()
            assert engine.info().tuning is not None
            assert not engine.needs_upkeep()


def test_an_index_that_is_lost_is_built_anew(copy: BigLibrary) -> None:
    shutil.rmtree(copy.folder / "index")
    with SearchEngine.with_encoder(copy.encoder, copy.folder) as engine:
        assert recall(engine, copy) == 1
        assert engine.needs_upkeep()


def test_a_small_library_needs_no_upkeep(sample_engine: SearchEngine) -> None:
    assert not sample_engine.needs_upkeep()
    assert sample_engine.tune() is None
    assert sample_engine.info().tuning is None
