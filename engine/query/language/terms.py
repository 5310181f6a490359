"""What a person asks for: `Query`, made of weighted `Term`s."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from os import PathLike, fspath
from typing import Literal

from PIL import Image

from engine.encoder import ImageError, ImageSource, read_bytes
from engine.metadata import Where

TermKind = Literal["text", "image", "like"]
HEAVIEST = 100.0


class QueryError(Exception):
    """A query that cannot be answered; the message quotes the part that is wrong."""


@dataclass(frozen=True)
class Term:
    """One part of a query.

    Attributes:
        kind: `text`, `image` (an example from outside) or `like` (an image of the library).
        weight: influence against the other terms; negative pushes away.
        text: for `text`.
        image: for `image`: a path, an http(s) address, the bytes of a file, or a Pillow image.
        image_id: for `like`.
        others: of `text`: other texts, any of which will do as well.
    """

    kind: TermKind
    weight: float = 1.0
    text: str = ""
    image: ImageSource | None = None
    image_id: int = -1
    others: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 0 < abs(self.weight) <= HEAVIEST:  # also not for nan
            raise QueryError(
                f"weight {self.weight} of {self.label!r}: use -{HEAVIEST:g} to {HEAVIEST:g}, not 0"
            )
        if self.kind == "text" and not all(text.strip() for text in self.texts):
            raise QueryError(f"a text term is empty: {self.label!r}")

    @property
    def texts(self) -> tuple[str, ...]:
        """All texts of a `text` term."""
        return (self.text, *self.others)

    @property
    def label(self) -> str:
        """What to call the term in front of people."""
        if self.kind == "text":
            return " OR ".join(self.texts)
        if self.kind == "like":
            return f"image {self.image_id}"
        return fspath(self.image) if isinstance(self.image, str | PathLike) else "example image"

    def identity(self) -> str:
        """Stays the same for the same question, also if the example's file has moved."""
        sign = "-" if self.weight < 0 else "+"
        return f"{sign}{self.kind}:{self._content()}"

    def _content(self) -> str:
        if self.kind == "text":
            return "|".join(sorted(map(folded, self.texts)))
        if self.kind == "like":
            return str(self.image_id)
        if isinstance(self.image, Image.Image):
            return hashlib.sha256(self.image.tobytes()).hexdigest()
        if isinstance(self.image, bytes):
            return hashlib.sha256(self.image).hexdigest()
        if self.image is None or is_address(self.image):
            return str(self.image)
        try:
            return hashlib.sha256(read_bytes(self.image)).hexdigest()
        except ImageError as error:
            raise ImageError(f"{self.label}: {error}") from error


@dataclass(frozen=True)
class Query:
    """Terms, filters and marks. Immutable: every method gives a new query.

    `Query.text("red shoes").and_image("shoe.jpg", weight=0.5).without("laces")`

    Attributes:
        terms: what images shall look like; their order follows from these.
        filters: what they have to be; all of it.
        liked_ids: images that are right.
        disliked_ids: images that are wrong.
    """

    terms: tuple[Term, ...] = ()
    filters: tuple[Where, ...] = ()
    liked_ids: tuple[int, ...] = ()
    disliked_ids: tuple[int, ...] = ()

    @classmethod
    def text(cls, text: str, weight: float = 1.0) -> "Query":
        """Start with words."""
        return cls().and_text(text, weight)

    @classmethod
    def image(cls, image: ImageSource, weight: float = 1.0) -> "Query":
        """Start with an example picture."""
        return cls().and_image(image, weight)

    @classmethod
    def like(cls, image_id: int, weight: float = 1.0) -> "Query":
        """Start with an image of the library."""
        return cls().and_like(image_id, weight)

    def and_text(self, text: str, weight: float = 1.0) -> "Query":
        """Add words."""
        return self._with(Term("text", weight, text=text))

    def and_image(self, image: ImageSource, weight: float = 1.0) -> "Query":
        """Add an example picture."""
        return self._with(Term("image", weight, image=image))

    def and_like(self, image_id: int, weight: float = 1.0) -> "Query":
        """Add an image of the library."""
        return self._with(Term("like", weight, image_id=image_id))

    def weighted(self, factor: float) -> "Query":
        """All that is wanted counts so many times; what is not wanted stays as it is."""
        return replace(
            self,
            terms=tuple(
                replace(term, weight=factor * term.weight) if term.weight > 0 else term
                for term in self.terms
            ),
        )

    def without(self, text: str, weight: float = 1.0) -> "Query":
        """Push away what the words describe."""
        return self.and_text(text, -abs(weight))

    def where(self, *filters: Where) -> "Query":
        """Only images of which all of this is true."""
        return replace(self, filters=(*self.filters, *filters))

    def liked(self, ids: Iterable[int]) -> "Query":
        """These are right: they come first, and beside disliked ones teach what to look for."""
        return replace(self, liked_ids=(*self.liked_ids, *ids))

    def disliked(self, ids: Iterable[int]) -> "Query":
        """Not these: they are left out, and beside liked ones teach what to pass over."""
        return replace(self, disliked_ids=(*self.disliked_ids, *ids))

    def key(self) -> str:
        """Names the question, apart from the size of its weights; feedback is stored under it.

        Raises:
            ImageError: the file of an example picture cannot be read.
        """
        identities = sorted(term.identity() for term in self.terms)
        return hashlib.sha256(json.dumps(identities).encode()).hexdigest()

    @property
    def wanted_words(self) -> str:
        """All texts that are wanted, one after the other."""
        return " ".join(text for term in self.terms if term.weight > 0 for text in term.texts)

    def words(self) -> str | None:
        """The question as a line of text that `from_words` reads; None if pictures ask, too."""
        if not self.terms or any(term.kind != "text" for term in self.terms):
            return None
        return json.dumps([[term.text, term.weight, *term.others] for term in self.terms])

    @classmethod
    def from_words(cls, words: str) -> "Query":
        """The question that `words` has written down.

        Raises:
            QueryError: it has not.
        """
        try:
            terms = tuple(
                Term("text", weight, text=text, others=tuple(others))
                for text, weight, *others in json.loads(words)
            )
        except (ValueError, TypeError, AttributeError) as error:
            raise QueryError(f"no question: {words!r}") from error
        if not terms:
            raise QueryError(f"no question: {words!r}")
        return cls(terms)

    def with_terms(self, terms: Iterable[Term]) -> "Query":
        """Add terms of another query."""
        return replace(self, terms=(*self.terms, *terms))

    def _with(self, term: Term) -> "Query":
        return self.with_terms([term])


def folded(text: str) -> str:
    """What texts have in common that ask for the same."""
    return " ".join(text.casefold().split())


def is_address(image: ImageSource) -> bool:
    """Whether an image source is an http(s) address."""
    return isinstance(image, str) and image.lower().startswith(("http://", "https://"))
