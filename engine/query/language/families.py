"""Families of words of which a thing has one: a colour, a material, a season."""

import re

PLAIN = "a photo"
"""What is said of any picture; other words are added to it."""

FAMILIES: dict[str, tuple[str, tuple[str, ...]]] = {
    name: (form, tuple(words.split()))
    for name, form, words in (
        ("colour", "in {}", "red orange yellow green blue purple pink brown black white grey "
         "turquoise navy beige olive maroon gold silver"),
        ("material", "made of {}", "leather wood metal glass plastic cotton wool denim paper "
         "stone"),
        ("pattern", "{}", "plain striped checked dotted floral printed patterned"),
        ("season", "in {}", "spring summer autumn winter"),
        ("time", "at {}", "night day sunset dawn noon evening morning"),
        ("weather", "in {} weather", "sunny rainy snowy foggy cloudy stormy"),
        ("people", "for {}", "men women boys girls children babies"),
        ("size", "{}", "small large tiny huge"),
    )
}  # fmt: skip
"""How a word is said of something, and the words."""

_OTHER_NAMES = {
    "gray": "grey", "fall": "autumn", "male": "men", "female": "women", "man": "men",
    "woman": "women", "kids": "children", "wooden": "wood", "golden": "gold", "stripes": "striped",
    "dots": "dotted", "flowers": "floral", "snow": "snowy", "rain": "rainy", "fog": "foggy",
}  # fmt: skip
_MERE = frozenset(["of", "the", "a", "an", "and", "colour", "color", "weather"])
_LEAD = re.compile(r"^(?:(?:but|and|just|only|the same|same|make it)\b[\s,]*)+", re.IGNORECASE)
_BUT = re.compile(r"^(?:the same|same)?[\s,]*but\b", re.IGNORECASE)
_JOINT = re.compile(
    r"^(?:in|with|at|on|for|from|made|of|without|by|as|during|under)\b", re.IGNORECASE
)


def family_of(word: str) -> str | None:
    """The family of one word."""
    return _OWNERS.get(word.casefold())


def names_attribute(text: str) -> bool:
    """Whether any of its words is of a family."""
    return any(family_of(word) for word in re.findall(r"[^\W\d_]+", text))


def families_of(edit: str) -> tuple[str, ...]:
    """The families of an edit's words, if it says nothing else.

    "In navy" is a colour, "on a black background" is not.
    """
    bare = _JOINT.sub("", _LEAD.sub("", edit.strip().casefold())).strip()
    words = [word for word in re.findall(r"[^\W\d_]+", bare) if word not in _MERE]
    found = [family_of(word) for word in words]
    return tuple(dict.fromkeys(name for name in found if name)) if all(found) else ()


def is_edit(text: str) -> bool:
    """Whether a text beside a picture says what shall be different: "but in red", "navy"."""
    return bool(_BUT.match(text.strip()) or families_of(text))


def phrase_of(edit: str) -> str:
    """ "But in navy", "in navy" and "navy" as "in navy"; another edit without its lead."""
    rest = _LEAD.sub("", edit.strip()).strip() or edit.strip()
    if _JOINT.match(rest) or not (found := families_of(rest)):
        return rest
    return FAMILIES[found[0]][0].format(rest)


_OWNERS = {word: name for name, (_, words) in FAMILIES.items() for word in words}
_OWNERS |= {other: _OWNERS[word] for other, word in _OTHER_NAMES.items()}
