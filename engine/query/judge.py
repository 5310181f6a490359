"""`Judge`: how sure the results of a query are, and where likely matches end."""

import numpy as np

from engine.query.asker import Asked
from engine.query.candidates import Found
from engine.query.language.terms import Term
from engine.query.scores.calibration import Background, Calibration, Wanted, calibrate, ends
from engine.query.scores.neutral import Kind, NeutralStore
from engine.query.scores.statistics import LibraryStatistics, Vector
from engine.query.scores.variety import SPREAD
from engine.query.view import LibraryView


class Judge:
    """Judges results against what is found by chance. Safe to use from several threads."""

    def __init__(self, view: LibraryView, neutral: NeutralStore) -> None:
        self._view, self._neutral = view, neutral
        self._backgrounds: dict[Kind, tuple[LibraryStatistics, int, Background]] = {}

    def line(self, asked: Asked, answers: Vector, fits: Vector, count: int) -> Calibration:
        """What scores of the ranking say, by the best of the answers.

        Args:
            asked: the query.
            answers: vectors of images, float32 [n, dim]; one that was asked with is no answer.
            fits: their scores without what thumbs add, [n].
            count: of images that were searched.
        """
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

    def ends(
        self, asked: Asked, found: Found, is_all: bool, line: Calibration
    ) -> tuple[int, int] | tuple[None, None]:
        """Where likely and possible matches end, with what thumbs have taught."""
        # Of so many, however many a page shows: an end shall not move while it grows.
        is_all, found = is_all and len(found.ids) <= SPREAD, found.at(slice(SPREAD))
        liked = int(np.isin(found.ids, list(asked.wish.liked)).sum())  # they come first
        others = found.at(slice(liked, None))
        scores = asked.ranking.scores(others.vectors) + others.gains
        places = ends(line.probability(scores), is_all)
        return (liked + places[0], liked + places[1]) if places else (None, None)

    def _background(self, term: Term) -> Background:
        kind: Kind = "texts" if term.kind == "text" else "pictures"
        library, count = self._view.statistics, len(self._view)
        known = self._backgrounds.get(kind)
        if known is None or known[0] is not library or known[1] != count:
            known = library, count, Background.of(self._neutral.of(kind), library, count)
            self._backgrounds[kind] = known
        return known[2]
