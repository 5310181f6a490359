from pathlib import Path

import pytest
from vs_big_library import BigLibrary
from vs_vectors import require

from engine import Encoder, SearchEngine
from ui import resources
from ui.jobs import keeping

SIZE = 20_500


@pytest.fixture(scope="module")
def big(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> BigLibrary:
    return BigLibrary.make(tmp_path_factory.mktemp("big"), encoder, SIZE)


def test_the_index_is_built_while_the_page_answers(big: BigLibrary, library: Path, open_page):
    require("hnsw")
    big.copy(library)
    page = open_page(q="a dog")
    assert page.ids
    page.go_to("settings")
    assert "- Index: `hnsw`, " in page.words
    keeping.keeper().wait(120)
    resources.forget_facts()
    page = open_page("settings")
    assert page.has("tune")
    assert "finds at least 9" in page.words
    assert "of the 10 best matches (measured with 500 texts and 500 pictures)" in page.words


def test_nothing_is_begun_where_nothing_is_to_do(shared_engine: SearchEngine):
    keeper = keeping.Keeper()
    keeper.keep_up(shared_engine)
    assert not keeper.is_working


def test_a_library_that_fails_ends_only_the_upkeep(
    big: BigLibrary, encoder: Encoder, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    require("hnsw")
    copy = big.copy(tmp_path / "library")
    with SearchEngine.with_encoder(encoder, copy.folder) as engine:
        keeper = keeping.Keeper()
        assert engine.needs_upkeep()
        library = copy.open()
        library.catalogue.set_meta({"model": "another", "generation": "99"})
        library.close()
        keeper.keep_up(engine)
        keeper.wait(60)
    assert not keeper.is_working
    assert "another model" in caplog.text
