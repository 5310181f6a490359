"""Terms -> unit vectors, with the latest ones remembered."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from engine.encoder import Encoder, ImageError, ImageSource
from engine.query.fetch import fetch
from engine.query.language.terms import QueryError, Term, folded, is_address
from engine.query.scores.statistics import Vector

_REMEMBERED = 512

Encode = Callable[[Sequence[str]], Vector]
"""Texts to unit vectors, float32 [n, dim]."""

StoredVector = Callable[[int], Vector | None]


@dataclass(frozen=True, eq=False)
class EncodedTerm:
    """A term as vectors, each float32 [alternatives, dim].

    Attributes:
        own: of its texts, or of its picture; unit rows.
        ranked: directions that images are ranked by: of an unwanted text beside wanted words, of
            both together ("black" alone is much else than a black shirt); of an edit and its
            example, what `with_edit` makes of them, of any length.
    """

    own: Vector
    ranked: Vector


class TermEncoder:
    """Encodes terms. Safe to use from several threads."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._remembered: OrderedDict[str, Vector] = OrderedDict()
        self._lock = threading.Lock()

    def encode(self, terms: Sequence[Term], stored: StoredVector) -> list[EncodedTerm]:
        """The vectors of each term; new texts are encoded in one batch.

        Args:
            terms: of one query.
            stored: image id to its vector, None for an unknown id.

        Raises:
            QueryError: an unknown image id.
            ImageError: an example picture cannot be read; names it.
        """
        context = next((term.text for term in terms if term.kind == "text" and term.weight > 0), "")
        ranked = {
            term: tuple(f"{text} {context}" for text in term.texts)
            if context and term.weight < 0
            else term.texts
            for term in terms
            if term.kind == "text"
        }
        texts = self._texts(text for term, said in ranked.items() for text in (*term.texts, *said))
        encoded = []
        for term in terms:
            if term.kind == "text":
                own, other = (
                    np.stack([texts[text] for text in said]) for said in (term.texts, ranked[term])
                )
            else:
                own = other = self._picture(term, stored)[None]
            encoded.append(EncodedTerm(own, other))
        return encoded

    def texts(self, texts: Sequence[str]) -> Vector:
        """Vectors of texts, float32 [n, dim]; the latest ones are remembered."""
        found = self._texts(texts)
        return np.stack([found[text] for text in texts])

    def _texts(self, wanted: Iterable[str]) -> dict[str, Vector]:
        """The vector of each text."""
        texts = list(dict.fromkeys(wanted))
        found = {text: self._recall(_name(text)) for text in texts}
        if new := [text for text, vector in found.items() if vector is None]:
            for text, row in zip(new, self._encoder.encode_texts(new), strict=True):
                found[text] = row
                self._remember(_name(text), row)
        return {text: vector for text, vector in found.items() if vector is not None}

    def _picture(self, term: Term, stored: StoredVector) -> Vector:
        if term.kind == "like":  # never remembered: the image behind an id can change
            vector = stored(term.image_id)
            if vector is None:
                raise QueryError(f"image {term.image_id} is not in the library")
            return vector
        if term.image is None:
            raise QueryError("an image term has no image")
        name = term.identity()[1:]
        vector = self._recall(name)
        if vector is None:
            vector = self._encode_image(term.image, term.label)
            self._remember(name, vector)
        return vector

    def _encode_image(self, image: ImageSource, label: str) -> Vector:
        try:
            source = fetch(str(image)) if is_address(image) else image
            return self._encoder.encode_images([source])[0]
        except ImageError as error:
            # The encoder's message counts pictures; here there is one, with a name.
            reason = str(error).removeprefix("picture 0: ").removeprefix(f"{label}: ")
            raise ImageError(f"{label}: {reason}") from error

    def _recall(self, name: str) -> Vector | None:
        with self._lock:
            if name in self._remembered:
                self._remembered.move_to_end(name)
                return self._remembered[name]
        return None

    def _remember(self, name: str, vector: Vector) -> None:
        with self._lock:
            self._remembered[name] = np.asarray(vector)
            while len(self._remembered) > _REMEMBERED:
                self._remembered.popitem(last=False)


def _name(text: str) -> str:
    return f"text:{folded(text)}"
