"""`Asker`: a query -> what it takes to rank images under it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.encoder import Encoder
from engine.library import Library
from engine.query.candidates import FUSED, Ids, Wish
from engine.query.edits import with_edit
from engine.query.encode import EncodedTerm, TermEncoder
from engine.query.feedback import NEAR, learn
from engine.query.ranking import Ranking, rank
from engine.query.reranker import Reranker
from engine.query.statistics import Vector
from engine.query.terms import Query, QueryError, Term
from engine.query.view import LibraryView


@dataclass(frozen=True)
class Asked:
    """A query whose terms are encoded, and whose marks and filters are looked up."""

    terms: tuple[Term, ...]
    encoded: list[EncodedTerm]
    wish: Wish

    @property
    def ranking(self) -> Ranking:
        """Of its wish."""
        return self.wish.ranking


class Asker:
    """Prepares queries. Safe to use from several threads."""

    def __init__(self, encoder: Encoder, library: Library, view: LibraryView) -> None:
        self._library, self._view = library, view
        self._terms = TermEncoder(encoder)
        self.reranker = Reranker(encoder, library, view, self._terms)

    def ask(self, query: Query, marks: Mapping[int, int], allowed: Ids | None) -> Asked:
        """Encode a query, and look up its marks.

        Args:
            query: with terms or liked images.
            marks: image id to +1 or -1: thumbs that were stored for this query.
            allowed: ids of the images that pass its filters; None without filters.

        Raises:
            QueryError: nothing is asked for, or an image id is unknown.
            ImageError: an example picture cannot be read.
        """
        liked = {*query.liked_ids, *(id for id, mark in marks.items() if mark > 0)}
        disliked = {*query.disliked_ids, *(id for id, mark in marks.items() if mark < 0)}
        terms = query.terms or tuple(Term("like", image_id=id) for id in query.liked_ids)
        if not terms:
            raise QueryError("the query is empty: give words, an image, a filter, or several")
        encoded = self._terms.encode(terms, self._view.vector)
        library = self._view.statistics
        encoded, weights = with_edit(terms, encoded, self._terms.texts, library)
        ranking = rank([each.ranked for each in encoded], weights, library)
        ranking = self._taught(ranking, liked, disliked)
        written = self._written(terms)
        gains = self.reranker.gains(terms)
        wish = Wish(ranking, frozenset(liked), frozenset(disliked), allowed, written, gains)
        return Asked(terms, encoded, wish)

    def _written(self, terms: Sequence[Term]) -> Ids:
        """Images about which the words are written, where only words ask; best first."""
        wanted = [term for term in terms if term.weight > 0]
        if not wanted or any(term.kind != "text" for term in wanted):
            return np.zeros(0, dtype=np.int64)
        unwanted = [term for term in terms if term.weight < 0 and term.kind == "text"]
        texts, barred = ([t for term in some for t in term.texts] for some in (wanted, unwanted))
        return self._library.attributes.by_keywords(texts, barred, FUSED)

    def _taught(self, ranking: Ranking, liked: set[int], disliked: set[int]) -> Ranking:
        """The ranking with what the marks have taught, if that is sure to help."""
        if not (liked and disliked):
            return ranking
        marked = [*liked, *disliked]
        ids, near = self._view.vectors(self._view.nearest(ranking.probes(), NEAR + len(marked)))
        near = near[~np.isin(ids, marked)]
        near = near[np.argsort(-ranking.scores(near), kind="stable")[:NEAR]]
        learnt = learn(
            self._view.statistics, self.marked(liked), self.marked(disliked), near, ranking.scores
        )
        return replace(ranking, feedback=(learnt,)) if learnt else ranking

    def marked(self, ids: Collection[int]) -> Vector:
        """Stored vectors of those ids that are in the library, float32 [n, dim]."""
        return self._view.vectors(np.array(sorted(ids), dtype=np.int64))[1]
