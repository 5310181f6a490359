import pytest

from engine import Query, SearchEngine


def test_a_thumb_down_hides_at_once_and_for_every_later_visitor(filled, open_page):
    page = open_page(q="boat")
    bad = page.ids[0]
    page.act("down", bad)
    assert bad not in page.ids
    assert "1 picture hidden by your thumbs down" in page.words
    later = open_page(q="boat")
    assert bad not in later.ids
    assert "1 picture hidden by your thumbs down" in later.words
    assert bad in open_page(q="house").ids


def test_a_thumb_up_shows_and_a_second_press_takes_it_back(open_page, shared_engine: SearchEngine):
    page = open_page(q="boat")
    good = page.ids[3]
    page.act("up", good)
    assert [hit["id"] for hit in page.hits if hit["mark"] == 1] == [good]
    assert shared_engine.marks(Query.text("boat")) == {good: 1}
    assert "ordered by your thumbs" in page.words
    page.act("up", good)
    assert not any(hit["mark"] for hit in page.hits)
    assert shared_engine.marks(Query.text("boat")) == {}


def test_thumbs_do_not_depend_on_the_balance(filled, open_page):
    page = open_page(q="boat", like="2", w="0.3")
    bad = page.ids[0]
    page.act("down", bad)
    assert bad not in open_page(q="boat", like="2", w="0.7").ids


def test_every_thumb_can_be_undone_the_last_one_first(filled, open_page):
    page = open_page(q="boat")
    before = page.ids
    first, second, good = page.ids[:3]
    page.act("down", first)
    page.act("down", second)
    page.act("up", good)
    page.press("undo")
    assert not any(hit["mark"] for hit in page.hits)
    assert first not in page.ids
    assert second not in page.ids
    page.press("undo")
    assert second in page.ids
    assert "1 picture hidden" in page.words
    page.press("undo")
    assert page.ids == before
    assert not page.has("undo")
    assert "hidden" not in page.words


def test_a_thumb_that_was_taken_back_can_be_given_again(open_page, shared_engine: SearchEngine):
    page = open_page(q="boat")
    good = page.ids[3]
    page.act("up", good)
    page.act("up", good)
    page.press("undo")
    assert shared_engine.marks(Query.text("boat")) == {good: 1}
    page.press("undo")
    assert shared_engine.marks(Query.text("boat")) == {}


def test_a_thumb_of_the_window_can_be_undone(open_page, shared_engine: SearchEngine):
    page = open_page(q="boat", view="3")
    page.press("viewer_up")
    assert shared_engine.marks(Query.text("boat")) == {3: 1}
    page.press("undo")
    assert shared_engine.marks(Query.text("boat")) == {}


def test_undo_is_for_the_search_and_the_visitor_that_gave_the_thumb(filled, open_page):
    page = open_page(q="boat")
    page.act("down", page.ids[0])
    assert not open_page(q="boat").has("undo")
    page.enter("q", "house")
    assert not page.has("undo")
    page.enter("q", "boat")
    assert page.has("undo")


def test_all_thumbs_of_a_search_can_be_reset(open_page, shared_engine: SearchEngine):
    page = open_page(q="boat")
    before = page.ids
    page.act("up", before[1])
    page.act("down", before[0])
    page.press("reset")
    assert page.ids == before
    assert "hidden" not in page.words
    assert not page.has("undo")
    assert shared_engine.marks(Query.text("boat")) == {}


def test_nothing_is_left_after_thumbs_down_for_all(open_page, shared_engine: SearchEngine):
    for image_id in range(1, 41):
        shared_engine.mark(Query.text("boat"), image_id, -1)
    page = open_page(q="boat")
    assert page.ids == []
    assert "all pictures are hidden by your thumbs down" in page.words
    page.press("reset")
    assert len(page.ids) == 40


@pytest.mark.parametrize("value", ["1", "true", "YES"])
def test_who_may_only_look_changes_no_thumbs(
    open_page, shared_engine: SearchEngine, monkeypatch, value: str
):
    shared_engine.mark(Query.text("boat"), 3, -1)
    monkeypatch.setenv("VISUAL_SEARCH_READ_ONLY", value)
    page = open_page(q="boat")
    assert not page.gallery()["canMark"]
    page.act("up", page.ids[0])
    page.act("down", page.ids[0])
    assert shared_engine.marks(Query.text("boat")) == {3: -1}
    assert "1 picture hidden" in page.words
    assert not page.has("undo")
    assert not page.has("reset")
    page.act("open", page.ids[0])
    assert page.has("viewer_more")
    assert not page.has("viewer_up")


def test_where_nothing_is_asked_there_are_no_thumbs(filled, open_page):
    assert not open_page(q="orientation:square").gallery()["canMark"]
    assert open_page(q="boat").gallery()["canMark"]


def test_more_like_this_adds_the_picture_to_the_search(filled, open_page):
    page = open_page(q="boat")
    chosen = page.ids[5]
    page.act("more", chosen)
    assert page.params == {"q": "boat", "like": str(chosen)}
    assert page.has(f"remove_like_{chosen}")
    assert page.app.slider(key="w").value == 50


def test_more_like_another_searches_with_both(filled, open_page):
    page = open_page(like="1")
    assert page.ids[0] == 1
    chosen = page.ids[1]
    page.act("more", chosen)
    assert page.params == {"like": f"1,{chosen}"}
    assert set(page.ids[:2]) == {1, chosen}


def test_less_like_this_pushes_the_picture_away(filled, open_page):
    page = open_page(q="boat")
    chosen = page.ids[0]
    page.act("less", chosen)
    assert page.params == {"q": "boat", "unlike": str(chosen)}
    assert page.ids.index(chosen) > 20
