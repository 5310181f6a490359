"""Parts of a text, and what can be mixed up between them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.query.language.compositional import mixed_up, parts_of


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("red shoes with white laces", ("red shoes", "white laces")),
        ("a red mug next to the blue book", ("red mug", "blue book")),
        ("a dog, a cat and two birds on a sofa", ("dog", "cat", "birds", "sofa")),
        ("red shoes", ()),
        ("with a hat", ()),
        ("andrea without armour", ()),
        ("", ()),
    ],
)
def test_parts(text: str, parts: tuple[str, ...]) -> None:
    assert parts_of(text) == parts


@pytest.mark.parametrize(
    ("text", "mixed"),
    [
        (
            "Red shoes with white laces",
            (
                ("Red shoes with white laces", "white shoes with red laces"),
                ("Red shoes", "white shoes"),
                ("white laces", "red laces"),
            ),
        ),
        ("red shoes with red laces", ()),
        ("red shoes with leather laces", ()),
        ("red and white shoes", ()),
        ("a red shoe in the sun", ()),
        ("a big red white flag and a blue sky", ()),
    ],
)
def test_attributes_that_can_be_mixed_up(text: str, mixed: tuple[tuple[str, str], ...]) -> None:
    assert mixed_up(text, parts_of(text)) == mixed


@given(st.text(max_size=60))
def test_any_text_can_be_taken_apart(text: str) -> None:
    parts = parts_of(text)
    assert len(parts) != 1
    assert all(part.strip() for part in parts)
    assert len(mixed_up(text, parts)) in (0, 3)
