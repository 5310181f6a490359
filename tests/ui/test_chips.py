from engine import SearchEngine
from ui.text import file_name


def test_a_picture_of_the_library_is_shown_and_removed(open_page, shared_engine: SearchEngine):
    record = shared_engine.image(3)
    page = open_page(q="boat", like="3", w="0.8")
    assert file_name(record.path) in [text.value for text in page.app.text]
    page.press("remove_like")
    assert page.params == {"q": "boat"}
    assert not page.has("remove_like")


def test_removing_one_picture_keeps_the_other(open_page, shared_engine: SearchEngine):
    example = shared_engine.save_example(shared_engine.image(5).path)
    page = open_page(example=example, like="3")
    page.press("remove_example")
    assert page.params == {"like": "3"}
    assert page.ids[0] == 3


def test_without_pictures_there_are_no_chips(filled, open_page):
    page = open_page(q="boat")
    assert not page.has("remove_like")
    assert not page.has("remove_example")


def test_the_parts_of_a_text_are_shown_and_removed(filled, open_page):
    page = open_page(q="a beach without dogs, boats^2")
    shown = [text.value for text in page.app.text]
    assert {"a beach", "dogs", "boats"} <= set(shown)
    titles = {element.value.strip("*") for element in page.app.markdown}
    assert {"Wanted", "Without", "Wanted, 2 times"} <= titles
    page.press("remove_words_0")
    assert page.params == {"q": '"boats"^2 -"dogs"'}
    page.press("remove_words_1")
    assert page.params == {"q": '"boats"^2'}
    assert not page.has("remove_words_0")


def test_filters_are_shown_and_removed(filled, open_page):
    page = open_page(q="boats orientation:square -color:red")
    shown = [text.value for text in page.app.text]
    assert {"boats", "orientation:square", "-color:red"} <= set(shown)
    page.press("remove_filter_0")
    assert page.params == {"q": "-color:red boats"}
    page.press("remove_filter_0")
    assert page.params == {"q": "boats"}
    assert not page.has("remove_words_0")


def test_plain_words_have_no_chips(filled, open_page):
    assert not open_page(q="a beach, and boats").has("remove_words_0")
