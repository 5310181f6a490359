"""Trained heads as a file, with their sizes."""

from dataclasses import asdict
from pathlib import Path

import torch

from training.heads import HeadPlan, Heads
from training.minilm import POOLED


def save_heads(heads: Heads, path: Path) -> None:
    """Write the heads, with their sizes, to `path`."""
    sizes = {**asdict(heads.plan), "groups": list(heads.plan.groups)}
    torch.save({"heads": sizes, "state": heads.state_dict()}, path)


def load_heads(path: Path) -> Heads:
    """The heads of `path`, ready to use. Raises FileNotFoundError where there are none."""
    found = torch.load(path, weights_only=True)
    sizes = found["heads"]
    heads = Heads(HeadPlan(**{**sizes, "groups": tuple(sizes["groups"])}), POOLED)
    heads.load_state_dict(found["state"])
    return heads.eval()
