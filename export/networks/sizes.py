"""The sizes of the default model's networks, as its `config.json` gives them. No PyTorch."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from export.errors import ExportError

POOLED_GROUPS = ("level_mean", "level_std", "level_max", "last_mean", "last_max", "last_std")


@dataclass(frozen=True)
class VisionSizes:
    """The image tower: MobileNetV2 with a head on statistics of its maps.

    Attributes:
        image_size: side of the picture in pixels.
        stem: channels of the first convolution.
        stages: (expansion, channels, blocks, stride of the first block); by default table 2 of
            Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks" (2018).
        last: channels of the last convolution.
        groups: the statistics that the head reads, in order, of POOLED_GROUPS.
        hidden: width of the head's hidden layer.
    """

    image_size: int = 224
    stem: int = 32
    stages: tuple[tuple[int, int, int, int], ...] = (
        (1, 16, 1, 1),
        (6, 24, 2, 2),
        (6, 32, 3, 2),
        (6, 64, 4, 2),
        (6, 96, 3, 1),
        (6, 160, 3, 2),
        (6, 320, 1, 1),
    )
    last: int = 1280
    groups: tuple[str, ...] = ("level_mean", "level_std", "last_mean", "last_max")
    hidden: int = 1024


@dataclass(frozen=True)
class TextSizes:
    """The text tower: a BERT encoder with a head on several of its layers.

    Attributes:
        context_length: longest text in tokens, special tokens included.
        vocabulary: rows of the word table.
        width: of a hidden state.
        heads: attention heads in a layer.
        layers: how many there are.
        inner: width of the feed-forward network in a layer.
        states: layers whose mean over the words the head reads; 0 is the embedding.
        hidden: width of the head's hidden layer.
    """

    context_length: int = 64
    vocabulary: int = 30522
    width: int = 384
    heads: int = 12
    layers: int = 6
    inner: int = 1536
    states: tuple[int, ...] = (0, 2, 4, 6)
    hidden: int = 1024


@dataclass(frozen=True)
class Sizes:
    """Both towers, and the width of the space that they share."""

    dim: int = 512
    vision: VisionSizes = field(default_factory=VisionSizes)
    text: TextSizes = field(default_factory=TextSizes)


def as_config(sizes: Sizes) -> dict[str, Any]:
    """The part of `config.json` that `read_sizes` reads."""
    vision, text = asdict(sizes.vision), asdict(sizes.text)
    return {
        "dim": sizes.dim,
        "image_size": vision.pop("image_size"),
        "context_length": text.pop("context_length"),
        "vision": vision,
        "text": text,
    }


def read_sizes(config: Mapping[str, Any]) -> Sizes:
    """The sizes in the contents of a `config.json`.

    Raises:
        ExportError: one is missing or cannot be; the message names the field.
    """
    for name in ("dim", "image_size", "context_length"):
        _whole(config.get(name), name)
    vision = _section(config, "vision", VisionSizes, {"image_size": config["image_size"]})
    text = _section(config, "text", TextSizes, {"context_length": config["context_length"]})
    _check_vision(vision)
    _check_text(text)
    stages = tuple(tuple(stage) for stage in vision["stages"])
    vision |= {"stages": stages, "groups": tuple(vision["groups"])}
    text |= {"states": tuple(text["states"])}
    return Sizes(config["dim"], VisionSizes(**vision), TextSizes(**text))


def _section(
    config: Mapping[str, Any], name: str, kind: type, given: dict[str, Any]
) -> dict[str, Any]:
    """All fields of `kind`, from the object `name`; those that are numbers are checked."""
    found = config.get(name)
    if not isinstance(found, Mapping):
        raise _refuse(name, found, "expected an object of sizes")
    values = dict(given)
    for item in fields(kind):
        if item.name in given:
            continue
        value = found.get(item.name)
        if item.type is int:
            _whole(value, f"{name}.{item.name}")
        elif not _is_list(value) or not value:
            raise _refuse(f"{name}.{item.name}", value, "expected a list")
        values[item.name] = value
    return values


def _check_vision(found: Mapping[str, Any]) -> None:
    for stage in found["stages"]:
        if not _is_list(stage) or len(stage) != 4:
            raise _refuse("vision.stages", stage, "expected four numbers a stage")
        for number in stage:
            _whole(number, "vision.stages")
    for group in found["groups"]:
        if group not in POOLED_GROUPS:
            raise _refuse("vision.groups", group, f"known are {', '.join(POOLED_GROUPS)}")


def _check_text(found: Mapping[str, Any]) -> None:
    if found["width"] % found["heads"]:
        raise _refuse("text.heads", found["heads"], f"expected a divisor of {found['width']}")
    for state in found["states"]:
        if type(state) is not int or not 0 <= state <= found["layers"]:
            raise _refuse("text.states", state, f"expected 0 to {found['layers']}")


def _whole(value: object, name: str) -> None:
    if type(value) is not int or value < 1:
        raise _refuse(name, value, "expected a whole number above 0")


def _is_list(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _refuse(name: str, value: object, why: str) -> ExportError:
    return ExportError(f"config.json: field '{name}' is {value!r}: {why}")
