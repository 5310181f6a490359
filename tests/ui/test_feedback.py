from engine import Query, SearchEngine


def test_a_thumb_down_hides_at_once_and_for_every_later_visitor(filled, open_page):
    page = open_page(q="boat")
    bad = page.ids[0]
    page.press(f"down_{bad}")
    assert bad not in page.ids
    assert "1 image hidden by your thumbs down" in page.words
    later = open_page(q="boat")
    assert bad not in later.ids
    assert "1 image hidden by your thumbs down" in later.words
    assert bad in open_page(q="house", n="48").ids


def test_a_thumb_up_shows_and_a_second_press_takes_it_back(open_page, shared_engine: SearchEngine):
    page = open_page(q="boat")
    good = page.ids[3]
    assert page.app.button(key=f"up_{good}").proto.type == "tertiary"
    page.press(f"up_{good}")
    assert page.app.button(key=f"up_{good}").proto.type == "primary"
    assert shared_engine.marks(Query.text("boat")) == {good: 1}
    assert "liked" in page.words
    page.press(f"up_{good}")
    assert page.app.button(key=f"up_{good}").proto.type == "tertiary"
    assert shared_engine.marks(Query.text("boat")) == {}


def test_thumbs_do_not_depend_on_the_balance(filled, open_page):
    page = open_page(q="boat", like="2", w="0.3")
    bad = page.ids[0]
    page.press(f"down_{bad}")
    assert bad not in open_page(q="boat", like="2", w="0.7").ids


def test_the_last_thumb_down_can_be_undone(filled, open_page):
    page = open_page(q="boat")
    first, second = page.ids[:2]
    page.press(f"down_{first}")
    page.press(f"down_{second}")
    page.press("undo")
    assert second in page.ids
    assert first not in page.ids
    assert not page.has("undo")
    assert "1 image hidden" in page.words


def test_all_thumbs_of_a_search_can_be_reset(open_page, shared_engine: SearchEngine):
    page = open_page(q="boat")
    before = page.ids
    page.press(f"up_{before[1]}")
    page.press(f"down_{before[0]}")
    page.press("reset")
    assert page.ids == before
    assert "hidden" not in page.words
    assert shared_engine.marks(Query.text("boat")) == {}


def test_nothing_is_left_after_thumbs_down_for_all(open_page, shared_engine: SearchEngine):
    for image_id in range(1, 41):
        shared_engine.mark(Query.text("boat"), image_id, -1)
    page = open_page(q="boat")
    assert page.ids == []
    assert "all images are hidden by your thumbs down" in page.words
    page.press("reset")
    assert len(page.ids) == 24


def test_more_like_this_adds_the_picture_to_the_search(filled, open_page):
    page = open_page(q="boat", n="48")
    chosen = page.ids[5]
    page.press(f"more_{chosen}")
    assert page.params == {"q": "boat", "like": str(chosen)}
    assert page.has("remove_like")
    assert page.app.slider(key="w").value == 50


def test_more_like_another_takes_its_place(filled, open_page):
    page = open_page(like="1")
    assert page.ids[0] == 1
    chosen = page.ids[1]
    page.press(f"more_{chosen}")
    assert page.params == {"like": str(chosen)}
    assert page.ids[0] == chosen
