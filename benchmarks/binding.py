"""Which of two things has which colour: pictures of two things, and with colours exchanged.

All pictures are one library, and for each text the right picture has to come before the one with
exchanged colours.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.timing import time_calls
from benchmarks.two_things import SETS, cases
from engine import Encoder, SearchEngine
from engine.evaluation.intervals import interval
from export.markdown import table

_FORMS = ("a {0} and a {1}", "{0} with {1}", "a {0} next to a {1}")
_NEW = "one {0} beside one {1}"

Asked = tuple[str, str, Path, Path]
"""The one thing, the other, the right picture, and the one with exchanged colours."""


def measure(encoder: Encoder, count: int) -> str:
    """A table for docs/search.md.

    Args:
        encoder: the model; one that gives windows.
        count: pairs of pictures of each set.
    """
    rows = []
    for name, make in SETS.items():
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary) / "pictures"
            folder.mkdir()
            asked: list[Asked] = []
            for number, case in enumerate(cases(make, count)):
                paths = [folder / f"{number}-{which}.jpg" for which in ("right", "exchanged")]
                case.right.save(paths[0], quality=92)
                case.exchanged.save(paths[1], quality=92)
                asked.append((case.first, case.second, paths[0], paths[1]))
            with SearchEngine.with_encoder(encoder, Path(temporary) / "library") as engine:
                engine.index([folder])
                rows.append((name, str(len(asked)), *_asked(engine, asked)))
    heading = (
        "", "pairs", "right before exchanged, by the whole text", "with its parts",
        "ms a search (p50), text of one part", "of two parts",
    )  # fmt: skip
    return table(heading, rows)


def _asked(engine: SearchEngine, cases: Sequence[Asked]) -> tuple[str, ...]:
    ids = {record.path: record.id for record in engine.images()}
    whole, parts, places = list[bool](), list[bool](), list[int]()
    for place, (left, right, path, other) in enumerate(cases):
        pair = [ids[str(path)], ids[str(other)]]
        texts = [form.format(left, right) for form in _FORMS]
        order, vectors = engine.vectors(pair)
        vectors = vectors[np.argsort([pair.index(one) for one in order.tolist()])]
        for text, vector in zip(texts, engine.encoder.encode_texts(texts), strict=True):
            first, second = (vectors @ vector).tolist()
            whole.append(first > second)
            found = [hit.id for hit in engine.search(text, limit=len(ids)).results]
            parts.append(found.index(pair[0]) < found.index(pair[1]))
            places.append(place)
    shown = []
    for each in (whole, parts):
        values = np.array(each, dtype=np.float64)
        low, high = interval(values, np.array(places))
        shown.append(f"{values.mean():.3f} [{low:.3f}, {high:.3f}]")
    return (*shown, *(f"{_cost(engine, cases, form):.0f}" for form in ("{0} outside", _NEW)))


def _cost(engine: SearchEngine, cases: Sequence[Asked], form: str) -> float:
    """Median milliseconds of a search for a text that was not asked before."""
    texts = [form.format(left, right) for left, right, _, _ in cases]
    return time_calls([lambda t=text: engine.search(t) for text in dict.fromkeys(texts)]).p50
