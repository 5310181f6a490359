"""Tags that people give in the app: a column as imported ones."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine import SearchEngine
from engine.encoder import Encoder


@pytest.fixture
def engine(sample_engine: SearchEngine, encoder: Encoder, tmp_path: Path) -> Iterator[SearchEngine]:
    shutil.copytree(sample_engine.info().library, tmp_path / "library")
    with SearchEngine.with_encoder(encoder, tmp_path / "library") as engine:
        yield engine


def test_tags_are_added_to_those_there_are_and_found(engine: SearchEngine, tmp_path: Path) -> None:
    names = {image.id: image.path for image in engine.images()[:3]}
    one, other, third = names
    table = tmp_path / "tags.csv"
    table.write_text(f"path,tag\n{names[one]},old;new\n")
    engine.import_metadata(table)
    assert engine.tag([one, other], "  new  ") == 1
    assert engine.tag([one, other, third, 10**9], "summer trip") == 3
    known = engine.known(list(names))
    assert known[one].attributes["tag"] == ("old", "new", "summer trip")
    assert known[other].attributes["tag"] == ("new", "summer trip")
    found = {hit.id for hit in engine.search('tag:"summer trip"', limit=10).results}
    assert found == set(names)


def test_an_empty_tag_is_refused(engine: SearchEngine) -> None:
    with pytest.raises(ValueError, match="empty"):
        engine.tag([1], " \n")
