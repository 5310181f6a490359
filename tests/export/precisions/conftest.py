"""Small graphs in the shape of the towers, with random weights, written as ONNX files."""

from pathlib import Path

import numpy as np
import pytest

onnx = pytest.importorskip("onnx", reason="exporting needs requirements-export.txt")
from onnx import TensorProto, helper, numpy_helper  # noqa: E402

WORDS, WIDTH, HEADS, SIDE, PATCH = 4096, 64, 4, 32, 8
LEAST_ROOT = 1e-12


class Builder:
    """Adds nodes and constants to a graph; values are known by their names."""

    def __init__(self, seed: int = 0) -> None:
        self.nodes, self.constants = [], []
        self.rng = np.random.default_rng(seed)

    def constant(self, name: str, value: np.ndarray) -> str:
        self.constants.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def weight(self, name: str, *shape: int) -> str:
        scale = 1 / np.sqrt(shape[0] if len(shape) == 2 else np.prod(shape[1:]))
        return self.constant(name, self.rng.normal(0, scale, shape).astype(np.float32))

    def add(self, kind: str, inputs: list[str], output: str, **attributes) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, **attributes))
        return output

    def save(self, path: Path, inputs: dict, outputs: dict) -> Path:
        def values(shapes: dict) -> list:
            return [helper.make_tensor_value_info(n, t, s) for n, (t, s) in shapes.items()]

        graph = helper.make_graph(
            self.nodes, "tower", values(inputs), values(outputs), self.constants
        )
        opset = [helper.make_opsetid("", 18)]
        onnx.save(helper.make_model(graph, opset_imports=opset, ir_version=8), path)
        return path


def block(b: Builder, x: str, name: str) -> str:
    """One transformer layer: [n, length, WIDTH] -> the same."""
    ones, zeros = np.ones(WIDTH, np.float32), np.zeros(WIDTH, np.float32)
    gain, bias = b.constant(f"{name}.gain", ones), b.constant(f"{name}.shift", zeros)
    split = b.constant(f"{name}.split", np.array([0, -1, HEADS, WIDTH // HEADS]))
    joined = b.constant(f"{name}.joined", np.array([0, -1, WIDTH]))
    normed = b.add("LayerNormalization", [x, gain, bias], f"{name}.normed")
    heads = {}
    for part, order in (("q", [0, 2, 1, 3]), ("k", [0, 2, 3, 1]), ("v", [0, 2, 1, 3])):
        weight = b.weight(f"{name}.{part}.weight", WIDTH, WIDTH)
        product = b.add("MatMul", [normed, weight], f"{name}.{part}")
        apart = b.add("Reshape", [product, split], f"{name}.{part}.apart")
        heads[part] = b.add("Transpose", [apart], f"{name}.{part}.heads", perm=order)
    scores = b.add("MatMul", [heads["q"], heads["k"]], f"{name}.scores")
    weights = b.add("Softmax", [scores], f"{name}.attention", axis=-1)
    mixed = b.add("MatMul", [weights, heads["v"]], f"{name}.mixed")
    turned = b.add("Transpose", [mixed], f"{name}.turned", perm=[0, 2, 1, 3])
    flat = b.add("Reshape", [turned, joined], f"{name}.flat")
    out = b.add("MatMul", [flat, b.weight(f"{name}.out.weight", WIDTH, WIDTH)], f"{name}.out")
    summed = b.add("Add", [x, out], f"{name}.summed")
    wide = b.add("MatMul", [summed, b.weight(f"{name}.up.weight", WIDTH, 4 * WIDTH)], f"{name}.up")
    gate = b.add("Sigmoid", [wide], f"{name}.gate")
    active = b.add("Mul", [wide, gate], f"{name}.active")
    down = b.add(
        "MatMul", [active, b.weight(f"{name}.down.weight", 4 * WIDTH, WIDTH)], f"{name}.down"
    )
    return b.add("Add", [summed, down], f"{name}.result")


def head(b: Builder, x: str, output: str) -> str:
    """The mean of all positions, projected by a `Gemm`, of unit length."""
    pooled = b.add("ReduceMean", [x, b.constant("axis", np.array([1]))], "pooled", keepdims=0)
    inputs = [pooled, b.weight("projection.weight", 48, WIDTH), b.weight("projection.bias", 1, 48)]
    projected = b.add("Gemm", inputs, "projection", transB=1)
    axes = b.constant("axes", np.array([-1]))
    length = b.add("ReduceL2", [projected, axes], "length", keepdims=1)
    floor = b.constant("floor", np.array(LEAST_ROOT, np.float32))
    return b.add("Div", [projected, b.add("Clip", [length, floor], "clipped")], output)


def text_tower(path: Path) -> Path:
    b = Builder()
    x = b.add("Gather", [b.weight("table", WORDS, WIDTH), "input_ids"], "words")
    x = b.add("Mul", [x, b.constant("louder", np.array(64, np.float32))], "loud")
    for index in range(2):
        x = block(b, x, f"layer{index}")
    head(b, x, "text_embeds")
    inputs = {"input_ids": (TensorProto.INT64, ["batch", "length"])}
    return b.save(path, inputs, {"text_embeds": (TensorProto.FLOAT, ["batch", 48])})


def vision_tower(path: Path) -> Path:
    b = Builder()
    kernel = b.weight("patches.weight", WIDTH, 3, PATCH, PATCH)
    x = b.add("Conv", ["pixel_values", kernel], "patches", strides=[PATCH, PATCH])
    x = b.add("Reshape", [x, b.constant("row", np.array([0, WIDTH, -1]))], "rows")
    x = b.add("Transpose", [x], "tokens", perm=[0, 2, 1])
    x = block(b, x, "layer0")
    states = b.add("Identity", [x], "patch_states")
    head(b, block(b, states, "layer1"), "image_embeds")
    inputs = {"pixel_values": (TensorProto.FLOAT, ["batch", 3, SIDE, SIDE])}
    outputs = {
        "image_embeds": (TensorProto.FLOAT, ["batch", 48]),
        "patch_states": (TensorProto.FLOAT, ["batch", (SIDE // PATCH) ** 2, WIDTH]),
    }
    return b.save(path, inputs, outputs)


@pytest.fixture
def builder() -> Builder:
    return Builder()


@pytest.fixture(scope="session")
def text(tmp_path_factory) -> Path:
    return text_tower(tmp_path_factory.mktemp("towers") / "text.onnx")


@pytest.fixture(scope="session")
def vision(tmp_path_factory) -> Path:
    return vision_tower(tmp_path_factory.mktemp("towers") / "vision.onnx")


@pytest.fixture(scope="session")
def feeds() -> dict[str, list[dict[str, np.ndarray]]]:
    """Inputs of either tower: texts of several lengths, pictures."""
    rng = np.random.default_rng(1)
    pictures = rng.normal(0, 1, (12, 3, SIDE, SIDE)).astype(np.float32)
    return {
        "text": [{"input_ids": rng.integers(0, WORDS, (4, length))} for length in (3, 9, 5)],
        "vision": [{"pixel_values": pictures[:7]}, {"pixel_values": pictures[7:]}],
    }


@pytest.fixture(scope="session")
def run():
    """Run a file: outputs of all feeds, the first one unless it is named."""
    from export.graphs.files import open_session

    def run(path: Path, feeds: list[dict], output: str | None = None) -> np.ndarray:
        session = open_session(path)
        name = output or session.get_outputs()[0].name
        return np.concatenate([session.run([name], feed)[0] for feed in feeds])

    return run
