import pytest

from training import captions, vocabulary

SHOE = {
    "captions": ["Acme Men Rover Black Shoes"],
    "gender": "Men",
    "articleType": "Casual Shoes",
    "baseColour": "Black",
    "season": "Summer",
    "usage": "Casual",
}


def test_fashion_sentences_say_colour_kind_and_wearer():
    long, short = captions.of_fashion(SHOE)
    assert long[0] == "Acme Men Rover Black Shoes"
    assert "a pair of black casual shoes for men" in long
    assert {"shoes", "black shoes", "men's black sneakers"} <= set(short)
    assert len(set(long)) == len(long)
    assert len(set(short)) == len(short)


def test_fashion_without_a_colour_or_usage_leaves_no_gap():
    long, short = captions.of_fashion(SHOE | {"baseColour": "NA", "usage": "NA"})
    assert "a pair of shoes for men" in long
    assert all(text == text.strip() and "  " not in text for text in long + short)
    assert not any("na" in text.lower().split() for text in long + short)


def test_other_names_of_a_colour_are_used():
    _, short = captions.of_fashion(SHOE | {"baseColour": "Navy Blue"})
    assert {"navy blue shoes", "dark blue shoes"} <= set(short)


@pytest.mark.parametrize(
    ("noun", "sentence"),
    [
        ("shirt", "a shirt"),
        ("orange dress", "an orange dress"),
        ("red shoes", "a pair of red shoes"),
        ("black pants", "a pair of black pants"),
        ("pair of shoes", "a pair of shoes"),
    ],
)
def test_article(noun, sentence):
    assert captions.article(noun) == sentence


def test_phrases_are_what_stands_between_function_words():
    found = captions.phrases("A little girl in a pink dress is climbing up a set of stairs")
    assert {"little girl", "girl", "pink dress", "dress", "stairs"} <= set(found)
    assert "in" not in found


def test_phrases_leave_long_runs_out():
    assert captions.phrases("big old rusty red truck") == []


def test_content_ignores_number_and_function_words():
    assert captions.content("a pair of red shoes") == captions.content("pair red shoe")
    assert captions.content("the dress") == {"dress"}
    assert captions.content("on the") == frozenset()


def test_grocery_names_the_group_when_the_label_does_not():
    _, short = captions.of_grocery("Golden-Delicious", "Apple")
    assert short == ["golden delicious apple", "golden delicious", "apple"]
    _, short = captions.of_grocery("Carrots", "Carrots")
    assert short == ["carrots"]


def test_class_sentences_use_every_synonym():
    long, short = captions.of_class("tench, Tinca tinca")
    assert short == ["tench", "tinca tinca"]
    assert long == ["a photo of a tench", "a picture of a tinca tinca"]


def test_every_clothing_label_has_sentences():
    for label in vocabulary.CLOTHING:
        long, short = captions.of_clothing(label, kids=True)
        assert long
        assert any("kid" in text for text in short)
