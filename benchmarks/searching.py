"""How long a search takes, warm and from cold, and what padding texts would cost."""

import subprocess
import sys
import time
from pathlib import Path

import numpy as np

from benchmarks.timing import time_calls
from engine import Query, SearchEngine
from export.markdown import table

_COLOURS = ("red", "green", "blue", "yellow", "black", "white", "orange", "purple", "pink", "grey")
_THINGS = ("shoes", "mug", "umbrella", "chair", "lamp", "hat", "dog", "sunset", "mountain", "city")
_ENDINGS = ("", " on a table", " at night")
TEXTS = [f"{a} {b}{c}" for a in _COLOURS for b in _THINGS for c in _ENDINGS]
np.random.default_rng(0).shuffle(TEXTS)
"""Short texts, each once."""


def measure(engine: SearchEngine, library: Path) -> str:
    """Every text is new to the engine, so that nothing is answered from memory."""
    texts = TEXTS
    words = time_calls([lambda t=t: engine.search(t) for t in texts])
    ids = [hit.id for hit in engine.search("picture", limit=200).results]
    like = time_calls([lambda i=i: engine.search(Query.like(i)) for i in ids])
    paths = [hit.path for hit in engine.search("picture", limit=100).results]
    examples = time_calls([lambda p=p: engine.search(Query.image(p)) for p in paths])
    mixed = time_calls(
        [
            lambda t=t, i=i: engine.search(Query.text(f"a {t}").and_like(i, 0.5).without("a cat"))
            for t, i in zip(texts, ids, strict=False)
        ]
    )
    rows = [
        (name, f"{timing.p50:.1f}", f"{timing.p99:.1f}")
        for name, timing in (
            ("words", words),
            ("an image of the library", like),
            ("an example file", examples),
            ("words + image - words", mixed),
        )
    ]
    title = f"Search among {engine.info().images} images, inside the process, 20 results"
    return "\n\n".join(
        [
            f"### {title}\n\n" + table(("query", "p50 ms", "p99 ms"), rows),
            "### From cold\n\n" + _cold(library),
            "### Length of texts\n\n" + _padding(engine, texts[:100]),
        ]
    )


def _cold(library: Path) -> str:
    command = [sys.executable, "-m", "engine", "search", "red shoes", "--library", str(library)]
    taken: list[float] = []
    for _ in range(5):
        started = time.perf_counter()
        subprocess.run(command, capture_output=True, check=True)
        taken.append(time.perf_counter() - started)
    rows = [('`python -m engine search "red shoes"`', f"{np.median(taken):.2f}")]
    return table(("command", "median s"), rows)


def _padding(engine: SearchEngine, texts: list[str]) -> str:
    """The text tower on texts at their own length, against texts padded as many systems do."""
    encoder = engine.encoder
    own = time_calls([lambda t=t: encoder.encode_texts([t]) for t in texts])
    # A long text behind it makes the batch's length that of the model's whole context.
    longest = "word " * 100
    pair = time_calls([lambda t=t: encoder.encode_texts([t, longest]) for t in texts[:50]])
    padded = pair.p50 / 2
    rows = [
        ("own length", f"{own.p50:.1f}", "1.0"),
        ("the whole context", f"{padded:.1f}", f"{padded / own.p50:.1f}"),
    ]
    return table(("a short text at", "ms", "ratio"), rows)
