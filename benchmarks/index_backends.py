"""All installed kinds of index on the same vectors: time to build, memory, disk, time, recall."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.index_process import CANDIDATES, DIM, PLAIN, TOP, TWO_STAGES
from benchmarks.vectors import image_queries, text_queries, write_vectors
from engine.index import BACKENDS, IndexUnavailableError
from engine.machine import describe_machine
from export.markdown import table

SIZES = (10_000, 100_000)
LARGE = 1_000_000
_MILVUS_LITE = 100_000  # it is written in Python, and means to hold no more than this

_QUERIES = 300
_TEXTS_FOR_FITTING = 500

Say = Callable[[str], None]


@dataclass(frozen=True)
class Report:
    """Measurements of all kinds at all sizes.

    Attributes:
        machine: where they were made.
        sizes: for each number of vectors what `index_process` printed for each kind.
        skipped: kinds that were left out, and why.
    """

    machine: str
    sizes: dict[int, list[dict[str, Any]]]
    skipped: dict[str, str]

    def as_json(self) -> str:
        """All values."""
        return json.dumps(
            {"machine": self.machine, "sizes": self.sizes, "skipped": self.skipped}, indent=2
        )

    def as_markdown(self) -> str:
        """A table of ratios and one of values for each size."""
        parts = []
        for count, rows in self.sizes.items():
            parts += [f"### {count:,} vectors of {DIM}", _ratios(rows), _values(rows)]
        parts += [f"Left out: {kind}: {why}" for kind, why in self.skipped.items()]
        return "\n\n".join(parts)


def measure(
    sizes: Sequence[int] = SIZES, kinds: Sequence[str] = (), say: Say = lambda message: None
) -> Report:
    """Measure kinds of index, each in a process of its own.

    Args:
        sizes: numbers of vectors.
        kinds: `hnsw, two stages`, `hnswlib, plain`, or names of backends; all if empty.
        say: told what is being measured.
    """
    every = ["flat", PLAIN, TWO_STAGES, *(name for name in BACKENDS if name != "flat")]
    unknown = set(kinds) - set(every)
    if unknown:
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}; expected {', '.join(every)}")
    wanted = [kind for kind in every if not kinds or kind in kinds]
    skipped = {kind: why for kind in wanted if (why := _unavailable(kind))}
    done: dict[int, list[dict[str, Any]]] = {}
    with tempfile.TemporaryDirectory() as temporary:
        queries = Path(temporary) / "queries.npz"
        texts = text_queries(_TEXTS_FOR_FITTING + _QUERIES, DIM)
        np.savez(
            queries,
            fitting=texts[:_TEXTS_FOR_FITTING],
            texts=texts[_TEXTS_FOR_FITTING:],
            images=image_queries(_QUERIES, DIM),
        )
        for count in sizes:
            file = Path(temporary) / f"{count}.f16"
            say(f"making {count:,} vectors")
            write_vectors(file, count, DIM)
            done[count] = []
            for kind in wanted:
                if kind in skipped:
                    continue
                if kind == "milvus" and count > _MILVUS_LITE:
                    skipped[f"milvus at {count:,}"] = "milvus-lite is not made for so many"
                    continue
                say(f"{count:,} vectors: {kind}")
                result = _run(kind, file, queries, count)
                if isinstance(result, str):
                    skipped[f"{kind} at {count:,}"] = result
                else:
                    done[count].append(result)
            file.unlink()
    return Report(describe_machine(), done, skipped)


def _unavailable(kind: str) -> str:
    try:
        BACKENDS[{PLAIN: "hnsw", TWO_STAGES: "hnsw"}.get(kind, kind)](DIM).close()
    except IndexUnavailableError as error:
        return str(error)
    return ""


def _run(kind: str, file: Path, queries: Path, count: int) -> dict[str, Any] | str:
    """What was measured, or the last line of what went wrong."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "benchmarks.index_process", kind]
        command += [str(file), str(queries), str(count), folder]
        run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode:
        return (run.stderr.strip().splitlines() or [f"ended with {run.returncode}"])[-1]
    return dict(json.loads(run.stdout.strip().splitlines()[-1]))


def _ratios(rows: Sequence[dict[str, Any]]) -> str:
    """How many times quicker and smaller than the two that people know."""
    by_kind = {row["kind"]: row for row in rows}
    lines = []
    for name in ("flat", PLAIN):
        other = by_kind.get(name)
        for row in rows:
            if other is None or row is other:
                continue
            lines.append(
                (
                    row["kind"],
                    name,
                    *(f"{other[key] / max(row[key], 1e-9):.2g}" for key in ("build_s", "ram_mb")),
                    *(
                        f"{other[queries]['p50_ms'] / row[queries]['p50_ms']:.2g}"
                        for queries in ("image", "text")
                    ),
                    f"{row['text']['recall'] - other['text']['recall']:+.3f}",
                )
            )
    headings = ("index", "against", "build, times quicker", "RAM, times less")
    headings += ("image query, times quicker", "text query", "recall of texts")
    return table(headings, lines)


def _values(rows: Sequence[dict[str, Any]]) -> str:
    lines = [
        (
            row["kind"],
            f"{row['build_s']:.1f}",
            f"{row['ram_mb']:.0f}",
            f"{row['disk_mb']:.0f}",
            *(
                f"{row[queries]['p50_ms']:.2f} / {row[queries]['p99_ms']:.2f}"
                for queries in ("image", "text")
            ),
            *(f"{row[queries]['recall']:.3f}" for queries in ("image", "text")),
        )
        for row in rows
    ]
    headings = ("index", "build s", "RAM MB", "disk MB", "image p50 / p99 ms")
    headings += ("text p50 / p99 ms", f"recall@{TOP} image", "text")
    said = (
        f"flat and plain hnswlib give {TOP} results; of the others {CANDIDATES} candidates are "
        "scored again from the stored float16 vectors, which is in the times. RAM without them."
    )
    return f"{said}\n\n{table(headings, lines)}"
