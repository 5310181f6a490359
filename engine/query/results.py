"""What a search gives back."""

from collections.abc import Sequence
from dataclasses import dataclass

from engine.library import ImageRecord
from engine.query.language.terms import TermKind
from engine.query.scores.calibration import Verdict, verdict


@dataclass(frozen=True)
class TermShare:
    """One term's part in a hit.

    Attributes:
        label: the words, the file, or the image's id.
        kind: kind of the term.
        weight: as asked for.
        similarity: bare cosine of term and image, of alternatives the best.
        share: what the term adds to the score that ranks, in standard deviations of the library.
    """

    label: str
    kind: TermKind
    weight: float
    similarity: float
    share: float


@dataclass(frozen=True)
class Hit:
    """One result.

    Attributes:
        id: the image's id in the library.
        path: the original.
        score: probability that it fits the query; comparable between queries and models. Thumbs
            change the order of the hits, not their scores.
        similarity: bare cosine; of several wanted terms the mean by weight.
        terms: each term's part.
        mark: +1 liked, 0 none, for this query.
        by_thumbs: what thumbs, of this query and of all, add to the score that ranks.
        copies: other images that are folded into this one, among those that were looked at.
        digest: content of the image, the name of its thumbnail.
        width: pixels of the original.
        height: pixels of the original.
    """

    id: int
    path: str
    score: float
    similarity: float
    terms: tuple[TermShare, ...]
    mark: int
    by_thumbs: float
    copies: int
    digest: str
    width: int
    height: int

    @classmethod
    def of(
        cls,
        record: ImageRecord,
        score: float,
        parts: Sequence[TermShare] = (),
        mark: int = 0,
        by_thumbs: float = 0.0,
        copies: int = 0,
    ) -> "Hit":
        """An image of the library as a result."""
        wanted = [part for part in parts if part.weight > 0] or parts
        total = sum(abs(part.weight) for part in wanted)
        similarity = sum(abs(part.weight) * part.similarity for part in wanted) / (total or 1)
        return cls(
            id=record.id,
            path=record.path,
            score=score,
            similarity=similarity,
            terms=tuple(parts),
            mark=mark,
            by_thumbs=by_thumbs,
            copies=copies,
            digest=record.digest,
            width=record.width,
            height=record.height,
        )


@dataclass(frozen=True)
class ResultPage:
    """The answer to a query.

    Attributes:
        results: best first.
        verdict: `strong`, `weak` or `none`: whether the best result is a match at all.
        likely: so many of the results, from the first on, are likely matches. None where they do
            not come in the order of their likelihood (words are written about them, variety, only
            filters), and where possible ones go on after all that were looked at.
        possible: so many of them, from the first on, may be a match; after these, hardly one is.
            None as above.
        took_ms: time for the whole search, encoding included.
        total: images in the library.
        matching: of them those that pass the filters; all without filters.
        pending: of them those that the index does not hold yet; they were compared one by one.
        hidden: images left out because they were disliked for this query.
        model: name of the model.
    """

    results: tuple[Hit, ...]
    verdict: Verdict
    likely: int | None
    possible: int | None
    took_ms: float
    total: int
    matching: int
    pending: int
    hidden: int
    model: str

    def verdict_of(self, place: int) -> Verdict:
        """Whether the result at a place, from 0, is a match: by the ends, or else by its score."""
        if self.likely is None or self.possible is None:
            return verdict(self.results[place].score)
        return "strong" if place < self.likely else "weak" if place < self.possible else "none"
