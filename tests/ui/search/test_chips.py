import pytest
from PIL import Image

from engine import SearchEngine
from ui.text import code, file_name


@pytest.fixture
def example(shared_engine: SearchEngine) -> str:
    return shared_engine.save_example(Image.new("RGB", (64, 64), "red"))


def test_a_picture_of_the_library_is_shown_and_removed(open_page, shared_engine: SearchEngine):
    record = shared_engine.image(3)
    page = open_page(q="boat", like="3", w="0.8")
    assert f":material/image: {code(file_name(record.path))}" in page.popovers
    page.press("remove_like_3")
    assert page.params == {"q": "boat"}
    assert not page.has("remove_like_3")


def test_removing_one_picture_keeps_the_others(open_page, example: str):
    page = open_page(example=example, like=["3", "4"], unlike="5")
    page.press(f"remove_example_{example}")
    page.press("remove_like_4")
    assert page.params == {"like": "3", "unlike": "5"}
    assert page.ids[0] == 3


def test_a_picture_is_turned_around_and_back(filled, open_page):
    page = open_page(q="boat", like="3")
    assert page.ids.index(3) < 20
    page.pick("sign_like_3", "Without")
    assert page.params == {"q": "boat", "unlike": "3"}
    assert page.ids.index(3) > 20
    assert any(label.startswith(":material/block:") for label in page.popovers)
    page.pick("sign_like_3", "Wanted")
    assert page.params == {"q": "boat", "like": "3"}


def test_an_example_is_turned_around(open_page, example: str):
    page = open_page(q="boat", example=example)
    assert ":material/image: `your picture`" in page.popovers
    page.pick(f"sign_example_{example}", "Without")
    assert page.params == {"q": "boat", "unexample": example}


def test_without_pictures_there_are_no_chips(filled, open_page):
    assert open_page(q="boat").popovers == ["View"]


def test_the_parts_of_a_text_are_shown_and_removed(filled, open_page):
    page = open_page(q="a beach without dogs, boats^2")
    assert page.popovers[:3] == [
        ":material/check: `a beach`",
        ":material/check: `boats` **x 2**",
        ":material/block: `dogs`",
    ]
    page.press("remove_words_0")
    assert page.params == {"q": '"boats"^2 -"dogs"'}
    page.press("remove_words_1")
    assert page.params == {"q": '"boats"^2'}
    assert not page.has("remove_words_0")


def test_a_weight_is_written_into_the_text(filled, open_page):
    page = open_page(q="a beach, boats^3")
    page.pick("weight_words_1", 2.0)
    assert page.params == {"q": 'a beach "boats"^2'}
    assert page.app.text_input(key="q").value == 'a beach "boats"^2'
    assert ":material/check: `boats` **x 2**" in page.popovers
    page.pick("weight_words_1", 1.0)
    assert page.params == {"q": "a beach boats"}  # words that count the same are one description


def test_a_weight_that_the_slider_does_not_offer_is_shown(filled, open_page):
    page = open_page(q="a beach, boats^0.7")
    slider = page.app.select_slider(key="weight_words_1")
    assert slider.value == 0.7
    assert slider.options.count("x 0.7") == 1


def test_words_are_turned_around_and_keep_their_weight(filled, open_page):
    page = open_page(q="a beach -dogs^2")
    page.pick("sign_words_1", "Wanted")
    page.pick("sign_words_0", "Without")
    terms = open_page(**page.params).popovers
    assert ":material/block: `a beach`" in terms
    assert ":material/check: `dogs` **x 2**" in terms


def test_an_unwanted_weight_stays_unwanted(filled, open_page):
    page = open_page(q="a beach -dogs")
    page.pick("weight_words_1", 3.0)
    assert page.params == {"q": 'a beach -"dogs"^3'}


def test_filters_are_shown_and_removed(filled, open_page):
    page = open_page(q="boats orientation:square -color:red")
    assert page.popovers[:3] == [
        ":material/check: `boats`",
        ":material/filter_alt: `orientation:square`",
        ":material/filter_alt: `-color:red`",
    ]
    page.press("remove_filter_0")
    assert page.params == {"q": "-color:red boats"}
    page.press("remove_filter_0")
    assert page.params == {"q": "boats"}
    assert not page.has("remove_words_0")


def test_plain_words_have_no_chips(filled, open_page):
    assert not open_page(q="a beach, and boats").has("remove_words_0")
    assert open_page(q="shoes -laces").has("remove_words_1")
