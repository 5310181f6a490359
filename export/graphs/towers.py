"""Two towers -> the graphs of a model folder, with the proof that they compute the same."""

from pathlib import Path

import torch

from engine.encoder.manifest import WINDOW_EMBEDS
from export.graphs.parity import parity
from export.graphs.trace import trace
from export.spec import PATCH_EMBEDS, PATCH_STATES, PATCHES, TEXT, VISION, Say
from export.tower import Patches, Tower, Towers


def write_graphs(towers: Towers, folder: Path, say: Say) -> dict[str, float]:
    """Write the float32 graphs under the names of `spec`; how far each is from PyTorch.

    Raises:
        ExportError: a tower cannot be expressed, or its graph computes something else.
    """
    say("exporting the vision tower")
    vision, path = towers.vision, folder / VISION
    found = {"vision": _write(vision, _more(towers), path)}
    if towers.windows is not None:
        found["windows"] = parity(
            vision.module, vision.inputs, WINDOW_EMBEDS, vision.examples, path, place=1
        )
    if towers.patches is not None:
        say("exporting the patch embeddings")
        found["patches"] = _write_patches(vision, towers.patches, folder / PATCHES)
    say("exporting the text tower")
    found["text"] = _write(towers.text, (), folder / TEXT)
    return found


def _more(towers: Towers) -> tuple[str, ...]:
    """The vision tower's second output, where it has one."""
    if towers.windows is not None:
        return (WINDOW_EMBEDS,)
    return () if towers.patches is None else (PATCH_STATES,)


def _write(tower: Tower, more: tuple[str, ...], path: Path) -> float:
    axes = dict(zip(tower.inputs, tower.axes, strict=True))
    trace(tower.module, axes, (tower.output, *more), tower.examples[0], path)
    return parity(tower.module, tower.inputs, tower.output, tower.examples, path)


def _write_patches(vision: Tower, patches: Patches, path: Path) -> float:
    with torch.inference_mode():
        examples = [(vision.module(*example)[1],) for example in vision.examples]
    examples = [(states.clone(),) for (states,) in examples]  # outside of inference mode again
    trace(patches.module, {PATCH_STATES: {0: "batch"}}, (PATCH_EMBEDS,), examples[0], path)
    return parity(patches.module, (PATCH_STATES,), PATCH_EMBEDS, examples, path)
