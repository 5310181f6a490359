"""Texts of several parts: "red shoes with white laces" -> "red shoes", "white laces"."""

import re

from engine.query.language.families import family_of

_JOINTS = re.compile(
    r"\s*(?:,|;|\b(?:and|with|next to|beside|besides|behind|in front of|near|holding|wearing|"
    r"carrying|on top of|on|under|above|below|over|in|at|by|from|against|inside|through|along|"
    r"into|onto|while|as|to the left of|to the right of|left of|right of)\b)\s*",
    re.IGNORECASE,
)
_MERE = frozenset(
    ("a", "an", "the", "his", "her", "its", "their", "some", "two", "three", "four", "this",
     "that", "these", "those", "is", "are", "of", "to", "for")
)  # fmt: skip
_MIXED_UP = frozenset({"colour", "material", "pattern", "size"})
"""Families whose words can be given to the wrong one of two things."""


def parts_of(text: str) -> tuple[str, ...]:
    """Parts that say something, without articles: at least two, or none."""
    found = []
    for piece in _JOINTS.split(text):
        words = [word for word in re.findall(r"[\w'-]+", piece) if word.casefold() not in _MERE]
        if words:
            found.append(" ".join(words))
    return tuple(found) if len(found) > 1 else ()


def mixed_up(text: str, parts: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """The text, and the two of its parts whose attributes can be mixed up: as it is, and mixed up.

    "Red shoes with white laces" and "white shoes with red laces", "red shoes" and "white shoes",
    "white laces" and "red laces"; the first two parts that have different attributes of one
    family. Without such, nothing.
    """
    named = [(part, found) for part in parts if (found := _attribute(part))]
    for at, (part, (word, family)) in enumerate(named):
        for other_part, (other, other_family) in named[at + 1 :]:
            if family == other_family and word != other:
                return tuple(
                    (each, _exchanged(each, word, other)) for each in (text, part, other_part)
                )
    return ()


def _attribute(part: str) -> tuple[str, str] | None:
    """The attribute of a part that has one, and a thing beside it; and its family."""
    words = part.casefold().split()
    named = [(word, family) for word in words if (family := family_of(word)) in _MIXED_UP]
    return named[0] if len(named) == 1 and len(words) > 1 else None


def _exchanged(text: str, one: str, other: str) -> str:
    return re.sub(
        rf"\b({re.escape(one)}|{re.escape(other)})\b",
        lambda found: other if found[0].casefold() == one else one,
        text,
        flags=re.IGNORECASE,
    )
