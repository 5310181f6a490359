"""int8 products whose weights have a scale for each block of a column (`MatMulNBits`).

Activations are quantized by rows and blocks as well, so that a vector does not depend on what else
is in its batch. Quick for a single text; large batches are slower than with `int8-dynamic`.
"""

import onnx

from export.precisions.products import constants, drop_unused, products

SIZES = (128, 64, 32)  # rows of the weight that share a scale
INT8_ARITHMETIC = 4  # `accuracy_level`: activations in 8 bits too


def quantize_blocks(model: onnx.ModelProto, names: list[str]) -> onnx.ModelProto:
    """Give the `MatMul` nodes called `names` int8 weights in blocks.

    Products with fewer rows than the smallest block stay in float.
    """
    from onnxruntime.quantization.matmul_nbits_quantizer import MatMulNBitsQuantizer

    sizes = block_sizes(model)
    for size in SIZES:
        chosen = {name for name in names if sizes.get(name) == size}
        others = [node.name for node in model.graph.node if node.name not in chosen]
        quantizer = MatMulNBitsQuantizer(
            model,
            bits=8,
            block_size=size,
            is_symmetric=True,
            accuracy_level=INT8_ARITHMETIC,
            nodes_to_exclude=others,
        )
        quantizer.process()
        model = quantizer.model.model
    drop_unused(model)
    return model


def block_sizes(model: onnx.ModelProto) -> dict[str, int]:
    """The size of the blocks of each product that has room for one."""
    weights, found = constants(model), {}
    for node in products(model):
        rows = weights[node.input[1]].dims[0]
        fitting = [size for size in SIZES if size <= rows]
        if fitting:
            found[node.name] = fitting[0]
    return found
