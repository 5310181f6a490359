"""Proof that an ONNX file computes what the PyTorch module does."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from onnxruntime import InferenceSession
from torch import nn

from export.errors import ExportError
from export.graphs.files import open_session
from export.spec import PARITY

Tensor = npt.NDArray[np.generic]


def parity(
    module: nn.Module,
    inputs: Sequence[str],
    output: str,
    examples: Sequence[tuple[torch.Tensor, ...]],
    path: Path,
    place: int = 0,
) -> float:
    """The largest absolute difference over all examples.

    Args:
        module: gives unit rows, or a tuple that has them.
        inputs: names of the graph's inputs, in the module's order.
        output: name of the graph's output with unit rows.
        examples: inputs of several shapes.
        path: the ONNX file.
        place: of the unit rows in that tuple.

    Raises:
        ExportError: it is above PARITY or not a number, or the graph does not take an example; the
            file must not be used.
    """
    session = open_session(path)
    worst = 0.0
    for example in examples:
        with torch.inference_mode():
            given = module(*example)
        expected = (given[place] if isinstance(given, tuple) else given).numpy()
        feed = {name: value.numpy() for name, value in zip(inputs, example, strict=True)}
        found = _run(session, feed, output, path)
        if found.shape != expected.shape:
            raise ExportError(
                f"{path.name}: gives rows of {found.shape} where PyTorch gives {expected.shape}"
            )
        worst = float(np.maximum(worst, np.abs(found - expected).max()))  # NaN stays
    if not worst <= PARITY:
        raise ExportError(
            f"{path.name}: differs from PyTorch by up to {worst:.2g} on equal tensors; "
            f"at most {PARITY:g} is accepted"
        )
    return worst


def _run(session: InferenceSession, feed: dict[str, Tensor], output: str, path: Path) -> Tensor:
    try:
        (found,) = session.run([output], feed)
    except Exception as error:  # onnxruntime has its own unrelated exception types
        shapes = {name: value.shape for name, value in feed.items()}
        raise ExportError(f"{path.name}: does not take inputs of {shapes}: {error}") from error
    return found
