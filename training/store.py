"""Trained heads as a file, with the plan that made them and what they reached."""

from dataclasses import asdict
from pathlib import Path

import torch

from training.heads import HeadPlan, Heads
from training.minilm import POOLED
from training.train import TrainPlan


def save_heads(heads: Heads, plan: TrainPlan, report: dict, path: Path) -> None:
    """Write all three to `path`."""
    torch.save({"plan": asdict(plan), "state": heads.state_dict(), "report": report}, path)


def load_heads(path: Path) -> Heads:
    """The heads of `path`, ready to use. Raises FileNotFoundError where there are none."""
    found = torch.load(path, weights_only=True)
    sizes = found["plan"]["heads"]
    heads = Heads(HeadPlan(**{**sizes, "groups": tuple(sizes["groups"])}), POOLED)
    heads.load_state_dict(found["state"])
    return heads.eval()
