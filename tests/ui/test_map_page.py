import csv
import io
import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from engine import LibraryError, SearchEngine
from engine.sample import write_sample_library
from ui.map import map_choice, map_job
from ui.map.map_canvas import Choice
from ui.text import code


def script() -> None:
    from ui import map_page, resources

    map_page.show(resources.open_engine())


def choice_script() -> None:
    import streamlit as st

    from ui import resources
    from ui.map import map_choice

    map_choice.show(resources.open_engine(), st.session_state["choice"])


def opened() -> AppTest:
    page = AppTest.from_function(script, default_timeout=60).run()
    assert not page.exception
    return page


def words(page: AppTest) -> str:
    kinds = (page.title, page.caption, page.info, page.error, page.markdown, page.subheader)
    return "\n".join(str(one.value) for kind in kinds for one in kind)


def keys(page: AppTest) -> set[str]:
    return {button.key or "" for button in page.button}


def test_an_empty_library_says_how_to_begin(library: Path, open_page) -> None:
    page = opened()
    assert "Your library is empty." in words(page)
    assert not map_job.job().state.number


def test_a_few_pictures_need_no_map(library: Path, tmp_path: Path, encoder, open_page) -> None:
    write_sample_library(tmp_path / "pictures", 9)
    with SearchEngine.with_encoder(encoder, library) as engine:
        engine.index([tmp_path / "pictures"])
    page = opened()
    assert "Your library holds 9 pictures" in words(page)
    assert not map_job.job().state.number


def test_the_map_is_made_once_and_then_shown_to_everybody(shared_engine: SearchEngine) -> None:
    opened()
    assert map_job.job().wait(60)
    for _ in range(2):
        page = opened()
        assert "40 pictures in 3 groups" in words(page)
        assert page.get("bidi_component")
    assert map_job.job().state.number == 1


def test_it_can_be_made_anew(shared_engine: SearchEngine) -> None:
    shared_engine.make_atlas()
    page = opened()
    assert map_job.job().state.number == 0
    page.button(key="remake_map").click().run()
    assert not page.exception
    assert map_job.job().state.number == 1
    assert map_job.job().wait(60)
    assert "40 pictures" in words(opened())


def test_a_stopped_making_is_begun_again_by_a_press(
    shared_engine: SearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    make = shared_engine.make_atlas

    def stopped(progress) -> None:
        map_job.job().stop()
        make(progress)

    monkeypatch.setattr(shared_engine, "make_atlas", stopped)
    opened()
    assert map_job.job().wait(60)
    page = opened()
    assert "The map is not made yet." in words(page)
    monkeypatch.setattr(shared_engine, "make_atlas", make)
    page.button(key="make_map").click().run()
    assert map_job.job().wait(60)
    assert "40 pictures in 3 groups" in words(opened())


def test_what_went_wrong_is_said(
    shared_engine: SearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(progress) -> None:
        raise LibraryError("*no* `room`")

    monkeypatch.setattr(shared_engine, "make_atlas", fails)
    opened()
    assert map_job.job().wait(60)
    page = opened()
    assert f"The map was not made: {code('*no* `room`')}" in words(page)
    assert "make_map" in keys(page)


def test_the_map_of_before_is_shown_when_a_new_one_cannot_be_made(
    shared_engine: SearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared_engine.make_atlas()

    def fails(progress) -> None:
        raise LibraryError("no room")

    monkeypatch.setattr(shared_engine, "make_atlas", fails)
    opened().button(key="remake_map").click().run()
    assert map_job.job().wait(60)
    page = opened()
    assert "The map was not made anew: `no room`" in words(page)
    assert page.get("bidi_component")


def test_a_library_that_cannot_be_read_is_explained(
    shared_engine: SearchEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails() -> None:
        raise LibraryError("vectors are missing")

    monkeypatch.setattr(shared_engine, "atlas", fails)
    assert "The map cannot be shown: `vectors are missing`" in words(opened())


@pytest.fixture
def chosen(shared_engine: SearchEngine) -> tuple[int, ...]:
    return tuple(image.id for image in shared_engine.images()[:15])


def test_the_chosen_pictures_are_shown_and_searched_with(
    shared_engine: SearchEngine, chosen: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    went: list[tuple[str, dict[str, list[str]]]] = []
    monkeypatch.setattr(map_choice.pages, "go", lambda page, params: went.append((page, params)))
    page = AppTest.from_function(choice_script, default_timeout=60)
    page.session_state["choice"] = Choice(chosen, "boats *1*")
    page.run()
    assert not page.exception
    assert "**15 pictures chosen: `boats *1*`**" in words(page)
    (shown,) = [json.loads(one.proto.json)["hits"] for one in page.get("bidi_component")]
    assert len({hit["id"] for hit in shown} & set(chosen)) == len(shown) == 12
    page.button(key="map_search").click().run()
    assert not page.exception
    ((place, params),) = went
    assert place == ""
    assert len(params["like"]) == 8
    assert {int(one) for one in params["like"]} <= set(chosen)


def test_the_list_holds_every_chosen_picture(
    shared_engine: SearchEngine, chosen: tuple[int, ...]
) -> None:
    table = map_choice._table(shared_engine, [*chosen, 99_999]).decode()
    rows = list(csv.DictReader(io.StringIO(table)))
    assert [int(row["id"]) for row in rows] == list(chosen)
    assert [row["path"] for row in rows] == [i.path for i in shared_engine.images()[:15]]
