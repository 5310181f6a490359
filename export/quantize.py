"""float32 ONNX -> int8: dynamic, with a scale for each output channel."""

import logging
from pathlib import Path


def quantize(source: Path, target: Path) -> None:
    """Store the weights of matrix products as int8; activations are quantized as they come.

    Convolutions stay in float: onnxruntime has no kernel for signed weights there. Weights use
    7 bits (`reduce_range`): CPUs without VNNI overflow in products of 8 bits, and would give other
    vectors than the machine that the loss was measured on.
    """
    from onnxruntime.quantization import QuantType, quantize_dynamic

    from export.onnx import SINGLE_FILE_BYTES

    logging.getLogger().addFilter(_is_no_advice)
    try:
        quantize_dynamic(
            source,
            target,
            op_types_to_quantize=["MatMul", "Gemm"],
            per_channel=True,
            reduce_range=True,
            weight_type=QuantType.QInt8,
            use_external_data_format=_bytes(source) > SINGLE_FILE_BYTES,
        )
    finally:
        logging.getLogger().removeFilter(_is_no_advice)


def _bytes(path: Path) -> int:
    data = path.with_name(f"{path.name}.data")
    return path.stat().st_size + (data.stat().st_size if data.exists() else 0)


def _is_no_advice(record: logging.LogRecord) -> bool:
    """Drops onnxruntime's hint at a pre-processing step that torch's exporter has done."""
    return "pre-processing before quantization" not in record.getMessage()
