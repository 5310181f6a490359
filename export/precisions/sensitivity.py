"""Which products lose most by a precision: each one alone, on real activations."""

from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import onnx
from onnx import numpy_helper

from export.errors import ExportError
from export.graphs.files import read
from export.precisions.blocks import block_sizes
from export.precisions.ladder import PRECISIONS
from export.precisions.observe import Feeds, observed
from export.precisions.products import constants, products, settle
from export.precisions.rounding import Matrix, to_columns, to_half, to_range, to_row_blocks
from export.precisions.static import calibrated

PIECES = 4  # runs of the graph whose activations are looked at
ROWS = 128  # rows of an activation that are multiplied, of each run
_SEED = 0


@dataclass(frozen=True)
class _Sample:
    """Rows of one activation in one run, and the ends of all of it."""

    rows: Matrix
    low: float
    high: float


def sensitivity(precision: str, source: Path, feeds: Feeds) -> list[tuple[str, float]]:
    """Relative error of the result of each product, were it alone in `precision`.

    The graph runs in float32. Activations and weights are rounded here as the precision does it,
    on a sample of rows.

    Returns:
        (name, ||rounded - exact|| / ||exact||), the worst first; names are those of `quantizable`.

    Raises:
        ExportError: no such precision, no feeds, or a file that cannot be read.
    """
    if precision not in PRECISIONS:
        raise ExportError(f"{precision}: no precision; there are {', '.join(PRECISIONS)}")
    if not feeds:
        raise ExportError(f"{source.name}: the sensitivity of products needs inputs to run on")
    model = read(source)
    settle(model)
    # Beside the file, which has room for another: the system's folder may lie in memory.
    with TemporaryDirectory(prefix=f".{source.stem}-", dir=source.parent) as scratch:
        ranges = calibrated(model, feeds, Path(scratch)) if precision == "int8-static" else {}
        samples = _samples(model, feeds, Path(scratch))
    weights, sizes = constants(model), block_sizes(model)
    errors = [
        (
            node.name,
            _error(
                numpy_helper.to_array(weights[node.input[1]]),
                samples[node.input[0]],
                _Rounding(precision, sizes.get(node.name), ranges.get(node.input[0])),
            ),
        )
        for node in products(model)
    ]
    return sorted(errors, key=lambda pair: -pair[1])


@dataclass(frozen=True)
class _Rounding:
    """What `precision` makes of the two factors of a product."""

    precision: str
    block: int | None
    ends: tuple[float, float] | None

    def activation(self, sample: _Sample) -> Matrix:
        if self.precision == "int8-dynamic":
            return to_range(sample.rows, sample.low, sample.high)
        if self.precision == "int8-static" and self.ends:
            return to_range(sample.rows, *self.ends)
        if self.precision == "int8-blocks" and self.block:
            return to_row_blocks(sample.rows, self.block)
        return to_half(sample.rows) if self.precision == "fp16" else sample.rows

    def weight(self, weight: Matrix) -> Matrix:
        if self.precision in {"int8-dynamic", "int8-static"}:
            return to_columns(weight, 64)  # 7 bits, see `dynamic.REDUCE_RANGE`
        if self.precision == "int8-blocks" and self.block:
            return to_row_blocks(weight.T, self.block).T
        if self.precision == "int8-weights":
            return to_columns(weight, 127)
        return to_half(weight) if self.precision == "fp16" else weight


def _samples(model: onnx.ModelProto, feeds: Feeds, scratch: Path) -> dict[str, list[_Sample]]:
    rng = np.random.default_rng(_SEED)
    found: dict[str, list[_Sample]] = {}
    for piece in islice(observed(model, feeds, scratch), PIECES):
        for name, values in piece.items():
            rows = values.reshape(-1, values.shape[-1])
            chosen = rng.permutation(len(rows))[:ROWS]
            ends = float(values.min()), float(values.max())
            found.setdefault(name, []).append(_Sample(rows[chosen], *ends))
    return found


def _error(weight: Matrix, samples: list[_Sample], rounding: _Rounding) -> float:
    exact = np.concatenate([sample.rows for sample in samples]) @ weight
    rounded = np.concatenate([rounding.activation(sample) for sample in samples])
    difference = np.linalg.norm(rounded @ rounding.weight(weight) - exact)
    return float(difference / max(float(np.linalg.norm(exact)), 1e-12))
