"""`Asker`: a query -> what it takes to rank images under it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.encoder import Encoder
from engine.library import Library
from engine.query.candidates import FUSED, Ids, Wish
from engine.query.edits import with_edit
from engine.query.encode import EncodedTerm, TermEncoder
from engine.query.language.families import names_attribute
from engine.query.language.terms import Query, QueryError, Term
from engine.query.parts.reranker import Reranker
from engine.query.scores.ranking import Ranking, rank
from engine.query.taught.feedback import NEAR, learn
from engine.query.taught.marked import MarkedImages
from engine.query.taught.taste import Taste, describe
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
        self.marked = MarkedImages(library, view)

    def ask(self, query: Query, marks: Mapping[int, int] | None, allowed: Ids | None) -> Asked:
        """Encode a query, and look up its marks.

        Args:
            query: with terms or liked images.
            marks: image id to +1 or -1: thumbs that were stored for this query; None to leave out
                what thumbs have taught, also those of other queries.
            allowed: ids of the images that pass its filters; None without filters.

        Raises:
            QueryError: nothing is asked for, or an image id is unknown.
            ImageError: an example picture cannot be read.
        """
        given = (marks or {}).items()
        liked = {*query.liked_ids, *(id for id, mark in given if mark > 0)}
        disliked = {*query.disliked_ids, *(id for id, mark in given if mark < 0)}
        terms = query.terms or tuple(Term("like", image_id=id) for id in query.liked_ids)
        if not terms:
            raise QueryError("the query is empty: give words, an image, a filter, or several")
        encoded = self._terms.encode(terms, self._view.vector)
        library = self._view.statistics
        encoded, weights = with_edit(terms, encoded, self._terms.texts, library)
        ranking = rank([each.ranked for each in encoded], weights, library)
        if marks is not None:
            ranking = self._preferring(ranking, terms)
        ranking = self._taught(ranking, liked, disliked)
        written = self._written(terms)
        gains = self.reranker.gains(terms)
        wish = Wish(ranking, frozenset(liked), frozenset(disliked), allowed, written, gains)
        return Asked(terms, encoded, wish)

    def taste(self) -> Taste | None:
        """What thumbs of all queries have taught, if they agree."""
        preference = self.marked.preference()
        return describe(preference, self._view, self._terms.texts) if preference else None

    def _written(self, terms: Sequence[Term]) -> Ids:
        """Images about which the words are written, where only words ask; best first."""
        wanted = [term for term in terms if term.weight > 0]
        if not wanted or any(term.kind != "text" for term in wanted):
            return np.zeros(0, dtype=np.int64)
        unwanted = [term for term in terms if term.weight < 0 and term.kind == "text"]
        texts, barred = ([t for term in some for t in term.texts] for some in (wanted, unwanted))
        return self._library.attributes.by_keywords(texts, barred, FUSED)

    def _preferring(self, ranking: Ranking, terms: Sequence[Term]) -> Ranking:
        """The ranking with what is liked whatever is asked for.

        Who says which colour or season it shall be, or shows a picture, means just that.
        """
        if any(term.kind != "text" or any(map(names_attribute, term.texts)) for term in terms):
            return ranking
        preference = self.marked.preference()
        return replace(ranking, feedback=(preference.axis,)) if preference else ranking

    def _taught(self, ranking: Ranking, liked: set[int], disliked: set[int]) -> Ranking:
        """The ranking with what the marks have taught, if that is sure to help."""
        if not (liked and disliked):
            return ranking
        marked = [*liked, *disliked]
        ids, near = self._view.vectors(self._view.nearest(ranking.probes(), NEAR + len(marked)))
        near = near[~np.isin(ids, marked)]
        near = near[np.argsort(-ranking.scores(near), kind="stable")[:NEAR]]
        learnt = learn(
            self._view.statistics,
            self.marked.vectors(liked),
            self.marked.vectors(disliked),
            near,
            ranking.scores,
        )
        return replace(ranking, feedback=(*ranking.feedback, learnt)) if learnt else ranking
