"""Proof that an ONNX file computes what the PyTorch module does."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from onnxruntime import InferenceSession
from torch import nn

from export.errors import ExportError
from export.precisions.files import open_session

Tensor = npt.NDArray[np.generic]

BOUND = 1e-4
"""Largest absolute difference between unit rows of torch and of onnxruntime."""


def parity(
    module: nn.Module,
    inputs: Sequence[str],
    output: str,
    examples: Sequence[tuple[torch.Tensor, ...]],
    path: Path,
) -> float:
    """The largest absolute difference over all examples.

    Args:
        module: gives unit rows, or a tuple that starts with them.
        inputs: names of the graph's inputs, in the module's order.
        output: name of the graph's output with unit rows.
        examples: inputs of several shapes.
        path: the ONNX file.

    Raises:
        ExportError: it is above BOUND, or not a number; the file must not be used.
    """
    session = open_session(path)
    worst = 0.0
    for example in examples:
        with torch.inference_mode():
            given = module(*example)
        expected = (given[0] if isinstance(given, tuple) else given).numpy()
        feed = {name: value.numpy() for name, value in zip(inputs, example, strict=True)}
        worst = float(np.maximum(worst, _difference(session, feed, output, expected)))  # NaN stays
    if not worst <= BOUND:
        raise ExportError(
            f"{path.name}: differs from PyTorch by up to {worst:.2g} on equal tensors; "
            f"at most {BOUND:g} is accepted"
        )
    return worst


def _difference(
    session: InferenceSession,
    feed: dict[str, Tensor],
    output: str,
    expected: Tensor,
) -> float:
    """Infinite where the graph does not take these shapes at all."""
    try:
        (found,) = session.run([output], feed)
    except Exception:  # onnxruntime has its own unrelated exception types
        return np.inf
    return float(np.abs(found - expected).max()) if found.shape == expected.shape else np.inf
