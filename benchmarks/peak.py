"""What a large matrix product reaches on this machine: the most that a model could."""

import time
from collections.abc import Callable

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper

SIZE = 2048
_ROUNDS = 20


def peak_flops(threads: int) -> float:
    """float32 operations a second, the best of PyTorch and onnxruntime in several rounds.

    Which library multiplies faster depends on the CPU, and a share should be of the better one.
    """
    import torch

    torch.set_num_threads(threads)
    first, second = torch.randn(2, SIZE, SIZE).unbind()
    session = _product(threads, second.numpy())
    feed = {"x": first.numpy()}
    quickest = min(
        _quickest(lambda: torch.mm(first, second)), _quickest(lambda: session.run(None, feed))
    )
    return 2 * SIZE**3 / quickest


def _product(threads: int, weight: np.ndarray) -> onnxruntime.InferenceSession:
    """`x @ weight`; the weight is constant, as it is in a model."""
    graph = helper.make_graph(
        [helper.make_node("MatMul", ["x", "w"], ["y"])],
        "product",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [SIZE, SIZE])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [SIZE, SIZE])],
        [onnx.numpy_helper.from_array(weight, "w")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    return onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )


def _quickest(call: Callable[[], object]) -> float:
    times = []
    for _ in range(_ROUNDS):
        started = time.perf_counter()
        call()
        times.append(time.perf_counter() - started)
    return min(times)
