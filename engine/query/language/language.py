"""The language of the search box: plain words first, with a few signs for those who want them.

    red shoes without laces        what follows "without", "no", "not", "except" is not wanted
    beach -people -"parked cars"   nor is what has a minus
    sunset^2 boats^0.5             weights
    (cat OR dog) on a sofa         either
    "no smoking" sign              in quotes nothing has a meaning of its own
    after:2023-06 camera:Pixel     filters, see `engine.query.language.filter_language`

Nothing is an error: what makes no sense as a sign is searched as the words that it is.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from engine.query.language.filter_language import filter_text, take_filters
from engine.query.language.terms import HEAVIEST, Query, Term

MOST_ALTERNATIVES = 8
"""Of one term; each is embedded and looked for."""

_LIGHTEST = 0.01
_TOKEN = re.compile(
    r"""(?P<sign>(?<!\S)-(?=["(\w]))?
        (?: "(?P<quoted>[^"]*)" | \((?P<group>[^()"]*)\) | (?P<word>[^\s,;()"]+) )
        (?: (?<=[")])\^(?P<weight>\d+(?:\.\d+)?|\.\d+)(?!\S) )?
      | (?P<mark>[,;()"])""",
    re.VERBOSE,
)
_OR = re.compile(r"(?<!\S)OR(?!\S)")
_SAYS = re.compile(r"\w|[^\x00-\x7f]")  # also pictograms
_BRACKET = re.compile(r"[()\"]")
_WEIGHTED = re.compile(r"(.+)\^(\d+(?:\.\d+)?|\.\d+)")

_LONGEST = 12
"""Words of a question; in a longer text, a description, "no" and "without" are mere words."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NEGATIONS = _words("without no not except excluding minus isn't aren't hasn't haven't lacking")
_BEFORE = _words("with but and or is are has have having there's that which does did wearing")
"""Words that only lead up to a negation: "a beach with no people", "a man who is not smiling"."""

_AFTER = _words("a an the any his her its their")
_DETERMINERS = _words("a an the some his her its their this that these those")
"""With these another thing begins: "a man with no shirt climbs the rock"."""

_JOINING = _words("or and nor")
_ENDING = _words(
    "in on at near under behind beside during inside outside over above below with wearing while "
    "but next from against between through is are was were while as to who that which"
)
"""Words with which something wanted begins again: "a dog without a leash on a beach"."""

_SIGNS = _words("sign signs symbol symbols notice entry")
"""What is forbidden is what these show: "a no parking sign" has no parking in it."""


@dataclass(frozen=True)
class _Piece:
    """A word, or what stands in quotes or brackets.

    Attributes:
        alternatives: texts; one, but for brackets with OR.
        is_plain: a bare word, which may be a word of the language.
        is_bare: as good as bare words: brackets around nothing but words.
        weight: as written; None without.
        is_unwanted: has a minus.
        is_mark: a sign between words, which ends what a negation reaches.
    """

    alternatives: tuple[str, ...]
    is_plain: bool = False
    is_bare: bool = False
    weight: float | None = None
    is_unwanted: bool = False
    is_mark: bool = False

    @property
    def word(self) -> str:
        """What a bare word says; else empty."""
        return self.alternatives[0].casefold() if self.is_plain else ""


def parse_query(text: str, columns: Collection[str] = ()) -> Query:
    """What a text asks for.

    All plain words together are one term. An empty text asks for nothing: the query has no terms.

    Args:
        text: whatever was typed.
        columns: names of imported columns, which are filters, too.
    """
    words, filters = take_filters(text, columns)
    return replace(_terms(words), filters=filters)


def _terms(text: str) -> Query:
    pieces = list(_negated(_pieces(text)))
    if all(piece.is_mark or (piece.is_bare and not _is_or(piece)) for piece in pieces):
        return Query(tuple(_as_it_is(text)))
    wanted: list[_Piece] = []
    weighted: list[Term] = []
    unwanted: list[Term] = []
    for piece in pieces:
        if piece.is_unwanted:
            unwanted += _term(_product([piece]), -(piece.weight or 1.0))
        elif piece.weight is not None and piece.weight != 1:
            weighted += _term(_product([piece]), piece.weight)
        else:
            wanted.append(piece)
    found = dict.fromkeys([*_either(wanted), *weighted, *unwanted])
    return Query(tuple(found or _as_it_is(text)))


def query_text(query: Query, columns: Collection[str] = ()) -> str:
    """The text that `parse_query` reads as words and filters of a query; pictures are left out.

    Args:
        query: that was asked.
        columns: as they will be given to `parse_query`.
    """
    terms = [term for term in query.terms if term.kind == "text"]
    others = ' -"others"' if len(terms) > 1 else ""
    words = [_written(term, others, columns) for term in terms]
    # Filters come first: a sign of the words, such as a lone quote, could reach into them.
    return " ".join([*map(filter_text, query.filters), *words])


def _written(term: Term, others: str, columns: Collection[str]) -> str:
    """A term, in front of `others`."""
    sign = "-" if term.weight < 0 else ""
    strength = "" if abs(term.weight) == 1 else f"^{abs(term.weight):g}"
    if term.others:
        return f"{sign}({' OR '.join(term.texts)}){strength}"
    if term.weight == 1:
        bare = parse_query(term.text + others, columns)
        if bare.terms[:1] == (term,) and not bare.filters:
            return term.text
    return f'{sign}"{term.text}"{strength}'


def _pieces(text: str) -> Iterator[_Piece]:
    for found in _TOKEN.finditer(text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")):
        if found["mark"]:
            yield _Piece((found["mark"],), is_mark=True)
            continue
        is_unwanted = bool(found["sign"])
        weight = _weight(found["weight"])
        if found["word"] is not None:
            word = found["word"]
            if (split := _WEIGHTED.fullmatch(word)) and _weight(split[2]):
                word, weight = split[1], _weight(split[2])
            is_plain = not is_unwanted and weight is None
            yield _Piece((word,), is_plain, is_plain, weight, is_unwanted)
        elif found["quoted"] is not None:
            if words := _clean(found["quoted"]):
                yield _Piece((words,), weight=weight, is_unwanted=is_unwanted)
        elif alternatives := _alternatives(found["group"]):
            is_bare = not (is_unwanted or weight or _OR.search(found["group"]))
            yield _Piece(alternatives, False, is_bare, weight, is_unwanted)


def _negated(pieces: Iterable[_Piece]) -> Iterator[_Piece]:
    """What a negation reaches becomes one unwanted piece; all others stay."""
    rest = list(pieces)
    is_short = len(rest) <= _LONGEST
    kept: list[_Piece] = []
    at = 0
    while at < len(rest):
        reach = _reach(rest, at) if is_short else 0
        if not reach:
            kept.append(rest[at])
            at += 1
            continue
        while kept and kept[-1].word in _BEFORE:
            kept.pop()
        kept += _unwanted(rest[at + 1 : reach])
        at = reach
    yield from kept


def _reach(pieces: Sequence[_Piece], at: int) -> int:
    """Where that ends which the negation at a place reaches; 0 if there is none."""
    if pieces[at].word not in _NEGATIONS or (at and pieces[at - 1].word == "do"):
        return 0
    end = at + 1
    while end < len(pieces) and not _ends(pieces[end]):
        if pieces[end].word in _DETERMINERS and not _begins(pieces[at + 1 : end]):
            break
        end += 1
    reached = [piece for piece in pieces[at + 1 : end] if piece.word not in _AFTER | _JOINING]
    is_shown = any(piece.word in _SIGNS for piece in reached)
    return 0 if is_shown or not any(map(_says, reached)) else end


def _is_or(piece: _Piece) -> bool:
    return piece.is_plain and bool(_OR.fullmatch(piece.alternatives[0]))


def _begins(reached: Sequence[_Piece]) -> bool:
    """Whether a thing begins after these: nothing was named yet, or "or" has just been said."""
    return all(piece.word in _AFTER for piece in reached) or reached[-1].word in _JOINING


def _ends(piece: _Piece) -> bool:
    is_sign = piece.is_mark or piece.is_unwanted or piece.weight is not None
    return is_sign or piece.word in _ENDING | _NEGATIONS or _is_or(piece)


def _unwanted(pieces: Sequence[_Piece]) -> Iterator[_Piece]:
    """One piece for each thing: "cars or people"."""
    run: list[_Piece] = []
    for piece in [*pieces, None]:
        if piece is not None and piece.word not in _JOINING:
            if run or piece.word not in _AFTER:
                run.append(piece)
        elif run:
            texts = _product(run)
            yield _Piece(texts, is_unwanted=True)
            run = []


def _as_it_is(text: str) -> list[Term]:
    """With its commas and whatever else is in it."""
    return [Term("text", text=_clean(text))] if text.strip() else []


def _either(pieces: Sequence[_Piece]) -> list[Term]:
    """The term of all that is wanted; `OR` outside of brackets parts it in two."""
    sides: list[list[_Piece]] = [[]]
    for piece in pieces:
        if _is_or(piece):
            sides.append([])
        else:
            sides[-1].append(piece)
    texts = [text for side in sides for text in _product([p for p in side if not p.is_mark])]
    return _term(texts)


def _term(texts: Iterable[str], weight: float = 1.0) -> list[Term]:
    """No term where nothing is said."""
    said = list(dict.fromkeys(text for text in texts if _SAYS.search(text)))
    if not said:
        return []
    if len(said) > 1:  # as they can be written down: in brackets, with OR between them
        said = list(dict.fromkeys(_OR.sub("or", _clean(_BRACKET.sub(" ", text))) for text in said))
    first, *others = said[:MOST_ALTERNATIVES]
    return [Term("text", weight, text=first, others=tuple(others))]


def _product(pieces: Sequence[_Piece]) -> tuple[str, ...]:
    """Every text that the pieces stand for."""
    count = 1
    choices = []
    for piece in pieces:
        fits = count * len(piece.alternatives) <= MOST_ALTERNATIVES
        choices.append(piece.alternatives if fits else (" ".join(piece.alternatives),))
        count *= len(choices[-1])
    return tuple(" ".join(texts) for texts in product(*choices)) if choices else ()


def _alternatives(group: str) -> tuple[str, ...]:
    texts = _OR.split(group)
    return tuple(dict.fromkeys(text for text in map(_clean, texts) if text))


def _says(piece: _Piece) -> bool:
    return any(_SAYS.search(text) for text in piece.alternatives)


def _clean(text: str) -> str:
    return " ".join(text.split())


def _weight(digits: str | None) -> float | None:
    if digits is None:
        return None
    weight = float(digits)
    return weight if _LIGHTEST <= weight <= HEAVIEST else None
