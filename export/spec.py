"""What the steps of an export hand to each other: plain data, no PyTorch."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt
from PIL import Image

from engine.encoder import ScoreCurve
from engine.encoder.manifest import PixelRules, TextRules

Vectors = npt.NDArray[np.float32]
Say = Callable[[str], None]

VISION, TEXT, PATCHES, TOKENIZER = "vision.onnx", "text.onnx", "patches.onnx", "tokenizer.json"
PARITY = 1e-4
"""Components of float32 rows may differ this much from the source framework's."""

PATCH_STATES, PATCH_EMBEDS = "patch_states", "patch_embeds"


@dataclass(frozen=True)
class Graph:
    """A tower's ONNX file, as the engine feeds it.

    Attributes:
        inputs: `pixel_values` (float32 [n, 3, height, width]), or some of `input_ids`,
            `attention_mask`, `token_type_ids` (int64 [n, length]), in the order of the graph.
        output: the output with rows of unit length, float32 [n, dim].
        batch: rows that the graph takes at a time, where that number is fixed.
    """

    inputs: tuple[str, ...]
    output: str
    batch: int | None = None


@dataclass(frozen=True)
class Grid:
    """How parts of a picture lie, row by row from the top left."""

    rows: int
    columns: int


@dataclass(frozen=True)
class ModelSpec:
    """What is true of a model in every precision.

    Attributes:
        dim: width of the common space.
        vision: the tower for pictures. Where `patches` is set, it has a second output PATCH_STATES.
        text: the tower for texts.
        patches: where `patches.onnx` turns PATCH_STATES into PATCH_EMBEDS, float32 [n, patches,
            dim] with rows of unit length.
        windows: where the vision tower has a second output `window_embeds`, float32 [n, windows,
            dim] with rows of unit length. A tower has patches or windows, not both.
        curves: the score curves `text` and `image`, where the source brings its own.
        parity: largest absolute difference between the source framework and the graphs on equal
            tensors, by tower; empty where there is no framework.
    """

    dim: int
    vision: Graph
    text: Graph
    pixels: PixelRules
    tokens: TextRules
    patches: Grid | None = None
    windows: Grid | None = None
    curves: Mapping[str, ScoreCurve] = field(default_factory=dict)
    parity: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Provenance:
    """Where a model is from.

    Attributes:
        source: hub id, or the name (not the path) of a local folder.
        revision: commit of the hub, or digest of local weights.
        licence: of `code` and of `weights`, as the source says.
        readme: text of the source's own model card without its header, or "".
    """

    source: str
    revision: str
    licence: Mapping[str, str]
    readme: str = ""


class Reference(Protocol):
    """The source framework with its own processors: what the export must agree with."""

    def images(self, pictures: Sequence[Image.Image]) -> Vectors:
        """Unit rows, float32 [n, dim], of upright RGB pictures."""
        ...

    def texts(self, texts: Sequence[str]) -> Vectors:
        """Unit rows, float32 [n, dim]."""
        ...


class Source(Protocol):
    """A model that can be exported."""

    provenance: Provenance

    def write(self, folder: Path, say: Say) -> ModelSpec:
        """Write float32 graphs and the bare tokenizer into `folder` under the names above.

        Raises:
            ExportError: it cannot be done; the message names the file or field.
        """
        ...

    def reference(self) -> Reference | None:
        """The framework to compare with; None where the source has graphs only."""
        ...
