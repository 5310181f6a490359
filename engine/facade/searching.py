"""Questions and answers."""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from engine.facade.marking import Marking
from engine.facade.showing import Showing
from engine.library.known.matching import matching_ids
from engine.library.known.tagging import TAG
from engine.metadata import Where
from engine.query import (
    Advice,
    Answer,
    HeatMap,
    Query,
    QueryError,
    ResultPage,
    Variety,
    advise,
    parse_query,
    query_text,
)
from engine.query.scores.calibration import WEAK

Ids = npt.NDArray[np.int64]
Vectors = npt.NDArray[np.float32]


class Searching(Marking, Showing):
    """Questions and answers."""

    def search(
        self,
        query: Query | str,
        limit: int = 20,
        offset: int = 0,
        use_marks: bool = True,
        fold: bool = False,
        diversity: float = 0.0,
    ) -> ResultPage:
        """Find the best images for a query, or simply for a text.

        Args:
            query: what to look for; a text is read by `parse`.
            limit: number of results.
            offset: results to pass over, for paging.
            use_marks: whether thumbs count: those of this query, and what those of all agree on.
            fold: of copies that `duplicates` has found, show the best one, with their number.
            diversity: from 0, by score alone, to 1: keep images apart that look alike.

        Raises:
            QueryError: the query is empty or names an unknown image.
            ImageError: an example picture cannot be read.
        """
        asked = self.parse(query) if isinstance(query, str) else query
        marks = self.marks(asked) if use_marks else None
        if not 0 <= diversity <= 1:
            raise QueryError(f"diversity {diversity}: use a number from 0 to 1")
        variety = Variety(fold, diversity)
        page = self._searcher.search(asked, limit, offset, marks, variety)
        for term in asked.terms:
            for text in term.texts:
                self._library.asked.add(text)
        return page

    def parse(self, text: str) -> Query:
        """What a text asks of this library: its imported columns are filters, too."""
        has_filters = ":" in text
        return parse_query(text, self._columns() if has_filters else ())

    def written(self, query: Query) -> str:
        """The text that `parse` reads as the words and filters of a query."""
        return query_text(query, self._columns())

    def _columns(self) -> frozenset[str]:
        """Names that are filters; `tag` also when the last tag has been taken off."""
        return self._library.attributes.names() | {TAG}

    def matching(self, filters: Iterable[Where]) -> int:
        """How many images pass all of these filters."""
        return len(matching_ids(self._library.database, filters))

    def advice(self, query: Query) -> list[Advice]:
        """What to ask instead of a query that finds little; takes some searches.

        Raises:
            QueryError: as `search`.
            ImageError: as `search`.
        """

        def ask(other: Query) -> Answer:
            page = self._searcher.search(other, 1, 0, None)
            return Answer(page.results[0].score if page.results else 0.0, page.matching)

        known = self._encoder.words | self._library.attributes.words()
        return advise(query, ask, known, WEAK)

    def heat_maps(self, text: str, ids: Sequence[int], closely: bool = False) -> dict[int, HeatMap]:
        """Where images match a text; those that have no thumbnail and no original are left out.

        Quick where the model gives windows, which are kept; others are encoded in parts.

        Args:
            text: what is looked for.
            ids: of images.
            closely: find smaller things too, which takes the time of encoding six pictures for
                each; makes no difference where the model gives no windows.
        """
        records = self._library.catalogue.records_of(ids)
        files = {r.digest: self.thumbnail(r.digest, r.path) for r in records.values()}
        pictures = {digest: file for digest, file in files.items() if file is not None}
        found = self._searcher.heat(text, pictures, closely)
        return {i: found[r.digest] for i, r in records.items() if r.digest in found}

    def vectors(self, ids: Sequence[int]) -> tuple[Ids, Vectors]:
        """Those of `ids` that are there, int64 [n], and their vectors, float32 [n, dim]."""
        self._view.refresh()
        return self._view.vectors(np.asarray(ids, dtype=np.int64))
