"""`Upkeep`: what keeps the index fast and its recall known, apart from the searches themselves."""

import json
import logging
import threading
from collections.abc import Callable

import numpy as np

from engine.encoder import Encoder
from engine.files import replacing
from engine.index import IndexMirror, Projection, Tuning
from engine.index.exact import exact_neighbours
from engine.index.tuning import TARGET, Queries, choose_dim, tune
from engine.library import Library, Progress, ProgressCallback
from engine.query.asked import draw
from engine.query.view import LibraryView

_log = logging.getLogger(__name__)

_CORPUS = 200_000  # images among which the width of the index is chosen
_SAMPLE = 50_000  # images from which a projection is learned
_STALE_AFTER = 0.1  # share of the library that has changed since it was measured
_UNMEASURED = 100  # candidates as long as nothing has been measured


class Upkeep:
    """Builds and measures the index of one library. Safe to use from several threads.

    Attributes:
        tuning: how the index is set and what it finds; None before it has been measured.
    """

    def __init__(
        self, encoder: Encoder, library: Library, view: LibraryView, index: IndexMirror
    ) -> None:
        self._encoder, self._library, self._view, self._index = encoder, library, view, index
        self._file = library.index_folder / "tuning.json"
        self._lock = threading.Lock()
        self._measured_at = -1  # generation
        self._size = 0  # images at that time
        self._drawn: tuple[int, Queries] | None = None  # at which generation
        self.tuning: Tuning | None = None
        self._recall()

    @property
    def candidates(self) -> int:
        """How many images to score exactly so that the first 10 are right."""
        return self.tuning.candidates if self.tuning else _UNMEASURED

    def is_needed(self) -> bool:
        """Whether `run` would do more than searches do on the way."""
        self._view.refresh()
        if self._index.needs_build():
            return True
        if not self._is_measurable():
            return False
        return self._index.pending > 0 or self._is_stale()

    def run(self, progress: ProgressCallback | None = None) -> None:
        """Bring the index up to date, build it anew and measure it, each where it is needed."""
        with self._lock:
            self._view.refresh()
            if self._index.needs_build() and self._index.take_saved():
                self._recall()
            self._complete(progress)
            if self._is_measurable() and self._is_stale():
                self._measure(self.tuning.target if self.tuning else TARGET, progress)
            self._index.save()

    def tune(self, target: float | None, progress: ProgressCallback | None) -> Tuning | None:
        """As `SearchEngine.tune`."""
        with self._lock:
            self._view.refresh()
            self._complete(progress)
            if not self._is_measurable():
                return None
            wanted = target or (self.tuning.target if self.tuning else TARGET)
            self._measure(wanted, progress)
            self._index.save()
            return self.tuning

    # -- building ------------------------------------------------------------------------------

    def _complete(self, progress: ProgressCallback | None) -> None:
        """All images in the index, and an index that is worth it."""
        if self._index.needs_build():
            self._build(progress)
        self._index.absorb(_teller(progress, "adding to the index"))

    def _build(self, progress: ProgressCallback | None, least: int = 0) -> None:
        """Build a new index, in a space of at least `least` dimensions."""
        queries = self._queries()
        ids, sample = self._view.sample(_CORPUS)
        width = choose_dim(sample, queries, len(self._view), least, ids)
        projection = None
        if width < sample.shape[1]:
            some = np.random.default_rng(0).permutation(len(sample))[:_SAMPLE]
            projection = Projection.fit(sample[np.sort(some)], width, queries.shaping)
        del sample
        self._index.build(projection, _teller(progress, "building the index"))

    def _queries(self) -> Queries:
        """What to measure with; the same for one state of the library."""
        generation = self._view.generation
        if self._drawn is None or self._drawn[0] != generation:
            self._drawn = generation, draw(self._encoder, self._library, self._view)
        return self._drawn[1]

    # -- measuring -----------------------------------------------------------------------------

    def _measure(self, target: float, progress: ProgressCallback | None) -> None:
        """Choose the setting; where none is good enough, build once more: anew, or wider."""
        generation = self._view.generation
        tuning = self._tuned(target, progress)
        if not tuning.is_reached:
            projection, is_worn = self._index.projection, self._index.index.dead > 0
            if projection is not None or is_worn:
                self._build(progress, least=projection.dim + 1 if projection else 0)
                tuning = self._tuned(target, progress)
        if not tuning.is_reached:
            _log.warning(
                "of the true first 10 results the index is sure to find %.1f %%, less than %.1f %%",
                100 * tuning.bound,
                100 * target,
            )
        self._use(tuning, generation)
        self._keep(tuning)

    def _tuned(self, target: float, progress: ProgressCallback | None) -> Tuning:
        tell = _teller(progress, "measuring the index")
        tell(0, 3)
        queries = self._queries()
        of_texts = exact_neighbours(queries.judging, self._view.chunks)
        tell(1, 3)
        of_images = exact_neighbours(queries.images, self._view.chunks, exclude=queries.own)
        tell(2, 3)
        index = self._index.index
        tuning = tune(
            self._index.ranked,
            queries,
            of_texts,
            of_images,
            index.EFFORTS,
            backend=index.backend,
            dim=index.dim,
            target=target,
            narrow=index.is_narrow,
        )
        tell(3, 3)
        return tuning

    def _is_measurable(self) -> bool:
        """Whether there is an index to measure, and anything in it."""
        return not self._index.is_exact and len(self._view) > 0

    def _is_stale(self) -> bool:
        """Whether what was measured may not hold any more."""
        tuning, size = self.tuning, len(self._view)
        if tuning is None or tuning.backend != self._index.backend:
            return True
        if tuning.dim != self._index.index.dim:
            return True
        new = self._index.newer_than(self._measured_at)
        gone = max(0, self._size + new - size)
        return new + gone > _STALE_AFTER * self._size

    # -- remembering ---------------------------------------------------------------------------

    def _use(self, tuning: Tuning, generation: int, size: int | None = None) -> None:
        self.tuning, self._measured_at = tuning, generation
        self._size = len(self._view) if size is None else size
        self._index.effort = tuning.effort

    def _keep(self, tuning: Tuning) -> None:
        stored = {
            "generation": self._measured_at,
            "size": self._size,
            "tuning": tuning.to_json(),
        }
        try:
            with replacing(self._file) as part:
                part.write_text(json.dumps(stored, indent=2), encoding="utf-8")
        except OSError as error:
            _log.warning("%s: cannot be written: %s", self._file, error.strerror or error)

    def _recall(self) -> None:
        """Take up what was measured before; if it is damaged, it is measured again."""
        try:
            stored = json.loads(self._file.read_text(encoding="utf-8"))
            tuning = Tuning.from_json(stored["tuning"])
            self._use(tuning, int(stored["generation"]), int(stored["size"]))
        except FileNotFoundError:
            pass
        except (OSError, ValueError, KeyError, TypeError) as error:
            _log.warning("%s: cannot be used: %s", self._file, error)


def _teller(progress: ProgressCallback | None, stage: str) -> Callable[[int, int], None]:
    def tell(done: int, total: int) -> None:
        if progress is not None:
            progress(Progress(done, total, stage=stage))

    return tell
