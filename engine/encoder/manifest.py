"""`model.json`: the whole truth about a model folder, read once and checked against its files."""

import hashlib
import json
import math
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, cast, get_args

SCHEMA = 1
MANIFEST_NAME = "model.json"

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


def read_manifest(folder: Path) -> Manifest:
    """Read `folder/model.json`.

    Raises:
        ModelError: the folder or file is missing, or a field is missing or of the wrong kind.
    """
    path = folder / MANIFEST_NAME
    try:
        fields = _Fields(path, "", json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise ModelError(
            f"{path}: no such file. A model folder holds {MANIFEST_NAME}, vision.onnx, text.onnx "
            "and tokenizer.json; `python -m export` makes one."
        ) from None
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(f"{path}: cannot be read: {error}") from error
    schema = fields.take("schema", int)
    if schema != SCHEMA:
        raise ModelError(f"{path}: field 'schema' is {schema}; this version reads {SCHEMA}")
    return Manifest(
        folder=folder,
        name=fields.take("name", str),
        source=fields.take("source", str),
        revision=fields.take("revision", str),
        licence=fields.take("license", dict),
        dim=fields.count("dim"),
        vision=_tower(fields.inside("vision"), inputs=1),
        text=_tower(fields.inside("text"), inputs=2),
        tokenizer=_model_file(fields.inside("tokenizer")),
        pixels=_pixel_rules(fields.inside("pixels")),
        tokens=_text_rules(fields.inside("tokens")),
        text_score=_score_curve(fields.inside("score").inside("text")),
        image_score=_score_curve(fields.inside("score").inside("image")),
        measured=fields.take("measured", dict),
    )


def verify_files(manifest: Manifest) -> None:
    """Compare the folder's files with the digests of the manifest.

    Raises:
        ModelError: a file is missing or is not the one the manifest describes.
    """
    named = {
        "vision": manifest.vision,
        "text": manifest.text,
        "tokenizer": manifest.tokenizer,
    }
    with ThreadPoolExecutor(len(named)) as pool:  # hashlib lets other threads run
        checks = [
            pool.submit(_verify, manifest.folder, field_name, expected)
            for field_name, expected in named.items()
        ]
        for check in checks:
            check.result()


def _verify(folder: Path, field_name: str, expected: ModelFile) -> None:
    path = folder / expected.file
    try:
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
    except FileNotFoundError:
        raise ModelError(
            f"{path}: missing, but {MANIFEST_NAME} names it in '{field_name}.file'"
        ) from None
    except OSError as error:
        raise ModelError(f"{path}: cannot be read: {error.strerror}") from error
    if digest != expected.sha256:
        raise ModelError(
            f"{path}: has sha256 {digest[:12]}..., but '{field_name}.sha256' of {MANIFEST_NAME} "
            f"says {expected.sha256[:12]}...: the file was changed or damaged; "
            "restore it or export the model again"
        )


class _Fields:
    """A JSON object whose fields are taken with their type, or refused by name."""

    def __init__(self, path: Path, prefix: str, value: Any) -> None:
        if not isinstance(value, dict):
            raise ModelError(f"{path}: field '{prefix.rstrip('.')}' must be an object")
        self._path, self._prefix = path, prefix
        self._value = cast("dict[str, Any]", value)

    def take(self, name: str, kind: type[Any]) -> Any:
        if name not in self._value:
            raise ModelError(f"{self._path}: field '{self._prefix}{name}' is missing")
        value = self._value[name]
        accepted = (int, float) if kind is float else kind
        if not isinstance(value, accepted) or (kind in (int, float) and isinstance(value, bool)):
            raise ModelError(
                f"{self._path}: field '{self._prefix}{name}' is {value!r}; expected {kind.__name__}"
            )
        return value

    def count(self, name: str) -> int:
        value: int = self.take(name, int)
        if value < 1:
            raise self.refuse(name, f"is {value}; expected at least 1")
        return value

    def number(self, name: str) -> float:
        value = self.take(name, float)
        if not _is_number(value):
            raise self.refuse(name, f"is {value!r}; expected a finite number")
        return float(value)

    def choice(self, name: str, choices: Any) -> Any:
        value = self.take(name, str)
        if value not in get_args(choices):
            known = ", ".join(get_args(choices))
            raise self.refuse(name, f"is {value!r}; expected one of: {known}")
        return value

    def inside(self, name: str) -> "_Fields":
        return _Fields(self._path, f"{self._prefix}{name}.", self.take(name, dict))

    def refuse(self, name: str, why: str) -> ModelError:
        return ModelError(f"{self._path}: field '{self._prefix}{name}' {why}")


def _model_file(fields: _Fields) -> ModelFile:
    name = fields.take("file", str)
    if Path(name).name != name or name in ("", "..") or "\0" in name:
        raise fields.refuse("file", f"is {name!r}; expected the name of a file in the folder")
    return ModelFile(file=name, sha256=fields.take("sha256", str))


def _tower(fields: _Fields, inputs: int) -> Tower:
    base = _model_file(fields)
    names = fields.take("inputs", list)
    if len(names) != inputs or not all(isinstance(name, str) for name in names):
        raise fields.refuse("inputs", f"is {names!r}; expected {inputs} name(s)")
    return Tower(
        file=base.file,
        sha256=base.sha256,
        precision=fields.take("precision", str),
        inputs=tuple(names),
        output=fields.take("output", str),
    )


def _pixel_rules(fields: _Fields) -> PixelRules:
    def three(name: str) -> tuple[float, float, float]:
        values = fields.take(name, list)
        if len(values) != 3 or not all(_is_number(value) for value in values):
            raise fields.refuse(name, f"is {values!r}; expected three numbers (R, G, B)")
        return (float(values[0]), float(values[1]), float(values[2]))

    std = three("std")
    if min(std) <= 0:
        raise fields.refuse("std", f"is {list(std)}; expected numbers larger than 0")
    return PixelRules(
        width=fields.count("width"),
        height=fields.count("height"),
        resize=fields.choice("resize", ResizeMode),
        interpolation=fields.choice("interpolation", Interpolation),
        mean=three("mean"),
        std=std,
    )


def _text_rules(fields: _Fields) -> TextRules:
    prompt = fields.take("prompt", str)
    if "{}" not in prompt:
        raise fields.refuse("prompt", f"is {prompt!r}; it must hold {{}} where the text goes")
    return TextRules(
        context_length=fields.count("context_length"),
        padding=fields.choice("padding", Padding),
        pad_id=fields.take("pad_id", int),
        lowercase=fields.take("lowercase", bool),
        prompt=prompt,
    )


def _score_curve(fields: _Fields) -> ScoreCurve:
    scale = fields.number("scale")
    if scale <= 0:
        raise fields.refuse("scale", f"is {scale}; a better match must not score lower")
    return ScoreCurve(scale=scale, midpoint=fields.number("midpoint"))


def _is_number(value: object) -> bool:
    """Whether a JSON value is a finite number; true and false are none."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # an integer beyond all floats
        return False
