from pathlib import Path

import pytest
from vs_tiny import tiny_model

from engine import SearchEngine, reindex, rollback
from engine.encoder import Encoder
from ui import resources
from ui.jobs import indexing

really_open = SearchEngine.open


def test_all_visitors_share_one_engine(shared_engine: SearchEngine):
    assert resources.open_engine() is shared_engine


def test_an_empty_library_is_seen_to_be_filled_by_another_process(
    open_page, library: Path, encoder: Encoder, few_pictures: Path
):
    engine = resources.open_engine()
    assert resources.is_empty(engine)
    with SearchEngine.with_encoder(encoder, library) as other:
        other.index([few_pictures])
    assert not resources.is_empty(engine)


def test_facts_are_gathered_again_after_a_job_only(shared_engine: SearchEngine, tmp_path: Path):
    before = resources.facts(shared_engine)
    assert resources.facts(shared_engine) is before
    new = tmp_path / "new"
    new.mkdir()
    resources.index_job().start(indexing.add(shared_engine, [new]))
    assert resources.index_job().wait(60)
    assert str(new) in resources.facts(shared_engine).folders


def test_a_library_that_was_taken_over_is_opened_again_with_its_model(
    open_page, filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(SearchEngine, "open", really_open)
    monkeypatch.delenv("VISUAL_SEARCH_MODEL", raising=False)
    page = open_page(q="red")
    assert len(page.ids) == 40
    assert resources.facts(resources.open_engine()).model != "tiny"
    reindex(tiny_model(tmp_path / "tiny"), filled)
    page.app.run()
    page.check()
    assert len(page.ids) == 40
    assert resources.facts(resources.open_engine()).model == "tiny"
    rollback(filled)
    page.act("up", page.ids[0])  # draws the results only, with the engine that they had
    assert len(page.ids) == 40
    assert resources.facts(resources.open_engine()).model != "tiny"
