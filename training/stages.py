"""The two stages of training: what learns in each, how fast, and how it encodes a batch."""

from collections.abc import Iterable
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor, nn

from export.networks.towers import DualEncoder
from training.batches import Batch, Batches
from training.heads import Heads
from training.material import Material
from training.minilm import model_folder, tokenizer_json
from training.recipe import Recipe, StagePlan
from training.texts import make_tokenizer
from training.upper import picture_rows, upper_stages

ENCODED_AT_ONCE = 128


class Stage(Protocol):
    """What the loop needs of a stage."""

    module: nn.Module
    uses_maps: bool

    def groups(self, plan: StagePlan) -> list[dict[str, Any]]:
        """Parameters with their highest rates, for AdamW."""
        ...

    def pictures(self, module: nn.Module, batch: Batch) -> Tensor:
        """Unit rows of the pictures of a batch."""
        ...

    def texts(self, module: nn.Module, rows: np.ndarray) -> Tensor:
        """Unit rows of texts, given as rows of the cache."""
        ...


class HeadStage:
    """The heads learn, from what the frozen networks said."""

    uses_maps = False

    def __init__(self, heads: Heads, material: Material) -> None:
        self.module: nn.Module = heads
        self._pooled = torch.from_numpy(material.texts.pooled)

    def groups(self, plan: StagePlan) -> list[dict[str, Any]]:
        """One rate for all."""
        return _with_decay(self.module.parameters(), plan.head_rate, plan.decay)

    def pictures(self, module: Heads, batch: Batch) -> Tensor:
        """Through the head."""
        return module.image(batch.pooled)

    def texts(self, module: Heads, rows: np.ndarray) -> Tensor:
        """Through the head."""
        return module.text(self._pooled[torch.from_numpy(rows)].float())


def fit_standards(heads: Heads, material: Material, recipe: Recipe, draws: int = 6) -> None:
    """Take mean and spread of every input of both heads from a few large batches."""
    plan = recipe.train
    batches = Batches(
        material.train, material.features, material.texts, plan.mixture, recipe.short_share,
        recipe.seed,
    )  # fmt: skip
    drawn = [batches.draw(2048) for _ in range(draws)]
    pooled = torch.cat([batch.pooled for batch in drawn])
    texts = material.texts.pooled[np.concatenate([batch.text_rows for batch in drawn])]
    heads.image.projection.standardise.fit(pooled[:, heads.image.columns])
    heads.text.projection.standardise.fit(torch.from_numpy(texts))


class TowerStage:
    """Both networks learn above their first layers, and the heads go on learning."""

    uses_maps = True

    def __init__(self, model: DualEncoder, material: Material) -> None:
        self.module: nn.Module = model
        tokenizer = make_tokenizer(tokenizer_json(model_folder()))
        tokenizer.no_padding()
        encoded = tokenizer.encode_batch(list(material.texts.row_of))
        self._ids = [np.array(each.ids) for each in encoded]

    def groups(self, plan: StagePlan) -> list[dict[str, Any]]:
        """Slower the deeper; word pieces keep their place, so that rare ones do not drift apart."""
        vision, text = self.module.vision, self.module.text
        heads = [vision.projection, text.projection]
        found = [
            *(group for head in heads for group in _layer(head, plan.head_rate, plan)),
            *_with_decay([self.module.log_scale], plan.head_rate, 0.0),
        ]
        for layers, rate in (
            ([vision.network.last, *reversed(upper_stages(vision))], plan.image_rate),
            (list(reversed(text.network.layers)), plan.text_rate),
        ):
            for depth, layer in enumerate(layers):
                found += _layer(layer, rate * plan.layer_decay**depth, plan)
        return found

    def pictures(self, module: DualEncoder, batch: Batch) -> Tensor:
        """Through the upper half of the network."""
        maps = batch.maps.float().contiguous(memory_format=torch.channels_last)
        return picture_rows(module.vision, batch.pooled, maps)

    def texts(self, module: DualEncoder, rows: np.ndarray) -> Tensor:
        """Through the whole network, padded to the longest."""
        return module.text(*self._tokens(rows))

    def _tokens(self, rows: np.ndarray) -> tuple[Tensor, Tensor]:
        found = [self._ids[row] for row in rows]
        ids = np.zeros((len(found), max(map(len, found))), dtype=np.int64)
        for line, each in zip(ids, found, strict=True):
            line[: len(each)] = each
        return torch.from_numpy(ids), torch.from_numpy((ids > 0).astype(np.int64))


def _layer(layer: nn.Module, rate: float, plan: StagePlan) -> list[dict[str, Any]]:
    return _with_decay(layer.parameters(), rate, plan.decay)


def _with_decay(
    parameters: Iterable[nn.Parameter], rate: float, decay: float
) -> list[dict[str, Any]]:
    """Decay for matrices only."""
    every = list(parameters)
    return [
        {"params": [p for p in every if p.ndim > 1], "lr": rate, "weight_decay": decay},
        {"params": [p for p in every if p.ndim <= 1], "lr": rate, "weight_decay": 0.0},
    ]


@torch.inference_mode()
def encode_texts(stage: Stage, module: nn.Module, rows: np.ndarray) -> np.ndarray:
    """Unit rows [n, dim]; texts of like length go together where rows are sorted by it."""
    parts = np.array_split(rows, max(1, len(rows) // ENCODED_AT_ONCE))
    return np.concatenate([stage.texts(module, part).float().numpy() for part in parts])
