"""`Searcher`: a query in, a page of results out."""

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from engine.encoder import Encoder
from engine.library import Library
from engine.library.known.duplicates import DuplicateStore
from engine.library.known.matching import matching_ids
from engine.products import inner_products
from engine.query.asker import Asked, Asker
from engine.query.candidates import CandidateFinder, Found
from engine.query.judge import Judge
from engine.query.language.terms import Query, QueryError
from engine.query.parts.heat import HeatMap
from engine.query.results import Hit, ResultPage, TermShare
from engine.query.scores.calibration import verdict
from engine.query.scores.neutral import NeutralStore
from engine.query.scores.statistics import Vector
from engine.query.scores.variety import PLAIN, SPREAD, Variety, diverse, folded
from engine.query.taught.taste import Taste
from engine.query.upkeep import Upkeep
from engine.query.view import LibraryView

MAX_LIMIT = 10_000
_TRIES = 5  # to answer while another process writes


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
        self._asker = Asker(encoder, library, view)
        self._candidates = CandidateFinder(view, upkeep)
        self._neutral = neutral
        self._judge = Judge(view, neutral)
        self._groups = DuplicateStore(library.database)

    def heat(self, text: str, pictures: Mapping[str, Path], closely: bool) -> dict[str, HeatMap]:
        """Where pictures, by digest, match a text; as `Reranker.heat`."""
        self._view.refresh()
        neutral = self._neutral.of("texts")
        return self._asker.reranker.heat(text, pictures, neutral, closely)

    def taste(self) -> Taste | None:
        """What thumbs of all queries have taught, if they agree."""
        self._view.refresh()
        return self._asker.taste()

    def close(self) -> None:
        """Close what searches have opened."""
        self._asker.reranker.close()

    def search(
        self,
        query: Query,
        limit: int,
        offset: int,
        marks: Mapping[int, int] | None,
        variety: Variety = PLAIN,
    ) -> ResultPage:
        """Find the best images.

        Args:
            query: at least one term, filter or liked image.
            limit: number of results, at most `MAX_LIMIT`.
            offset: results to pass over, for paging.
            marks: image id to +1 or -1: thumbs that were stored for this query; None to leave out
                what thumbs have taught, also those of other queries.
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
        marks: Mapping[int, int] | None,
        variety: Variety,
        started: float,
    ) -> ResultPage:
        if query.filters and not (query.terms or query.liked_ids):
            return self._browse(query, limit, offset, variety, started)
        allowed = matching_ids(self._library.database, query.filters) if query.filters else None
        asked = self._asker.ask(query, marks, allowed)
        # An image that was asked with is no answer: one more, for the verdict, if it is alone.
        own = [term.image_id for term in asked.terms if term.kind == "like"]
        found, is_all = self._found(asked, offset + limit + len(own), variety)
        # Thumbs change the order, not the scores: those say how well an image fits the query.
        fits = asked.ranking.term_scores(found.vectors).sum(axis=1) + found.gains
        matching = len(self._view) if allowed is None else len(allowed)
        is_answer = ~np.isin(found.ids, own)
        line = self._judge.line(asked, found.vectors[is_answer], fits[is_answer], matching)
        probabilities = line.probability(fits)
        answers = probabilities[is_answer]
        shown = slice(offset, offset + limit)
        results = self._hits(asked, found.at(shown), probabilities[shown])
        likely, possible = (
            end and min(max(end - offset, 0), len(results))
            for end in self._judge.ends(asked, found, is_all, line)
        )
        return ResultPage(
            results=results,
            verdict=verdict(float(answers.max()) if len(answers) else None),
            likely=likely,
            possible=possible,
            took_ms=(time.perf_counter() - started) * 1000,
            total=len(self._view),
            matching=matching,
            pending=self._view.pending,
            hidden=len(self._asker.marked.vectors(asked.wish.disliked)),
            model=self._encoder.manifest.name,
        )

    def _found(self, asked: Asked, count: int, variety: Variety) -> tuple[Found, bool]:
        """The best `count` images or more, and whether these are all.

        More of them are looked at where some are to be folded, or spread.
        """
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
        return found.at(np.concatenate([np.arange(liked), order])), is_all

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
        hits = [Hit.of(records[image_id], 1.0) for image_id in shown if image_id in records]
        return ResultPage(
            results=tuple(hits),
            verdict="strong" if hits else "none",
            likely=None,
            possible=None,
            took_ms=(time.perf_counter() - started) * 1000,
            total=len(self._view),
            matching=len(ids),
            pending=self._view.pending,
            hidden=0,
            model=self._encoder.manifest.name,
        )

    def _hits(
        self,
        asked: Asked,
        found: Found,
        probabilities: Vector,
    ) -> tuple[Hit, ...]:
        ids, stored, gains = found.ids, found.vectors, found.gains
        records = self._library.catalogue.records_of([int(id) for id in ids])
        cosines = np.stack(
            [inner_products(stored, each.own).max(axis=1) for each in asked.encoded], axis=1
        )
        shares = asked.ranking.term_scores(stored)
        taught = asked.ranking.feedback_scores(stored)
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
            score, by_thumbs = float(probabilities[place]), float(taught[place])
            hits.append(Hit.of(record, score, parts, mark, by_thumbs, copies))
        return tuple(hits)
