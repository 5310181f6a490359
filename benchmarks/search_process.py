"""`python -m benchmarks.search_process build|first|search LIBRARY MODEL START`: one JSON line."""

import json
import math
import sys
import time
from pathlib import Path

import numpy as np

from benchmarks.searching import TEXTS
from benchmarks.timing import time_calls
from benchmarks.vectors import image_queries, text_queries
from engine import Progress, SearchEngine
from engine.encoder import Encoder, load
from engine.index.bound import recall_bound
from engine.index.exact import exact_neighbours, recall
from engine.machine import peak_megabytes, told_bytes
from engine.query.scores.phrases import phrases

_ASKED = 1_000
_EXACT = 20


class MixtureTexts:
    """An encoder whose texts lie where the synthetic mixture has its texts.

    The model's text tower runs, and takes its time; but the vectors of random weights, or of a
    model that never saw these images, would say nothing about searching.
    """

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._rows = text_queries(20_000, encoder.dim, seed=0)
        self._known: dict[str, int] = {}

    def __getattr__(self, name: str) -> object:
        return getattr(self._encoder, name)

    def encode_texts(self, texts: list[str]) -> np.ndarray:
        """As `Encoder.encode_texts`."""
        self._encoder.encode_texts(texts)
        return self.place(texts)

    def place(self, texts: list[str]) -> np.ndarray:
        """Without running the tower."""
        numbers = [self._known.setdefault(text, len(self._known)) for text in texts]
        return self._rows[[number % len(self._rows) for number in numbers]]


def build(library: Path, model: Path, _: float) -> dict[str, float]:
    """Build and measure the index."""
    seen: dict[str, tuple[float, float]] = {}

    def tell(step: Progress) -> None:
        now = time.perf_counter()
        seen[step.stage] = (seen.get(step.stage, (now, now))[0], now)

    started = time.perf_counter()
    with SearchEngine.with_encoder(MixtureTexts(load(model)), library) as engine:
        engine.upkeep(tell)
    whole = time.perf_counter() - started
    first, last = seen["building the index"]
    return {"build": last - first, "tune": whole - (last - first), "peak_mb": peak_megabytes()}


def first(library: Path, model: Path, started: float) -> dict[str, float]:
    """Open the library and search once."""
    with SearchEngine.open(library, model) as engine:
        engine.search(TEXTS[0])
        return {"first": time.time() - started}


def search(library: Path, model: Path, _: float) -> dict[str, object]:
    """Search an open library."""
    encoder = MixtureTexts(load(model))
    before = _own_megabytes()
    engine = SearchEngine.with_encoder(encoder, library)
    engine.search(TEXTS[0])
    held = _own_megabytes() - before
    engine.warm()
    view, tuning = engine._view, engine.info().tuning
    assert tuning is not None
    texts = text_queries(2 * _ASKED, encoder.dim, seed=0)[_ASKED:]
    images = image_queries(_ASKED, encoder.dim)

    def ask(query: np.ndarray) -> np.ndarray:
        ids, rows = view.vectors(view.nearest(query[None], tuning.candidates))
        return ids[np.argsort(-(rows @ query))[:10]]

    found: dict[str, object] = {"index_mb": held, "asked": _ASKED}
    timed = time_calls([lambda q=q: ask(q) for q in texts[: _ASKED // 2]])
    found |= {"vector_p50": timed.p50, "vector_p99": timed.p99}
    words = [text for text in phrases(1_500) if text not in TEXTS][:_ASKED]
    timed = time_calls([lambda t=t: engine.search(t, limit=10) for t in words[:300]])
    found |= {"text_p50": timed.p50, "text_p99": timed.p99}
    for kind, queries in (("text", texts), ("image", images)):
        truth = exact_neighbours(queries, view.chunks)
        recalls = recall(np.stack([ask(query) for query in queries]), truth)
        found[f"{kind}_recall"] = float(recalls.mean())
        found[f"{kind}_bound"] = recall_bound(recalls)
    every = np.concatenate([rows for _, rows in view.chunks()])
    found["exact_p50"] = time_calls([lambda q=q: every @ q for q in texts[:_EXACT]]).p50
    found["disk_mb"] = sum(file.stat().st_size for file in (library / "index").rglob("*.*")) / 1e6
    found["setting"] = (
        f"{tuning.dim} dimensions, effort {tuning.effort}, {tuning.candidates} candidates"
    )
    return found


def _own_megabytes() -> float:
    """Memory of this process that is not a mapped file."""
    return (told_bytes("self/status", "RssAnon") or math.nan) / 1e6


what, library, model, started = sys.argv[1:]
done = {"build": build, "first": first, "search": search}[what]
print(json.dumps(done(Path(library), Path(model), float(started))))
