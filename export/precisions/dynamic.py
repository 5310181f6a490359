"""int8 products; activations are quantized as they come, with one range for the whole tensor."""

from pathlib import Path

import onnx

from export.graphs.files import SINGLE_FILE_BYTES, read, weight_bytes, write

REDUCE_RANGE = True
"""Weights use 7 bits: CPUs without VNNI add two 8-bit products in 16 bits, which saturates. The
vectors would then be others than on the machine that the loss was measured on."""


def quantize_dynamic(model: onnx.ModelProto, names: list[str], scratch: Path) -> onnx.ModelProto:
    """Give the `MatMul` nodes called `names` int8 weights, with a scale for each column.

    Convolutions stay in float: onnxruntime has no kernel for signed weights there, and some CPUs
    crash. Products of two activations, as in attention, stay in float too.
    """
    source, target = scratch / "source.onnx", scratch / "made" / "source.onnx"
    write(model, source)
    target.parent.mkdir()
    large = weight_bytes(model) > SINGLE_FILE_BYTES
    try:
        from optimum.onnxruntime import ORTQuantizer
    except ImportError:  # optimum needs PyTorch; ready-made graphs are quantized without it
        _with_onnxruntime(source, target, names, large)
    else:
        _with_optimum(ORTQuantizer(source), target, names, large)
    return read(target)


def _with_optimum(quantizer, target: Path, names: list[str], large: bool) -> None:
    from onnxruntime.quantization import QuantFormat, QuantizationMode, QuantType
    from optimum.onnxruntime.configuration import QuantizationConfig

    config = QuantizationConfig(
        is_static=False,
        format=QuantFormat.QOperator,
        mode=QuantizationMode.IntegerOps,
        activations_dtype=QuantType.QUInt8,
        weights_dtype=QuantType.QInt8,
        per_channel=True,
        reduce_range=REDUCE_RANGE,
        nodes_to_quantize=names,
        operators_to_quantize=["MatMul"],
    )
    quantizer.quantize(
        config, save_dir=target.parent, file_suffix=None, use_external_data_format=large
    )


def _with_onnxruntime(source: Path, target: Path, names: list[str], large: bool) -> None:
    from onnxruntime.quantization import QuantType
    from onnxruntime.quantization import quantize_dynamic as quantize

    quantize(
        source,
        target,
        op_types_to_quantize=["MatMul"],
        per_channel=True,
        reduce_range=REDUCE_RANGE,
        weight_type=QuantType.QInt8,
        nodes_to_quantize=names,
        use_external_data_format=large,
    )
