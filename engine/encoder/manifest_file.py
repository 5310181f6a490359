"""Reading `model.json`, and checking the model folder's files against it."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from engine.encoder.fields import Fields, is_number
from engine.encoder.manifest import (
    TEXT_INPUTS,
    CropRounding,
    Interpolation,
    Manifest,
    ModelError,
    ModelFile,
    Padding,
    PatchHead,
    PixelRules,
    ResizeMode,
    ScoreCurve,
    TextRules,
    Tower,
    WindowGrid,
)

SCHEMA = 2
"""What the exporter writes."""

_READABLE = (1, SCHEMA)  # schema 2 has more optional fields, and says otherwise the same
MANIFEST_NAME = "model.json"


def read_manifest(folder: Path) -> Manifest:
    """Read `folder/model.json`.

    Raises:
        ModelError: the folder or file is missing, or a field is missing or of the wrong kind.
    """
    path = folder / MANIFEST_NAME
    try:
        fields = Fields(path, "", json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise ModelError(
            f"{path}: no such file. A model folder holds {MANIFEST_NAME}, vision.onnx, text.onnx "
            "and tokenizer.json; `python -m export` makes one."
        ) from None
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(f"{path}: cannot be read: {error}") from error
    schema = fields.take("schema", int)
    if schema not in _READABLE:
        known = " and ".join(map(str, _READABLE))
        raise ModelError(f"{path}: field 'schema' is {schema}; this version reads {known}")
    return Manifest(
        folder=folder,
        name=fields.take("name", str),
        source=fields.take("source", str),
        revision=fields.take("revision", str),
        licence=fields.take("license", dict),
        dim=fields.count("dim"),
        vision=_tower(fields.inside("vision")),
        text=_text_tower(fields.inside("text")),
        tokenizer=_model_file(fields.inside("tokenizer")),
        pixels=_pixel_rules(fields.inside("pixels")),
        tokens=_text_rules(fields.inside("tokens")),
        text_score=_score_curve(fields.inside("score").inside("text")),
        image_score=_score_curve(fields.inside("score").inside("image")),
        patches=_patch_head(fields.inside("patches")) if fields.has("patches") else None,
        windows=_window_grid(fields.inside("windows")) if fields.has("windows") else None,
        measured=fields.take("measured", dict),
    )


def verify_files(manifest: Manifest) -> None:
    """Compare the folder's files with the digests of the manifest.

    Raises:
        ModelError: a file is missing or is not the one the manifest describes.
    """
    towers = {"vision": manifest.vision, "text": manifest.text, "patches": manifest.patches}
    named: dict[str, ModelFile] = {"tokenizer": manifest.tokenizer}
    for field_name, tower in towers.items():
        if tower is not None:
            named[field_name] = tower
            if tower.data is not None:
                named[f"{field_name}.data"] = tower.data
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


def _model_file(fields: Fields) -> ModelFile:
    name = fields.take("file", str)
    if Path(name).name != name or name in ("", "..") or "\0" in name:
        raise fields.refuse("file", f"is {name!r}; expected the name of a file in the folder")
    return ModelFile(file=name, sha256=fields.take("sha256", str))


def _tower(fields: Fields) -> Tower:
    inputs = _names(fields)
    if len(inputs) != 1:
        raise fields.refuse("inputs", f"is {list(inputs)!r}; expected 1 name")
    return _graph(fields, inputs)


def _text_tower(fields: Fields) -> Tower:
    inputs = _names(fields)
    known = set(inputs) <= set(TEXT_INPUTS) and TEXT_INPUTS[0] in inputs
    if not known or len(set(inputs)) != len(inputs):
        expected = ", ".join(TEXT_INPUTS[1:])
        raise fields.refuse(
            "inputs", f"is {list(inputs)!r}; expected {TEXT_INPUTS[0]}, and any of: {expected}"
        )
    return _graph(fields, inputs)


def _names(fields: Fields) -> tuple[str, ...]:
    names = fields.take("inputs", list)
    if not all(isinstance(name, str) for name in names):
        raise fields.refuse("inputs", f"is {names!r}; expected a list of names")
    return tuple(names)


def _graph(fields: Fields, inputs: tuple[str, ...]) -> Tower:
    base = _model_file(fields)
    return Tower(
        file=base.file,
        sha256=base.sha256,
        precision=fields.take("precision", str),
        inputs=inputs,
        output=fields.take("output", str),
        data=_model_file(fields.inside("data")) if fields.has("data") else None,
        batch=fields.count("batch") if fields.has("batch") else None,
    )


def _patch_head(fields: Fields) -> PatchHead:
    tower = _tower(fields)
    return PatchHead(**vars(tower), rows=fields.count("rows"), columns=fields.count("columns"))


def _window_grid(fields: Fields) -> WindowGrid:
    return WindowGrid(rows=fields.count("rows"), columns=fields.count("columns"))


def _pixel_rules(fields: Fields) -> PixelRules:
    def three(name: str) -> tuple[float, float, float]:
        values = fields.take(name, list)
        if len(values) != 3 or not all(is_number(value) for value in values):
            raise fields.refuse(name, f"is {values!r}; expected three numbers (R, G, B)")
        return (float(values[0]), float(values[1]), float(values[2]))

    std = three("std")
    if min(std) <= 0:
        raise fields.refuse("std", f"is {list(std)}; expected numbers larger than 0")
    width, height = fields.count("width"), fields.count("height")
    resize = fields.choice("resize", ResizeMode)
    edge = fields.count("edge") if fields.has("edge") else None
    if edge is not None and resize != "crop":
        raise fields.refuse("edge", f"is {edge}, but 'resize' is {resize}; only crop has an edge")
    if edge is not None and edge < max(width, height):
        raise fields.refuse("edge", f"is {edge}; {width} x {height} pixels cannot be cut from it")
    rounded = fields.has("crop_rounding")
    return PixelRules(
        width=width,
        height=height,
        resize=resize,
        interpolation=fields.choice("interpolation", Interpolation),
        mean=three("mean"),
        std=std,
        edge=edge,
        crop_rounding=fields.choice("crop_rounding", CropRounding) if rounded else "half_even",
    )


def _text_rules(fields: Fields) -> TextRules:
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


def _score_curve(fields: Fields) -> ScoreCurve:
    scale = fields.number("scale")
    if scale <= 0:
        raise fields.refuse("scale", f"is {scale}; a better match must not score lower")
    return ScoreCurve(scale=scale, midpoint=fields.number("midpoint"))
