"""`Searcher`: a query in, a page of results out."""

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image

from engine.encoder import Encoder
from engine.library import ImageRecord, Library
from engine.library.duplicates import DuplicateStore
from engine.library.matching import matching_ids
from engine.products import inner_products
from engine.query.calibration import Background, Calibration, Wanted, calibrate, verdict
from engine.query.candidates import FUSED, CandidateFinder, Found, Ids, Wish
from engine.query.edits import with_edit
from engine.query.encode import EncodedTerm, TermEncoder
from engine.query.feedback import NEAR, learn
from engine.query.heat import HeatMap
from engine.query.neutral import NeutralStore
from engine.query.ranking import Ranking, rank
from engine.query.reranker import Reranker
from engine.query.results import Hit, ResultPage, TermShare
from engine.query.statistics import Vector
from engine.query.terms import Query, QueryError, Term
from engine.query.upkeep import Upkeep
from engine.query.variety import PLAIN, SPREAD, Variety, diverse, folded
from engine.query.view import LibraryView

MAX_LIMIT = 10_000
_TRIES = 5  # to answer while another process writes


@dataclass(frozen=True)
class _Asked:
    """A query whose terms are encoded, and whose marks and filters are looked up."""

    terms: tuple[Term, ...]
    encoded: list[EncodedTerm]
    wish: Wish

    @property
    def ranking(self) -> Ranking:
        """Of its wish."""
        return self.wish.ranking


