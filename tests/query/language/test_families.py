"""What counts as an edit, and what it is about."""

import pytest

from engine.query.language.families import (
    FAMILIES,
    families_of,
    family_of,
    is_edit,
    names_attribute,
    phrase_of,
)


@pytest.mark.parametrize(
    ("text", "families", "phrase"),
    [
        ("navy", ("colour",), "in navy"),
        ("in navy", ("colour",), "in navy"),
        ("but in navy", ("colour",), "in navy"),
        ("The same, but red", ("colour",), "in red"),
        ("make it red", ("colour",), "in red"),
        ("red and leather", ("colour", "material"), "in red and leather"),
        ("at night", ("time",), "at night"),
        ("autumn", ("season",), "in autumn"),
        ("rain", ("weather",), "in rain weather"),
        ("for women", ("people",), "for women"),
        ("striped", ("pattern",), "striped"),
    ],
)
def test_words_of_a_family_alone(text: str, families: tuple[str, ...], phrase: str) -> None:
    assert families_of(text) == families
    assert phrase_of(text) == phrase
    assert is_edit(text)


@pytest.mark.parametrize(
    ("text", "is_one", "phrase"),
    [
        ("but with a hat", True, "with a hat"),
        ("the same but smaller", True, "smaller"),
        ("on a black background", False, "on a black background"),
        ("navy shirts", False, "navy shirts"),
        ("butter", False, "butter"),
        ("in the mountains", False, "in the mountains"),
        ("in", False, "in"),
        ("", False, ""),
        ("but", True, "but"),
        ("!?", False, "!?"),
    ],
)
def test_other_texts_are_edits_only_where_they_say_so(text: str, is_one: bool, phrase: str) -> None:
    assert is_edit(text) is is_one
    assert families_of(text) == ()
    assert phrase_of(text) == phrase


def test_every_word_has_one_family() -> None:
    words = [word for _, words in FAMILIES.values() for word in words]
    assert len(words) == len(set(words))
    assert family_of("Fall") == family_of("autumn") == "season"
    assert family_of("dog") is None


@pytest.mark.parametrize(
    ("text", "names"),
    [("a Navy shirt", True), ("beach at sunset", True), ("a dog on a sofa", False), ("", False)],
)
def test_texts_that_name_an_attribute(text: str, names: bool) -> None:
    assert names_attribute(text) == names
