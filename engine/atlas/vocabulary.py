"""The words that clusters of a library may be called by."""

import re
from collections.abc import Iterable

from engine.atlas.concepts import CONCEPTS
from engine.library import Library

_PLAIN = re.compile(r"[^\W\d_]+(?:[ '-][^\W\d_]+){0,2}")
"""One to three words, without signs that mean something in a search."""

_LONGEST = 30  # characters
_ASKED = 200
_IMPORTED = 500


def vocabulary(library: Library) -> list[str]:
    """Everyday words, what was imported about several images, and what people searched for."""
    imported = library.attributes.frequent(_IMPORTED)
    return plain_words([*CONCEPTS, *imported, *library.asked.latest(_ASKED)])


def plain_words(texts: Iterable[str]) -> list[str]:
    """Those of up to three plain words, each once, whatever its case."""
    found: dict[str, str] = {}
    for text in texts:
        if len(text) <= _LONGEST and _PLAIN.fullmatch(text):
            found.setdefault(text.casefold(), text)
    return list(found.values())