class Searcher:
    """Answers queries against one library. Safe to use from several threads."""

    def __init__(
        self,
        encoder: Encoder,
        library: Library,
        view: LibraryView,
        upkeep: Upkeep,
        neutral: NeutralStore,
    ) -> None:
        self._encoder = encoder
        self._library = library
        self._view = view
        self._terms = TermEncoder(encoder)
        self._candidates = CandidateFinder(view, upkeep)
        self._reranker = Reranker(encoder, library, view, self._terms)
        self._neutral = neutral
        self._groups = DuplicateStore(library.database)

    def heat(self, text: str, pictures: Mapping[str, Image.Image]) -> dict[str, HeatMap]:
        """Where pictures, by digest, match a text."""
        self._view.refresh()
        return self._reranker.heat(text, pictures)

    def close(self) -> None:
        """Close what searches have opened."""
        self._reranker.close()

    def search(
        self,
        query: Query,
        limit: int,
        offset: int,
        marks: Mapping[int, int],
        variety: Variety = PLAIN,
    ) -> ResultPage:
        """Find the best images.

        Args:
            query: at least one term, filter or liked image.
            limit: number of results, at most `MAX_LIMIT`.
            offset: results to pass over, for paging.
            marks: image id to +1 or -1: thumbs that were stored for this query.
            variety: what to do about images that look alike.

        Raises:
            QueryError: nothing is asked for, or an image id is unknown.
            ImageError: an example picture cannot be read.
        """
        started = time.perf_counter()
        if not 1 <= limit <= MAX_LIMIT or offset < 0:
            raise QueryError(f"limit {limit}, offset {offset}: use 1 to {MAX_LIMIT}, and 0 or more")
        for _ in range(_TRIES):
            self._view.refresh()
            generation = self._view.generation
            page = self._page(query, limit, offset, marks, variety, started)
            # Else another process has changed images between their scores and their paths.
            if self._library.changes.head().generation == generation:
                break
        return page

    def _page(
        self,
        query: Query,
        limit: int,
        offset: int,
        marks: Mapping[int, int],
        variety: Variety,
        started: float,
    ) -> ResultPage:
        allowed = matching_ids(self._library.database, query.filters) if query.filters else None
        if allowed is not None and not (query.terms or query.liked_ids):
            return self._browse(query, limit, offset, variety, started)
        asked = self._ask(query, marks, allowed)
        # An image that was asked with is no answer: one more, for the verdict, if it is alone.
        own = [term.image_id for term in asked.terms if term.kind == "like"]
        found = self._found(asked, offset + limit + len(own), variety)
        # Thumbs change the order, not the scores: those say how well an image fits the query.
        fits = asked.ranking.term_scores(found.vectors).sum(axis=1) + found.gains
        matching = len(self._view) if allowed is None else len(allowed)
        is_answer = ~np.isin(found.ids, own)
        line = self._calibration(asked, found.vectors[is_answer], fits[is_answer], matching)
        probabilities = line.probability(fits)
        answers = probabilities[is_answer]
        shown = slice(offset, offset + limit)
        return ResultPage(
            results=self._hits(asked, found.at(shown), probabilities[shown]),
            verdict=verdict(float(answers.max()) if len(answers) else None),
            took_ms=(time.perf_counter() - started) * 1000,
            total=len(self._view),
            matching=matching,
            pending=self._view.pending,
            hidden=len(self._marked(asked.wish.disliked)),
            model=self._encoder.manifest.name,
        )

    def _found(self, asked: _Asked, count: int, variety: Variety) -> Found:
        """The best `count` images; with more of them looked at where some are to be folded."""
        wanted = count if variety == PLAIN else max(count, SPREAD)
        while True:
            found = self._candidates.best(asked.wish, wanted)
            is_all = len(found.ids) < wanted
            groups = self._groups.groups_of(found.ids.tolist()) if variety.fold else {}
            kept, copies = folded(found.ids, groups)
            if is_all or len(kept) >= count:
                break
            wanted *= 2
        found = replace(found.at(kept), copies=copies)
        liked = int(np.isin(found.ids, list(asked.wish.liked)).sum())
        others = found.at(slice(liked, None))
        scores = asked.ranking.scores(others.vectors) + others.gains
        mean = self._view.statistics.mean
        order = liked + diverse(scores, others.vectors, mean, variety.diversity)
        return found.at(np.concatenate([np.arange(liked), order])[:count])

    def _browse(
        self, query: Query, limit: int, offset: int, variety: Variety, started: float
    ) -> ResultPage:
        """All that pass the filters, the newest first: nothing is asked of their looks."""
        ids = matching_ids(self._library.database, query.filters, newest_first=True)
        ids = ids[~np.isin(ids, list(query.disliked_ids))]
        if variety.fold:
            ids = ids[folded(ids, self._groups.groups_of(ids.tolist()))[0]]
        shown = [int(image_id) for image_id in ids[offset : offset + limit]]
        records = self._library.catalogue.records_of(shown)
        hits = [_hit(records[image_id], 1.0, [], 0) for image_id in shown if image_id in records]
        return ResultPage(
            results=tuple(hits),
            verdict="strong" if hits else "none",
            took_ms=(time.perf_counter() - started) * 1000,
            total=len(self._view),
            matching=len(ids),
            pending=self._view.pending,
            hidden=0,
            model=self._encoder.manifest.name,
        )

    def _ask(self, query: Query, marks: Mapping[int, int], allowed: Ids | None) -> _Asked:
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
        gains = self._reranker.gains(terms)
        wish = Wish(ranking, frozenset(liked), frozenset(disliked), allowed, written, gains)
        return _Asked(terms, encoded, wish)

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
            self._view.statistics, self._marked(liked), self._marked(disliked), near, ranking.scores
        )
        return replace(ranking, feedback=(learnt,)) if learnt else ranking

    def _marked(self, ids: Collection[int]) -> Vector:
        """Stored vectors of those ids that are in the library, float32 [n, dim]."""
        return self._view.vectors(np.array(sorted(ids), dtype=np.int64))[1]

    def _calibration(self, asked: _Asked, answers: Vector, fits: Vector, count: int) -> Calibration:
        """By the best of the answers; an image of the library that was asked with is none."""
        parts = zip(asked.terms, asked.encoded, asked.ranking.terms, strict=True)
        wanted = [
            Wanted(each.own, axis.weight, self._background(term))
            for term, each, axis in parts
            if term.weight > 0
        ]
        if not (wanted and len(answers)):
            return Calibration(slope=1.0, offset=0.0)
        best = int(fits.argmax())
        shares = asked.ranking.term_scores(answers[best : best + 1])[0]
        penalty = sum(
            float(share) for term, share in zip(asked.terms, shares, strict=True) if term.weight < 0
        )
        library = self._view.statistics
        return calibrate(wanted, answers[best], float(fits[best]), penalty, library, count)

    def _background(self, term: Term) -> Background:
        neutral = self._neutral.of("texts" if term.kind == "text" else "pictures")
        return Background.of(neutral, self._view.statistics, len(self._view))

    def _hits(
        self,
        asked: _Asked,
        found: Found,
        probabilities: Vector,
    ) -> tuple[Hit, ...]:
        ids, stored, gains = found.ids, found.vectors, found.gains
        records = self._library.catalogue.records_of([int(id) for id in ids])
        cosines = np.stack(
            [inner_products(stored, each.own).max(axis=1) for each in asked.encoded], axis=1
        )
        shares = asked.ranking.term_scores(stored)
        if gains.any():  # of the one text that is wanted
            place = next(place for place, term in enumerate(asked.terms) if term.weight > 0)
            shares[:, place] += gains
        hits: list[Hit] = []
        for place, image_id in enumerate(map(int, ids)):
            record = records.get(image_id)
            if record is None:  # removed by another process just now
                continue
            parts = [
                TermShare(term.label, term.kind, term.weight, float(cosine), float(share))
                for term, cosine, share in zip(
                    asked.terms, cosines[place], shares[place], strict=True
                )
            ]
            mark = 1 if image_id in asked.wish.liked else 0
            copies = int(found.copies[place])
            hits.append(_hit(record, float(probabilities[place]), parts, mark, copies))
        return tuple(hits)


def _hit(
    record: ImageRecord, score: float, parts: list[TermShare], mark: int, copies: int = 0
) -> Hit:
    wanted = [part for part in parts if part.weight > 0] or parts
    total = sum(abs(part.weight) for part in wanted)
    similarity = sum(abs(part.weight) * part.similarity for part in wanted) / (total or 1)
    return Hit(
        id=record.id,
        path=record.path,
        score=score,
        similarity=similarity,
        terms=tuple(parts),
        mark=mark,
        copies=copies,
        digest=record.digest,
        width=record.width,
        height=record.height,
    )
