"""Saved searches, and what this visitor has asked for."""

import pytest

from engine import SearchEngine

ODD = "<img src=x onerror=alert(1)> *b* `c` :smile:"


def saved(page) -> list[str]:
    return [b.label for b in page.app.button if (b.key or "").startswith("saved_go_")]


def history(page) -> list[str]:
    return [b.label for b in page.app.button if (b.key or "").startswith("history_go_")]


def save(page, name: str | None = None) -> None:
    (box,) = [one for one in page.app.text_input if (one.key or "").startswith("save_name_")]
    if name is not None:
        box.set_value(name)
    (button,) = [one for one in page.app.button if one.label == "Save"]
    button.click().run()
    page.check()


def go(page, prefix: str, number: int = 0) -> None:
    keys = [b.key for b in page.app.button if (b.key or "").startswith(prefix)]
    page.press(keys[number])


def test_a_search_is_saved_and_found_again_by_another_visitor(open_page, shared_engine):
    page = open_page(q="boat color:blue -people", like=["3", "4"], unlike="5", w="0.8")
    save(page, ODD)
    (kept,) = shared_engine.saved_searches()
    assert kept.name == ODD
    other = open_page(q="house")
    go(other, "saved_go_")
    assert other.params == {
        "q": "boat color:blue -people",
        "like": "3,4",
        "unlike": "5",
        "w": "0.8",
    }
    assert saved(other) == [f"``{ODD}``"]


def test_a_name_is_proposed(open_page, shared_engine: SearchEngine):
    page = open_page(q="boat -people")
    save(page)
    assert saved(page) == ["`boat -people`"]
    page.enter("q", "house")
    save(page)
    assert saved(page) == ["`house`", "`boat -people`"]


def test_nothing_is_no_search_to_save(filled, open_page):
    page = open_page()
    assert not [one for one in page.app.text_input if (one.key or "").startswith("save_name_")]


def test_renamed_and_removed_and_undone(open_page, shared_engine: SearchEngine):
    one = shared_engine.save_search("one", "q=1")
    shared_engine.save_search("two", "q=2")
    page = open_page()
    page.app.toggle(key="saved_edit").set_value(True).run()
    page.enter(f"saved_name_{one.id}", "first")
    assert [s.name for s in shared_engine.saved_searches()] == ["two", "first"]
    page.enter(f"saved_name_{one.id}", "  ")
    assert "1 to 100 characters" in page.app.error[0].value
    assert page.app.text_input(key=f"saved_name_{one.id}").value == "first"
    page.press(f"remove_saved_{one.id}")
    assert [s.name for s in shared_engine.saved_searches()] == ["two"]
    page.press("undo_remove")
    assert [s.name for s in shared_engine.saved_searches()] == ["two", "first"]
    assert not page.has("undo_remove")


def test_a_saved_search_that_makes_no_sense_does_no_harm(open_page, shared_engine: SearchEngine):
    shared_engine.save_search("odd", "like=x&q=%FF%00boat&w=nan&&=")
    page = open_page()
    go(page, "saved_go_")
    assert "q" in page.params


def test_without_permission_there_is_nothing_to_change(
    open_page, shared_engine: SearchEngine, monkeypatch: pytest.MonkeyPatch
):
    page = open_page(q="boat")
    monkeypatch.setenv("VISUAL_SEARCH_READ_ONLY", "1")
    save(page, "sneaked in")  # the form was drawn before
    assert shared_engine.saved_searches() == []
    shared_engine.save_search("one", "q=1")
    page = open_page(q="boat")
    assert saved(page) == ["`one`"]
    assert not [b for b in page.app.button if b.label == "Save"]
    assert "saved_edit" not in [toggle.key for toggle in page.app.toggle]


def test_history_is_of_this_visitor_alone(filled, open_page):
    page = open_page(q="boat")
    assert history(page) == []
    for words in ("house", "tree", "boat"):
        page.enter("q", words)
    assert history(page) == ["`tree`", "`house`"]
    go(page, "history_go_", 1)
    assert page.params == {"q": "house"}
    assert history(page) == ["`boat`", "`tree`"]
    assert history(open_page(q="x")) == []
    page.press("clear_history")
    assert history(page) == []


def test_history_does_not_grow_for_ever(filled, open_page):
    page = open_page()
    page.app.session_state["history"] = {}
    for number in range(24):
        page.app.query_params["q"] = f"orientation:square name:{number}"
        page.app.run()
    assert len(history(page)) == 20
    assert history(page)[0] == "`orientation:square name:22`"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"q": "boat", "like": "3"}, {"q": "boat", "like": "3", "w": "0.8"}),
        ({"q": "boat -sea"}, {"q": "Boat^2 -sea", "variety": "0.5"}),
        ({"q": "boat width:<=300"}, {"q": "boat width:100..200"}),
        ({"q": "boat after:2020"}, {"q": "boat after:2021"}),
    ],
)
def test_where_sliders_stand_makes_no_search_of_its_own(filled, open_page, first, second):
    page = open_page(**first)
    for params in (second, {"q": "house"}):
        page.app.query_params.clear()
        page.app.query_params.update(params)
        page.app.run()
        page.check()
    assert len(history(page)) == 1
    go(page, "history_go_")
    assert page.params == second


@pytest.mark.parametrize(
    "second",
    [
        {"q": "boat sea"},
        {"q": "-boat"},
        {"q": "boat", "like": "3"},
        {"q": "boat", "unlike": "3"},
        {"q": "boat color:red"},
        {"q": "boat width:<=300"},
    ],
)
def test_other_words_pictures_and_filters_are_another_search(filled, open_page, second):
    page = open_page(q="boat")
    for params in (second, {"q": "house"}):
        page.app.query_params.clear()
        page.app.query_params.update(params)
        page.app.run()
    assert len(history(page)) == 2
