"""The precisions by name, and how each is made from a file."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import onnx

from export.errors import ExportError
from export.graphs.files import check, read, remove, write
from export.graphs.strip import strip
from export.precisions.blocks import block_sizes, quantize_blocks
from export.precisions.dynamic import quantize_dynamic
from export.precisions.half import to_half
from export.precisions.observe import Feeds
from export.precisions.products import products, settle
from export.precisions.static import quantize_static
from export.precisions.tables import store_tables
from export.precisions.weights import store_weights
from export.quiet import quiet


@dataclass(frozen=True)
class Order:
    """What is asked of a precision besides the graph.

    Attributes:
        feeds: real inputs, for ranges.
        keep: names of products that stay in float.
        scratch: an empty folder for files between the steps.
    """

    feeds: Feeds
    keep: frozenset[str]
    scratch: Path


def make(
    precision: str, source: Path, target: Path, feeds: Feeds = (), keep: Collection[str] = ()
) -> None:
    """Write the graph `source` in another precision.

    Args:
        precision: one of PRECISIONS.
        source: a float32 graph; the weights of large ones lie beside it in `<name>.data`.
        target: where to write; replaced where it exists. Its folder must.
        feeds: real inputs of the graph; `int8-static` measures ranges on them.
        keep: nodes, of those that `quantizable` names, that stay in float.

    Raises:
        ExportError: it cannot be done; the message names the file, the precision and why.
    """
    if precision not in _MAKERS:
        raise ExportError(f"{precision}: no precision; there are {', '.join(PRECISIONS)}")
    if strangers := sorted(set(keep) - set(quantizable(source))):
        raise ExportError(f"{source.name}: no matrix product is called {strangers[0]}")
    model = read(source)
    with quiet(), TemporaryDirectory(prefix=f".{target.stem}-", dir=target.parent) as scratch:
        try:
            made = _MAKERS[precision](model, Order(feeds, frozenset(keep), Path(scratch)))
        except (ExportError, OSError):
            raise
        except Exception as error:  # each library has errors of its own
            raise ExportError(f"{source.name}: {precision} cannot be made: {error}") from error
    strip(made)
    write(made, target)
    try:
        check(target, source)
    except ExportError:
        remove(target)
        raise


def quantizable(source: Path) -> tuple[str, ...]:
    """Names of the matrix products (`MatMul`, `Gemm`) with constant weights, in their order.

    A node without a name of its own goes by the name of its output.
    """
    model = read(source)
    settle(model)
    return tuple(node.name for node in products(model))


def _int8(
    quantize: Callable[[onnx.ModelProto, list[str], Order], onnx.ModelProto],
) -> Callable[[onnx.ModelProto, Order], onnx.ModelProto]:
    """A precision whose products are int8; tables and weights of convolutions are stored so."""

    def made(model: onnx.ModelProto, order: Order) -> onnx.ModelProto:
        settle(model)
        names = [node.name for node in products(model)]
        if not names:
            raise ExportError("no matrix product has constant float32 weights")
        chosen = [name for name in names if name not in order.keep]
        if chosen:
            model = quantize(model, chosen, order)
        store_tables(model)
        store_weights(model, operators=("Conv",))
        return model

    return made


def _dynamic(model: onnx.ModelProto, names: list[str], order: Order) -> onnx.ModelProto:
    return quantize_dynamic(model, names, order.scratch)


def _blocks(model: onnx.ModelProto, names: list[str], order: Order) -> onnx.ModelProto:
    if not block_sizes(model).keys() & set(names):
        raise ExportError("no matrix product is large enough for blocks")
    return quantize_blocks(model, names)


def _static(model: onnx.ModelProto, names: list[str], order: Order) -> onnx.ModelProto:
    if not order.feeds:
        raise ExportError("ranges of activations need inputs to measure them on; none are given")
    return quantize_static(model, names, order.feeds, order.scratch)


def _weights(model: onnx.ModelProto, order: Order) -> onnx.ModelProto:
    settle(model)
    if store_tables(model) + store_weights(model, keep=order.keep) == 0 and not order.keep:
        raise ExportError("it has no weights that are worth storing in 8 bits")
    return model


_MAKERS: dict[str, Callable[[onnx.ModelProto, Order], onnx.ModelProto]] = {
    "int8-dynamic": _int8(_dynamic),
    "int8-blocks": _int8(_blocks),
    "int8-static": _int8(_static),
    "int8-weights": _weights,
    "fp16": lambda model, order: to_half(model, order.keep, order.scratch),
    "fp32": lambda model, order: model,
}

PRECISIONS = tuple(_MAKERS)
"""Fastest hope first."""
