"""What `model.json` says: the whole truth about a model folder."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

ResizeMode = Literal["squash", "crop", "pad"]
Interpolation = Literal["nearest", "bilinear", "bicubic", "lanczos"]
Padding = Literal["longest", "max_length"]


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
        precision: what the weights are stored as (`fp32`, `fp16`, `int8`).
        inputs: names of the graph's inputs, in the order the encoder feeds them.
        output: name of the output with one L2-normalised row an item.
    """

    precision: str
    inputs: tuple[str, ...]
    output: str


@dataclass(frozen=True)
class PixelRules:
    """How a picture becomes the vision tower's input; `mean` and `std` are in [0, 1] units."""

    width: int
    height: int
    resize: ResizeMode
    interpolation: Interpolation
    mean: tuple[float, float, float]
    std: tuple[float, float, float]


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
    measured: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def fingerprint(self) -> str:
        """Short digest of what decides a picture's vector; libraries are stamped with it."""
        text = f"{self.vision.sha256}|{self.text.sha256}|{self.dim}|{self.pixels}"
        return hashlib.sha256(text.encode()).hexdigest()[:16]
