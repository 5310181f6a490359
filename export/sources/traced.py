"""Models of PyTorch as sources: what is the same whichever framework they are from."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.encoder.manifest import PixelRules, TextRules
from export.graphs.towers import write_graphs
from export.rules import bare_tokenizer
from export.spec import TOKENIZER, Graph, ModelSpec, Say
from export.tower import Towers


@dataclass(frozen=True)
class Traceable:
    """A model's towers, and the rules that follow from the settings beside it.

    Attributes:
        towers: both towers, ready to trace.
        pixels: how pictures are prepared.
        tokens: how texts are prepared.
        tokenizer: contents of `tokenizer.json`.
    """

    towers: Towers
    pixels: PixelRules
    tokens: TextRules
    tokenizer: dict[str, Any]


def write_model(model: Traceable, folder: Path, say: Say) -> ModelSpec:
    """The work of `spec.Source.write`, once a model is loaded."""
    towers = model.towers
    (folder / TOKENIZER).write_text(bare_tokenizer(model.tokenizer), encoding="utf-8")
    parity = write_graphs(towers, folder, say)
    return ModelSpec(
        dim=towers.dim,
        vision=Graph(towers.vision.inputs, towers.vision.output),
        text=Graph(towers.text.inputs, towers.text.output),
        pixels=model.pixels,
        tokens=model.tokens,
        patches=None if towers.patches is None else towers.patches.grid,
        windows=towers.windows,
        curves=towers.curves,
        parity=parity,
    )
