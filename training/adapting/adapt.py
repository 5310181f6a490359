"""`adapt`: from pairs to an adapter, and whether it helps on pairs that it was kept from."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from engine import Adapter, SearchEngine
from engine.encoder import ScoreCurve
from engine.evaluation import Setting
from engine.query.scores.phrases import phrases
from export.scores import Pairs as CosinePairs
from export.scores import fit_curve
from training.adapting.fit import best_scale, fit_turn
from training.adapting.pairs import Pairs
from training.adapting.split import Part, Split, split
from training.adapting.trial import Trial, kept, reciprocal_rank, try_on_data, try_on_part

MEASURE = "mAP"
"""What has to get better on the held-out pairs."""

_LEAST = 20  # texts and images in the held-out part; fewer say nothing
_LARGEST = 30_000_000  # texts times images that are learnt from at once
_NEUTRAL = 2000
_SAMPLE = 20_000  # images of the library on which neutral texts are tried
_STRICTNESS = (0.3, 0.1, 0.03, 0.01, 0.003)  # from strict to free: each begins where one ended

Rows = npt.NDArray[np.float32]
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, eq=False)
class Adaptation:
    """What came of it.

    Attributes:
        adapter: with its record in `about`.
        held_out: on the pairs that it did not learn from.
        general: on other data, where some were given.
        helps: whether the held-out pairs show it: the 95 % interval of the gain is above zero.
    """

    adapter: Adapter
    held_out: Trial
    general: Trial | None
    helps: bool


def adapt(
    engine: SearchEngine,
    pairs: Pairs,
    name: str,
    general: tuple[Path, Setting] | None = None,
    tell: Tell | None = None,
) -> Adaptation:
    """Learn an adapter, and try it on a fifth of the images that it was kept from. Stores nothing.

    Args:
        engine: of the library, opened without an adapter.
        pairs: of this library.
        name: of the adapter.
        general: a data set of other things, to see what it costs there.
        tell: called with what is being done, and how much of how much.

    Raises:
        ValueError: there are too few pairs to say whether it helps.
    """
    started = time.perf_counter()
    pairs = pairs.at_most(_LARGEST)
    parts = split(pairs)
    if min(len(parts.held.texts), len(parts.held.images)) < _LEAST:
        raise ValueError(
            f"{pairs.source}: {len(pairs.texts)} texts for {len(pairs.images)} images are too few "
            f"to hold some out and see whether it helps; that takes at least {_LEAST} texts and "
            f"images, and here {len(parts.held.texts)} and {len(parts.held.images)} are left for it"
        )
    texts = engine.encoder.encode_texts(pairs.texts)
    neutral = engine.encoder.encode_texts(phrases(_NEUTRAL))
    learnt = parts.learnt
    scale = best_scale(texts[learnt.texts], pairs.vectors[learnt.images], learnt.relevant)

    def turn_of(part: Part, strictness: float, start: Rows | None, what: str) -> Rows:
        rows, images = texts[part.texts], pairs.vectors[part.images]
        told = partial(tell, what) if tell else None
        return fit_turn(rows, images, part.relevant, neutral, scale, strictness, start, told)

    strictness = _choose(pairs, parts, texts, turn_of)
    turn = turn_of(learnt, strictness, None, "learning")
    plain = Adapter(name, turn, engine.encoder.manifest.text_score)
    adapter = Adapter(name, turn, _curve(pairs, parts.held, plain(texts)))
    held = try_on_part("held out", pairs, parts.held, texts, adapter)
    other = try_on_data(*general, engine.encoder, adapter) if general else None
    _, sample = engine.vectors([image.id for image in engine.latest(_SAMPLE)])
    about = _about(pairs, parts, strictness, scale, held, other)
    about["neutral"] = kept(neutral, sample, adapter)
    about["seconds"] = round(time.perf_counter() - started, 1)
    found = Adapter(name, turn, adapter.text_score, about)
    return Adaptation(found, held, other, held.gains[MEASURE].low > 0)


def _choose(
    pairs: Pairs,
    parts: Split,
    texts: Rows,
    turn_of: Callable[[Part, float, Rows | None, str], Rows],
) -> float:
    """The strictness that does best on a fifth of what is learnt from."""
    inner = split(pairs, among=parts.learnt.images)
    learnt, held = inner.learnt, inner.held
    images = pairs.vectors[held.images]
    rows, turn = texts[held.texts], None
    found = {}
    for number, strictness in enumerate(_STRICTNESS, start=1):
        what = f"trying {number} of {len(_STRICTNESS)}"
        turn = turn_of(learnt, strictness, turn, what)
        found[strictness] = reciprocal_rank(rows + rows @ turn, images, held.relevant)
    return max(found, key=lambda strictness: (found[strictness], strictness))


def _curve(pairs: Pairs, part: Part, turned: Rows) -> ScoreCurve:
    """From cosine to score for texts that are turned."""
    cosines = turned[part.texts] @ pairs.vectors[part.images].T
    return fit_curve([CosinePairs(cosines[part.relevant], cosines[~part.relevant])])


def _about(
    pairs: Pairs, parts: Split, strictness: float, scale: float, held: Trial, other: Trial | None
) -> dict[str, Any]:
    return {
        "source": Path(pairs.source).name,
        "texts": len(pairs.texts),
        "images": len(pairs.images),
        "texts apart": parts.by_text,
        "strictness": strictness,
        "scale": round(scale, 2),
        "made": time.strftime("%Y-%m-%d"),
        "held_out": asdict(held),
        "general": asdict(other) if other else None,
    }
