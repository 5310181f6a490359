"""How long it takes to gather what a large library can be filtered by."""

import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.described import describe
from engine.encoder import Encoder
from engine.library import Library
from engine.library.facets.facet_keeper import FacetKeeper
from engine.library.facets.facets import gather_facets
from export.markdown import table

_TIMES = 7


def measure(encoder: Encoder, place: Path, count: int) -> str:
    """A table for docs/performance.md, of a synthetic library.

    Args:
        encoder: of whose model the library is.
        place: an empty folder for the library.
        count: images.
    """
    library = Library(place, encoder.manifest)
    describe(library, count)
    gathered = [_taken(lambda: gather_facets(library.database)) for _ in range(_TIMES)]
    FacetKeeper(library).facets()
    kept = [_taken(FacetKeeper(library).facets) for _ in range(_TIMES)]
    library.close()
    rows = [
        (what, *(f"{sorted(times)[_TIMES // 2]:.3f}" for times in zip(*taken, strict=True)))
        for what, taken in (("gathered", gathered), ("after a start, nothing changed", kept))
    ]
    return table((f"filters of {count:,} images", "s", "processor s"), rows)


def _taken(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds of the clock and of the processor."""
    started, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - started, time.process_time() - cpu
