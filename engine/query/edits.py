"""An example with an edit: "like this picture, but in navy".

The score is the example's, standardised, plus that of what the edit adds, standardised and times
`EDIT_WEIGHT`: text("a photo in navy") less the plain text. If the edit names a word of a family
(colours, seasons, ...), the plain text is the mean of all of the family ("a photo in some
colour"), and what the example says of the family is taken out of it: the span of the differences
of its words. Else the plain text is "a photo", and the example stays as it is.
"""

from collections.abc import Sequence

import numpy as np

from engine.query.encode import Encode, EncodedTerm
from engine.query.language.families import FAMILIES, PLAIN, families_of, is_edit, phrase_of
from engine.query.language.terms import Term
from engine.query.scores.statistics import LibraryStatistics, Vector

EDIT_WEIGHT = 0.75
"""Of an edit, against 1 for the example, where both have the same weight; docs/search.md."""


def with_edit(
    terms: Sequence[Term],
    encoded: Sequence[EncodedTerm],
    encode: Encode,
    library: LibraryStatistics,
) -> tuple[list[EncodedTerm], list[float]]:
    """The terms as they are ranked, and their weights, if the only wanted text is an edit.

    Without wanted pictures, with several texts, or a text that is a wish of its own, all stays.

    Args:
        terms: of one query.
        encoded: their vectors.
        encode: for texts.
        library: that is searched.
    """
    weights = [term.weight for term in terms]
    wanted = [(place, term) for place, term in enumerate(terms) if term.weight > 0]
    texts = [place for place, term in wanted if term.kind == "text"]
    pictures = [place for place, term in wanted if term.kind != "text"]
    if not pictures or len(texts) != 1:
        return list(encoded), weights
    term = terms[texts[0]]
    if term.others or not is_edit(term.text):
        return list(encoded), weights
    families = families_of(term.text)
    spans = [_span(name, encode) for name in families]
    wish, plain = encode([f"{PLAIN} {phrase_of(term.text)}", PLAIN])
    without = np.stack([middle for _, middle in spans] or [plain]).mean(axis=0)
    changed = list(encoded)
    changed[texts[0]] = EncodedTerm(encoded[texts[0]].own, np.asarray(wish - without)[None])
    weights[texts[0]] *= EDIT_WEIGHT
    for place in pictures if spans else ():
        own = encoded[place].own
        changed[place] = EncodedTerm(own, _without(own - library.mean, spans))
    return changed, weights


def _span(family: str, encode: Encode) -> tuple[Vector, Vector]:
    """Orthonormal rows that span the differences of the family's words, and their mean."""
    form, words = FAMILIES[family]
    rows = encode([f"{PLAIN} {form.format(word)}" for word in words])
    middle = rows.mean(axis=0)
    return np.linalg.svd(rows - middle, full_matrices=False)[2][: len(rows) - 1], middle


def _without(rows: Vector, spans: Sequence[tuple[Vector, Vector]]) -> Vector:
    for span, _ in spans:
        rows = np.asarray(rows - rows @ span.T @ span, dtype=np.float32)
    return rows
