"""Terms -> unit vectors, with the latest ones remembered."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence

import numpy as np

from engine.encoder import Encoder, ImageError, ImageSource
from engine.query.fetch import fetch
from engine.query.statistics import Vector
from engine.query.terms import QueryError, Term, is_address

_REMEMBERED = 512

StoredVector = Callable[[int], Vector | None]


class TermEncoder:
    """Encodes terms. Safe to use from several threads."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._remembered: OrderedDict[str, Vector] = OrderedDict()
        self._lock = threading.Lock()

    def vectors(self, terms: Sequence[Term], stored: StoredVector) -> list[Vector]:
        """Unit vector, float32 [dim], of each term; new texts are encoded in one batch.

        Args:
            terms: of one query.
            stored: image id to its vector, None for an unknown id.

        Raises:
            QueryError: an unknown image id.
            ImageError: an example picture cannot be read; names it.
        """
        names = [term.identity()[1:] for term in terms]
        found = {name: self._recall(name) for name in names}
        texts = {
            name: term.text
            for name, term in zip(names, terms, strict=True)
            if term.kind == "text" and found[name] is None
        }
        if texts:
            rows = self._encoder.encode_texts(list(texts.values()))
            found.update(zip(texts, rows, strict=True))
        for name, term in zip(names, terms, strict=True):
            if found[name] is None:
                found[name] = self._encode_one(term, stored)
        vectors = [vector for name in names if (vector := found[name]) is not None]
        for name, term, vector in zip(names, terms, vectors, strict=True):
            if term.kind != "like":  # the image behind an id can change
                self._remember(name, vector)
        return vectors

    def _encode_one(self, term: Term, stored: StoredVector) -> Vector:
        if term.kind == "like":
            vector = stored(term.image_id)
            if vector is None:
                raise QueryError(f"image {term.image_id} is not in the library")
            return vector
        if term.image is None:
            raise QueryError("an image term has no image")
        return self._encode_image(term.image, term.label)

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
