"""Tags are given, taken off and brought back: of chosen pictures, and of one shown large."""

from pathlib import Path

import pytest

from engine import LibraryError, SearchEngine
from ui.text import code

ADD_TO_ALL = "FormSubmitter:tag_form-Add to the chosen ones"
ADD = "FormSubmitter:viewer_tag_form-Add"


def labels(page) -> list[str]:
    """What the buttons say that take tags off."""
    keys = [button for button in page.app.button if (button.key or "").startswith("untag_")]
    return [button.label.removeprefix("Take off ") for button in keys]


def take_off(page, shown: str) -> None:
    label = f"Take off {code(shown)}"
    page.press(next(button.key for button in page.app.button if button.label == label))


def offered(page) -> list[str]:
    """Tags in the panel of filters; none where there is no filter by tags."""
    boxes = [box for box in page.app.multiselect if box.key == "f_column_tag"]
    return list(boxes[0].options) if boxes else []


def tags(engine: SearchEngine, image_id: int) -> tuple[str, ...]:
    return tuple(engine.known([image_id])[image_id].attributes.get("tag", ()))


def test_the_tags_of_the_chosen_are_counted_and_taken_off(open_page, shared_engine: SearchEngine):
    page = open_page(q="boat")
    one, other, third, rest = page.ids[:4]
    shared_engine.tag([one, other, rest], "lake")
    shared_engine.tag([other], "*b* <i>")
    page.choose(one, other, third)
    assert labels(page) == [code("lake \u00b7 2"), code("*b* <i> \u00b7 1")]
    take_off(page, "lake \u00b7 2")
    assert labels(page) == [code("*b* <i> \u00b7 1")]
    assert "`lake` taken off 2 pictures" in page.words
    assert (tags(shared_engine, one), tags(shared_engine, rest)) == ((), ("lake",))
    assert open_page(q="tag:lake").ids == [rest]
    assert page.has("like_these")  # they are still chosen


def test_the_panel_shows_the_tags_that_are_left(open_page, shared_engine: SearchEngine):
    shared_engine.tag([3, 4], "lake")
    page = open_page(q="boat")
    assert len(offered(page)) == 1
    page.choose(3, 4)
    take_off(page, "lake \u00b7 2")
    assert offered(page) == []
    page.press("tags_undo_bar")
    assert len(offered(page)) == 1


def test_what_was_taken_off_all_results_is_brought_back(open_page, shared_engine: SearchEngine):
    shared_engine.tag([3, 4], "lake")
    page = open_page(q="tag:lake")
    page.choose(3, 4)
    take_off(page, "lake \u00b7 2")
    assert page.ids == []
    assert "No picture passes all of the filters." in page.app.info[0].value
    page.press("tags_undo_bar")
    assert sorted(page.ids) == [3, 4]
    assert not page.has("tags_undo_bar")


def test_a_tag_just_given_is_taken_back_from_those_it_was_new_to(
    open_page, shared_engine: SearchEngine
):
    page = open_page(q="boat")
    one, other = page.ids[:2]
    shared_engine.tag([one], "summer trip")
    page.choose(one, other)
    page.app.text_input(key="new_tag").set_value(" summer   trip ")
    page.press(ADD_TO_ALL)
    assert "`summer trip` added to 1 picture" in page.words
    page.press("tags_undo_bar")
    assert (tags(shared_engine, one), tags(shared_engine, other)) == (("summer trip",), ())


def test_the_note_goes_with_another_search_or_when_it_is_closed(
    open_page, shared_engine: SearchEngine
):
    shared_engine.tag([3], "lake")
    shared_engine.tag([3], "sun")
    page = open_page(q="boat")
    page.choose(3)
    take_off(page, "lake")
    assert page.has("tags_undo_bar")
    page.press("tags_close_bar")
    assert not page.has("tags_undo_bar")
    take_off(page, "sun")
    assert page.has("tags_undo_bar")
    page.enter("q", "house")
    assert not page.has("tags_undo_bar")


def test_one_picture_shown_large_gets_tags_and_loses_them(open_page, shared_engine: SearchEngine):
    shared_engine.tag([3], "lake")
    page = open_page(q="boat", view="3")
    assert labels(page) == [code("lake")]
    page.app.text_input(key="viewer_new_tag").set_value(" `x`  <b> ")
    page.press(ADD)
    assert labels(page) == [code("lake"), code("`x` <b>")]
    take_off(page, "lake")
    assert labels(page) == [code("`x` <b>")]
    assert tags(shared_engine, 3) == ("`x` <b>",)
    page.press("tags_undo_viewer")
    assert set(tags(shared_engine, 3)) == {"lake", "`x` <b>"}
    assert page.params == {"q": "boat", "view": "3"}
    page.close()
    assert len(offered(page)) == 2


def test_nothing_is_no_tag(open_page, shared_engine: SearchEngine):
    page = open_page(view="3")
    page.app.text_input(key="viewer_new_tag").set_value("  ")
    page.press(ADD)
    assert "Type a tag first." in page.app.error[0].value
    assert labels(page) == []


def test_a_long_tag_is_cut_and_told_in_full(open_page, shared_engine: SearchEngine):
    long = "a day at the seaside with all of the family and `more`"
    shared_engine.tag([3], long)
    page = open_page(view="3")
    (button,) = [one for one in page.app.button if (one.key or "").startswith("untag_")]
    assert button.label == "Take off `a day at the seaside with all...`"
    assert button.help == code(long)
    page.press(button.key)
    assert tags(shared_engine, 3) == ()


def test_more_tags_than_fit_are_counted(open_page, shared_engine: SearchEngine):
    for number in range(32):
        shared_engine.tag([3], f"tag {number}")
    page = open_page(view="3")
    assert len(labels(page)) == 30
    assert "and 2 more" in page.words


def test_who_may_only_look_sees_tags_and_cannot_change_them(
    open_page, shared_engine: SearchEngine, monkeypatch
):
    shared_engine.tag([3], "lake")
    monkeypatch.setenv("VISUAL_SEARCH_READ_ONLY", "1")
    page = open_page(q="boat", view="3")
    page.choose(3)
    assert "- `tag` `lake`" in page.words
    assert labels(page) == []
    assert not {"viewer_new_tag", "new_tag"} & {box.key for box in page.app.text_input}


@pytest.mark.parametrize("step", ["take off", "undo"])
def test_a_page_from_before_changes_nothing(
    open_page, shared_engine: SearchEngine, monkeypatch, step: str
):
    shared_engine.tag([3], "lake")
    page = open_page(q="boat")
    page.choose(3)
    if step == "undo":
        take_off(page, "lake")
    before = tags(shared_engine, 3)
    monkeypatch.setenv("VISUAL_SEARCH_READ_ONLY", "1")
    if step == "undo":
        page.press("tags_undo_bar")
    else:
        take_off(page, "lake")
    assert tags(shared_engine, 3) == before


def test_what_is_in_the_way_is_told_and_nothing_is_said_to_be_done(
    open_page, shared_engine: SearchEngine, monkeypatch
):
    shared_engine.tag([3], "lake")
    page = open_page(q="boat")
    page.choose(3)

    def full(*_: object) -> int:
        raise LibraryError(f"{Path('library.db')}: database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(SearchEngine, "untag", full)
        take_off(page, "lake")
    assert "disk is full" in page.app.error[0].value
    assert not page.has("tags_undo_bar")
    assert tags(shared_engine, 3) == ("lake",)
