"""What the tests of the export share: PyTorch where it is installed, and a tiny CLIP."""

from pathlib import Path

import pytest
from vs_checkpoints import make_checkpoint

NEEDED = ("torch", "transformers", "optimum", "onnx", "sentencepiece")


@pytest.fixture(scope="session")
def torch():
    """PyTorch on few threads; tests that ask for it are skipped where the export cannot run."""
    for package in NEEDED:
        pytest.importorskip(package, reason="exporting needs requirements-export.txt")
    import torch

    torch.set_num_threads(2)
    return torch


@pytest.fixture(scope="session")
def checkpoint(torch, tmp_path_factory) -> Path:
    """A tiny CLIP; read only."""
    return make_checkpoint("clip", tmp_path_factory.mktemp("checkpoint") / "tiny-clip")
