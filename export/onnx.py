"""A torch tower -> an ONNX file that is proven to compute the same."""

import logging
import warnings
from pathlib import Path

import numpy as np
import onnxruntime
import torch

from export.errors import ExportError
from export.strip import strip_file
from export.tower import Tower

OPSET = 18
LEAST_PARITY = 0.9999
SINGLE_FILE_BYTES = 2_000_000_000
"""A protobuf file ends at 2 GB; the weights of larger towers lie beside it in `<name>.data`."""


def export_tower(tower: Tower, path: Path) -> None:
    """Trace a tower with its first example and write `path`.

    Raises:
        ExportError: torch cannot express the tower as ONNX.
    """
    weights = sum(value.nbytes for value in tower.module.state_dict().values())
    for name in ("torch.onnx", "onnxscript", "onnx_ir"):
        logging.getLogger(name).setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the exporter's own deprecations
            torch.onnx.export(
                tower.module,
                tower.examples[0],
                str(path),
                input_names=list(tower.inputs),
                output_names=[tower.output],
                dynamic_shapes=tower.axes,
                opset_version=OPSET,
                external_data=weights > SINGLE_FILE_BYTES,
                dynamo=True,
                verbose=False,
            )
        strip_file(path)
    except torch.onnx.OnnxExporterError as error:
        raise ExportError(f"{path.name}: torch cannot export it: {error}") from error


def parity(tower: Tower, path: Path) -> float:
    """The worst cosine between torch and onnxruntime over all rows of the tower's examples.

    Raises:
        ExportError: it is below LEAST_PARITY; the export must not be used.
    """
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    worst = min(_worst_cosine(tower, session, example) for example in tower.examples)
    if not worst >= LEAST_PARITY:  # also refuses NaN
        raise ExportError(
            f"{path.name}: cosine {worst:.6f} between torch and ONNX; {LEAST_PARITY} is the least"
        )
    return worst


def _worst_cosine(
    tower: Tower,
    session: onnxruntime.InferenceSession,
    example: tuple[torch.Tensor, ...],
) -> float:
    with torch.inference_mode():
        expected = tower.module(*example).double().numpy()
    feed = {name: value.numpy() for name, value in zip(tower.inputs, example, strict=True)}
    (rows,) = session.run([tower.output], feed)
    found = np.asarray(rows, dtype=np.float64)
    lengths = np.linalg.norm(found, axis=1) * np.linalg.norm(expected, axis=1)
    return float(((found * expected).sum(axis=1) / lengths).min())
