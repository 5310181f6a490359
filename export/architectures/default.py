"""The default model's own checkpoint (`model_type` "visual-search-default"), as training writes it.

There is no other framework that knows these networks: torch itself is the reference.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file

from engine.encoder import ScoreCurve
from export.checkpoints.checkpoint import Checkpoint
from export.checkpoints.files import CONFIG, WEIGHTS
from export.errors import ExportError
from export.networks.sizes import read_sizes
from export.networks.towers import DualEncoder
from export.networks.windows import WindowTower, window_grid
from export.tower import Architecture, Tower, Towers

_LENGTHS = (7, 4)  # of the texts to trace with: padding is part of the example


def load(checkpoint: Checkpoint) -> DualEncoder:
    """The model of a local folder or hub snapshot, float32.

    Raises:
        ExportError: a field of config.json or a tensor is missing or does not fit.
    """
    config = checkpoint.config
    model = DualEncoder(read_sizes(config), _curves(config))
    _fill(model, checkpoint.folder / WEIGHTS[0])
    return model.float().eval().requires_grad_(False)


def towers(model: DualEncoder) -> Towers:
    """Both towers of a loaded checkpoint."""
    sizes = model.sizes
    grid = window_grid(sizes.vision)
    side, context = sizes.vision.image_size, sizes.text.context_length
    axes = {0: "batch", 1: "length"}
    shapes = [[min(length, context) for length in lengths] for lengths in (_LENGTHS, (3,))]
    return Towers(
        vision=Tower(
            module=model.vision if grid is None else WindowTower(model.vision).eval(),
            inputs=("pixel_values",),
            output="image_embeds",
            axes=({0: "batch"},),
            examples=tuple((torch.rand(count, 3, side, side) * 2 - 1,) for count in (2, 1)),
        ),
        text=Tower(
            module=model.text,
            inputs=("input_ids", "attention_mask"),
            output="text_embeds",
            axes=(axes, axes),
            examples=tuple(
                _random_texts(lengths, sizes.text.vocabulary) for lengths in (*shapes, [context, 2])
            ),
        ),
        dim=sizes.dim,
        image_size=(side, side),
        context_length=context,
        windows=grid,
        curves=dict(model.curves),
    )


def image_features(model: DualEncoder, inputs: dict[str, torch.Tensor]) -> torch.Tensor:
    """Rows [n, dim] of prepared pictures."""
    return model.vision(inputs["pixel_values"])


def text_features(model: DualEncoder, inputs: dict[str, torch.Tensor]) -> torch.Tensor:
    """Rows [n, dim] of tokenised texts."""
    return model.text(inputs["input_ids"], inputs["attention_mask"])


ARCHITECTURE = Architecture(load, towers, image_features, text_features)


def _fill(model: DualEncoder, path: Path) -> None:
    try:
        model.load_state_dict(load_file(path))
    except FileNotFoundError as error:
        raise ExportError(f"{path}: missing; write the checkpoint again") from error
    except (OSError, SafetensorError) as error:
        raise ExportError(f"{path}: cannot be read: {error}") from error
    except RuntimeError as error:  # names every tensor that is missing or of another shape
        raise ExportError(f"{path}: does not fit {CONFIG}: {error}") from error


def _curves(config: Mapping[str, Any]) -> dict[str, ScoreCurve]:
    """The score curves, both or none."""
    found = config.get("score_curves")
    if found is None:
        return {}
    try:
        return {
            name: ScoreCurve(float(found[name]["scale"]), float(found[name]["midpoint"]))
            for name in ("text", "image")
        }
    except (KeyError, TypeError, ValueError) as error:
        raise ExportError(
            f"{CONFIG}: field 'score_curves' is {found!r}: expected 'text' and 'image', "
            "each with the numbers 'scale' and 'midpoint'"
        ) from error


def _random_texts(lengths: Sequence[int], vocabulary: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Random ids, padded with 0 to the longest, and their mask."""
    mask = (torch.arange(max(lengths)) < torch.tensor(lengths)[:, None]).long()
    return torch.randint(1, vocabulary, mask.shape) * mask, mask
