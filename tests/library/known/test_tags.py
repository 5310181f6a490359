"""Tags that people give in the app: a column as imported ones."""

import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
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


def found(engine: SearchEngine, text: str) -> set[int]:
    return {hit.id for hit in engine.search(text, limit=60).results}


def tags(engine: SearchEngine, image_id: int) -> tuple[str, ...]:
    return tuple(engine.known([image_id])[image_id].attributes.get("tag", ()))


def offered(engine: SearchEngine) -> dict[str, int]:
    """What the panel of filters offers."""
    columns = {column.name: column for column in engine.facets().columns}
    choices = columns["tag"].choices if "tag" in columns else ()
    return {choice.value: choice.count for choice in choices}


def test_a_tag_is_taken_off_and_not_found_any_more(engine: SearchEngine, tmp_path: Path) -> None:
    one, other, third = (image.id for image in engine.images()[:3])
    table = tmp_path / "tags.csv"
    table.write_text(f"path,tag\n{engine.image(one).path},old;quokka  trip\n")
    engine.import_metadata(table)
    engine.tag([other], "quokka trip")
    assert offered(engine) == {"quokka trip": 2, "old": 1}
    keywords = engine._library.attributes.by_keywords
    assert set(keywords(["quokka"], [], 9).tolist()) == {one, other}

    assert engine.untag([one, other, third, 10**9, one], "  quokka trip ") == 2
    assert tags(engine, one) == ("old",)
    assert tags(engine, other) == ()
    assert found(engine, 'tag:"quokka trip"') == set()
    assert found(engine, "tag:old") == {one}
    assert keywords(["quokka"], [], 9).tolist() == []
    assert keywords(["old"], [], 9).tolist() == [one]
    assert offered(engine) == {"old": 1}
    assert engine.untag([one, other], "quokka trip") == 0


def test_only_the_very_tag_is_taken_off(engine: SearchEngine) -> None:
    one = engine.images()[0].id
    for tag in ("sale", "Sale", "summer sale"):
        engine.tag([one], tag)
    assert engine.untag([one], "sale") == 1
    assert tags(engine, one) == ("Sale", "summer sale")
    assert engine.tag([one], "sale") == 1
    assert tags(engine, one) == ("Sale", "summer sale", "sale")


def test_tag_is_a_filter_also_where_no_image_has_one(engine: SearchEngine) -> None:
    one = engine.images()[0].id
    engine.tag([one], "sale")
    engine.untag([one], "sale")
    assert engine.columns() == {}
    page = engine.search("tag:sale", limit=10)
    assert (page.matching, page.results) == (0, ())
    query = engine.parse("shoe tag:sale")
    assert engine.parse(engine.written(query)) == query


def test_no_tag_is_lost_where_several_tag_at_once(engine: SearchEngine, encoder: Encoder) -> None:
    """Each engine has connections of its own, as another process has."""
    ids = [image.id for image in engine.images()[:5]]
    engine.tag(ids, "first")
    with SearchEngine.with_encoder(encoder, engine.info().library) as other:
        engines = [engine, other] * 10
        with ThreadPoolExecutor(4) as workers:
            given = [
                workers.submit(one.tag, ids, f"tag {number}") for number, one in enumerate(engines)
            ]
            taken = workers.submit(other.untag, ids, "first")
        assert [one.result() for one in given] == [5] * 20
        assert taken.result() == 5
        wanted = {f"tag {number}" for number in range(20)}
        assert all(set(tags(engine, image_id)) == wanted for image_id in ids)
        assert offered(other) == offered(engine)


def test_an_empty_tag_is_not_taken_off(engine: SearchEngine) -> None:
    with pytest.raises(ValueError, match="empty"):
        engine.untag([1], " \t")
