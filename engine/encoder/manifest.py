"""What `model.json` says: the whole truth about a model folder."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

ResizeMode = Literal["squash", "crop", "pad"]
Interpolation = Literal["nearest", "bilinear", "bicubic", "lanczos"]
Padding = Literal["longest", "max_length"]
CropRounding = Literal["down", "half_even"]
TEXT_INPUTS = ("input_ids", "attention_mask", "token_type_ids")

WINDOW_EMBEDS = "window_embeds"
"""The vision tower's second output where `Manifest.windows` is set."""


class ModelError(Exception):
    """A model folder that cannot be used; the message names the file and the field."""


@dataclass(frozen=True)
class ModelFile:
    """A file of the model folder with the digest it must have."""

    file: str
    sha256: str


@dataclass(frozen=True)
class Tower(ModelFile):
    """One half of the dual encoder, as an ONNX file.

    Attributes:
        precision: how the weights are stored and multiplied, such as `fp32` or `int8-dynamic`.
        inputs: names of the graph's inputs; those of a text tower are some of TEXT_INPUTS.
        output: name of the output with one L2-normalised row an item.
        data: the file beside it that holds the weights, where one file is too small for them.
        batch: rows that the graph takes at a time; None is any number.
    """

    precision: str
    inputs: tuple[str, ...]
    output: str
    data: ModelFile | None = None
    batch: int | None = None


@dataclass(frozen=True)
class PatchHead(Tower):
    """Patch embeddings in the common space, for explaining a match.

    Its one input is a further output of the vision tower, which is not asked for otherwise. Its
    output is float32 [n, rows * columns, dim], row by row from the top left.

    Attributes:
        rows: patches from top to bottom.
        columns: patches from left to right.
    """

    rows: int = 0
    columns: int = 0


@dataclass(frozen=True)
class WindowGrid:
    """Windows of a picture, which overlap, embedded in the same run as the picture itself.

    They are the vision tower's output WINDOW_EMBEDS, float32 [n, rows * columns, dim], unit rows in
    the common space, row by row from the top left.

    Attributes:
        rows: windows from top to bottom.
        columns: windows from left to right.
    """

    rows: int
    columns: int


@dataclass(frozen=True)
class PixelRules:
    """How a picture becomes the vision tower's input; `mean` and `std` are in [0, 1] units.

    Attributes:
        resize: see `pixels.prepare`.
        edge: `crop` scales the shortest edge to this many pixels, at least the longer of width
            and height; None is as few as cover width and height.
        crop_rounding: where an odd number of pixels is cut off, the first side loses the smaller
            half (`down`, transformers) or the even one (`half_even`, torchvision).
    """

    width: int
    height: int
    resize: ResizeMode
    interpolation: Interpolation
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    edge: int | None = None
    crop_rounding: CropRounding = "half_even"


@dataclass(frozen=True)
class TextRules:
    """How a text becomes the text tower's input.

    Attributes:
        context_length: longest sequence in tokens, special tokens included.
        padding: `longest` pads a batch to its longest text, `max_length` to `context_length`.
        prompt: template around every text; `{}` stands for the text.
    """

    context_length: int
    padding: Padding
    pad_id: int
    lowercase: bool
    prompt: str


@dataclass(frozen=True)
class ScoreCurve:
    """Cosine to probability of a match: `sigmoid(scale * (cosine - midpoint))`."""

    scale: float
    midpoint: float


@dataclass(frozen=True)
class Manifest:
    """Everything `model.json` says. `folder` is where it was read from."""

    folder: Path
    name: str
    source: str
    revision: str
    licence: Mapping[str, str]
    dim: int
    vision: Tower
    text: Tower
    tokenizer: ModelFile
    pixels: PixelRules
    tokens: TextRules
    text_score: ScoreCurve
    image_score: ScoreCurve
    patches: PatchHead | None = None
    windows: WindowGrid | None = None
    measured: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def fingerprint(self) -> str:
        """Short digest of what decides a picture's vector; libraries are stamped with it."""
        weights = [tower.data.sha256 for tower in (self.vision, self.text) if tower.data]
        graphs = (self.vision.sha256, self.text.sha256)
        text = "|".join([*graphs, str(self.dim), _in_full(self.pixels), *weights])
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def _in_full(rules: PixelRules) -> str:
    """All that differs from the defaults, so that a rule added later changes no old fingerprint."""
    said = [
        f"{rule.name}={value!r}"
        for rule in fields(rules)
        if (value := getattr(rules, rule.name)) != rule.default
    ]
    return f"PixelRules({', '.join(said)})"
