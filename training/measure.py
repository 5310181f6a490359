"""What a model in training reaches: on dev, and on what it was kept from."""

from collections.abc import Mapping

import numpy as np
import torch
from torch import nn

from training.batches import Batch
from training.corpus import Picture
from training.evaluate import evaluate
from training.features import Features
from training.holdout import CAPTIONED, NAMED, UNKNOWN, measure_unknown
from training.material import Material
from training.stages import Stage, encode_texts

ENCODED_AT_ONCE = 100


@torch.inference_mode()
def measure(stage: Stage, module: nn.Module, material: Material) -> dict[str, dict[str, float]]:
    """Figures by data set; what was left out stands under `UNKNOWN`."""
    module.eval()

    def encode(texts: list[str]) -> np.ndarray:
        once = sorted(set(texts), key=len)
        rows = encode_texts(stage, module, np.array([material.texts.row_of[t] for t in once]))
        place = {text: row for row, text in enumerate(once)}
        return rows[[place[text] for text in texts]]

    def vectors(pictures: list[Picture], features: Features) -> np.ndarray:
        row_of = features.row_of()
        rows = np.array([row_of[each.file] for each in pictures])
        parts = np.array_split(rows, max(1, len(rows) // ENCODED_AT_ONCE))
        return np.concatenate([_pictures(stage, module, features, part) for part in parts])

    found = {
        name: vectors(each, material.dev_features[name]) for name, each in material.dev.items()
    }
    report = evaluate(material.dev, found, encode)
    if {CAPTIONED, NAMED} <= set(material.left_out):
        left = {name: vectors(p, material.features[name]) for name, p in material.left_out.items()}
        report[UNKNOWN] = measure_unknown(material.holdout, material.left_out, left, encode)
    return report


def _pictures(stage: Stage, module: nn.Module, features: Features, rows: np.ndarray) -> np.ndarray:
    nothing = torch.empty(0)
    maps = torch.from_numpy(features.maps[rows, 0]) if stage.uses_maps else None
    pooled = torch.from_numpy(features.pooled[rows, 0]).float()
    batch = Batch(pooled, maps, np.empty(0), nothing, nothing, nothing, nothing)
    return stage.pictures(module, batch).float().numpy()


def summary(report: Mapping[str, Mapping[str, float]]) -> str:
    """One line for the log."""
    parts = []
    for name, figures in report.items():
        text = " ".join(f"{key}={value:.3f}" for key, value in figures.items() if key != "queries")
        parts.append(f"{name}: {text}")
    return " | ".join(parts)
