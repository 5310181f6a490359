"""Candidates: one tower in one precision, made, measured and compared with float32."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, TypeVar

import numpy as np
import numpy.typing as npt

from engine.encoder import Encoder, ImageSource, load
from engine.encoder.tokens import TextTokenizer
from export import precisions
from export.graphs.files import megabytes
from export.guard.calibration import (
    Calibration,
    Embedded,
    embed,
    embed_pictures,
    embed_texts,
    prepared,
)
from export.guard.loss import Loss, measure_loss
from export.manifest import write_draft
from export.measure import Speed, measure_tower
from export.precisions import Feeds
from export.spec import TEXT, TOKENIZER, VISION, ModelSpec, Say, Vectors

Array = npt.NDArray[Any]
Item = TypeVar("Item")
TowerName = Literal["vision", "text"]
FILES: Mapping[TowerName, str] = {"vision": VISION, "text": TEXT}
_FEEDS = 64
_FEED_BATCH = 8


@dataclass(frozen=True)
class Candidate:
    """A tower in some precision.

    Attributes:
        tower: which one.
        precision: a name of `precisions.PRECISIONS`.
        file: the tower's ONNX file.
        kept: nodes left in float because they lose most.
        megabytes: size of the tower's files.
        speed: on this machine.
        rows: the calibration set's pictures or texts through this tower, float32 [n, dim].
        loss: with this tower, the other one in float32.
    """

    tower: TowerName
    precision: str
    file: Path
    kept: frozenset[str]
    megabytes: float
    speed: Speed
    rows: Vectors
    loss: Loss

    @property
    def cost(self) -> float:
        """Milliseconds of what a person waits for: one text, or a picture of a batch."""
        return self.speed.ms_one if self.tower == "text" else self.speed.ms_batch


class Workbench:
    """Makes candidates beside the float32 towers, each once."""

    def __init__(self, folder: Path, spec: ModelSpec, calibration: Calibration, say: Say) -> None:
        """Embed the calibration set in float32.

        Args:
            folder: a complete model folder in float32; candidates are made in it.
            spec: what is true in every precision.
            calibration: what to compare on.
            say: takes a line for each step.
        """
        self._folder, self._spec, self._say = folder, spec, say
        self.calibration = calibration
        encoder = load(folder, device="cpu")
        say(f"fp32: embedding {calibration.name}")
        self.exact = embed(folder, calibration)
        self._feeds: dict[TowerName, Feeds] = {
            "vision": _vision_feeds(encoder, spec, calibration.pictures),
            "text": _text_feeds(folder / TOKENIZER, spec, calibration.texts),
        }

    def candidate(
        self, tower: TowerName, precision: str, kept: Collection[str] = (), device: str = "cpu"
    ) -> Candidate:
        """Make one tower in one precision, embed with it, and time it.

        Raises:
            ExportError: this precision cannot be made for this tower, or does not run.
        """
        label = f"{precision}{f' with {len(kept)} layers in float' if kept else ''}"
        self._say(f"{label}: the {tower} tower")
        source = self._folder / FILES[tower]
        file, rows = source, self.exact
        if precision != "fp32":
            file = self._folder / f"{tower}-{precision}-{len(kept)}.onnx"
            precisions.make(precision, source, file, self._feeds[tower], kept)
        write_draft(self._folder, self._spec, **{tower: file.name})
        if precision != "fp32":
            rows = self._embed_one(tower)
        return Candidate(
            tower=tower,
            precision=precision,
            file=file,
            kept=frozenset(kept),
            megabytes=round(megabytes(file), 2),
            speed=measure_tower(self._folder, tower, device),
            rows=rows.images if tower == "vision" else rows.texts,
            loss=self.loss(rows),
        )

    def worst_layers(self, tower: TowerName, precision: str) -> list[str]:
        """Names of the tower's nodes that this precision can quantize, most lossy first."""
        ranked = precisions.sensitivity(
            precision, self._folder / FILES[tower], self._feeds[tower][:2]
        )
        return [name for name, _ in ranked]

    def together(self, vision: Candidate, text: Candidate) -> Loss:
        """The loss with both towers as these candidates."""
        return self.loss(Embedded(vision.rows, text.rows))

    def loss(self, embedded: Embedded) -> Loss:
        """The loss of an embedding of the calibration set."""
        return measure_loss(self.exact, embedded, self.calibration.owner)

    def _embed_one(self, tower: TowerName) -> Embedded:
        """The calibration set; only the side of `tower` is computed anew."""
        if tower == "text":
            encoder = load(self._folder, device="cpu", threads=1)
            return replace(self.exact, texts=embed_texts(encoder, self.calibration))
        images, windows = embed_pictures(load(self._folder, device="cpu"), self.calibration)
        return replace(self.exact, images=images, windows=windows)


def _vision_feeds(encoder: Encoder, spec: ModelSpec, pictures: Sequence[ImageSource]) -> Feeds:
    """Some pictures as inputs of the vision tower."""

    (name,) = spec.vision.inputs
    batches = _batches(pictures, spec.vision.batch)
    return [
        {name: np.stack([prepared(encoder, picture) for picture in batch])} for batch in batches
    ]


def _text_feeds(tokenizer: Path, spec: ModelSpec, texts: Sequence[str]) -> Feeds:
    """Some texts as inputs of the text tower."""
    tokens = TextTokenizer(tokenizer, spec.tokens, spec.text.inputs)
    batches = _batches(texts, spec.text.batch)
    return [dict(zip(spec.text.inputs, tokens(batch), strict=True)) for batch in batches]


def _batches(items: Sequence[Item], size: int | None) -> list[list[Item]]:
    """Batches of items from all over the set."""
    some = list(items[:: max(1, len(items) // _FEEDS)])[:_FEEDS]
    step = size or _FEED_BATCH
    return [some[at : at + step] for at in range(0, len(some) - len(some) % step, step)]
