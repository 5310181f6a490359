"""Whole model folders of a few kilobytes, made on the spot: graphs, tokenizer and `model.json`."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from tokenizers.processors import TemplateProcessing

DIM, WIDTH, SIDE, PATCH = 6, 5, 8, 4
WORDS = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "red", "dog", "on", "a", "beach")
OPSET = 17


def tiny_model(
    folder: Path,
    text_inputs: Sequence[str] = ("input_ids", "attention_mask"),
    patches: bool = False,
    batch: int | None = None,
    external: bool = False,
    windows: bool = False,
    **changes: Any,
) -> Path:
    """Make a model folder with pictures of 8 x 8 pixels, 2 x 2 patches, and vectors of 6.

    Args:
        folder: where to make it.
        text_inputs: inputs of the text tower.
        patches: whether it gives vectors for patches.
        batch: rows that both towers take at a time; None is any number.
        external: whether the vision tower's weights lie in a file of their own.
        windows: whether it gives vectors for windows, which are the patches.
        changes: top-level fields of the manifest; an object is merged into the one there.
    """
    folder.mkdir(parents=True)
    save(vision_graph(patches, batch, windows), folder / "vision.onnx", external)
    save(text_graph(text_inputs, batch), folder / "text.onnx")
    tokenizer().save(str(folder / "tokenizer.json"))
    tower = {"precision": "fp32"} | ({"batch": batch} if batch else {})
    vision = {**tower, **file(folder / "vision.onnx"), "inputs": ["pixel_values"]}
    text = {**tower, **file(folder / "text.onnx"), "inputs": list(text_inputs)}
    fields: dict[str, Any] = {
        "schema": 2,
        "name": "tiny",
        "source": "made for a test",
        "revision": "1",
        "license": {"code": "MIT", "weights": "MIT"},
        "dim": DIM,
        "vision": {**vision, "output": "image_embeds"},
        "text": {**text, "output": "text_embeds"},
        "tokenizer": file(folder / "tokenizer.json"),
        "pixels": {
            **{"width": SIDE, "height": SIDE, "resize": "squash", "interpolation": "bicubic"},
            **{"mean": [0.5] * 3, "std": [0.5] * 3},
        },
        "tokens": {
            **{"context_length": 8, "padding": "longest", "pad_id": 0},
            **{"lowercase": True, "prompt": "{}"},
        },
        "score": {name: {"scale": 10, "midpoint": 0.3} for name in ("text", "image")},
        "measured": {},
    }
    if external:
        fields["vision"]["data"] = file(folder / "vision.onnx.data")
    if patches:
        save(patch_graph(), folder / "patches.onnx")
        head = {**file(folder / "patches.onnx"), "precision": "fp32", "inputs": ["patch_states"]}
        fields["patches"] = {**head, "output": "patch_embeds", "rows": 2, "columns": 2}
    if windows:
        fields["windows"] = {"rows": 2, "columns": 2}
    for name, value in changes.items():
        fields[name] = {**fields[name], **value} if isinstance(value, dict) else value
    (folder / "model.json").write_text(json.dumps(fields), encoding="utf-8")
    return folder


def weights(name: str, *shape: int) -> onnx.TensorProto:
    """The same random numbers for the same name."""
    seed = int.from_bytes(name.encode(), "big")
    values = np.random.default_rng(seed).normal(size=shape)
    return numpy_helper.from_array(values.astype(np.float32), name)


def vision_graph(
    patches: bool = False, batch: int | None = None, windows: bool = False
) -> onnx.ModelProto:
    """Patches by a convolution, their mean projected."""
    nodes = [
        helper.make_node("Conv", ["pixel_values", "kernel"], ["grid"], strides=[PATCH, PATCH]),
        helper.make_node("Reshape", ["grid", "flat"], ["columns"]),
        helper.make_node("Transpose", ["columns"], ["patch_states"], perm=[0, 2, 1]),
        helper.make_node("ReduceMean", ["patch_states"], ["mean"], axes=[1], keepdims=0),
        helper.make_node("MatMul", ["mean", "projection"], ["projected"]),
        helper.make_node("LpNormalization", ["projected"], ["image_embeds"], axis=-1),
    ]
    rows = batch or "batch"
    outputs = [helper.make_tensor_value_info("image_embeds", TensorProto.FLOAT, [rows, DIM])]
    if patches:
        shape = [rows, 4, WIDTH]
        outputs.append(helper.make_tensor_value_info("patch_states", TensorProto.FLOAT, shape))
    if windows:
        nodes += [
            helper.make_node("MatMul", ["patch_states", "projection"], ["placed"]),
            helper.make_node("LpNormalization", ["placed"], ["window_embeds"], axis=-1),
        ]
        shape = [rows, 4, DIM]
        outputs.append(helper.make_tensor_value_info("window_embeds", TensorProto.FLOAT, shape))
    pixels = [rows, 3, SIDE, SIDE]
    given = [
        weights("kernel", WIDTH, 3, PATCH, PATCH),
        weights("projection", WIDTH, DIM),
        numpy_helper.from_array(np.array([0, WIDTH, -1]), "flat"),
    ]
    inputs = [helper.make_tensor_value_info("pixel_values", TensorProto.FLOAT, pixels)]
    return model(nodes, inputs, outputs, given)


def patch_graph() -> onnx.ModelProto:
    """The states of patches, projected."""
    nodes = [
        helper.make_node("MatMul", ["patch_states", "projection"], ["projected"]),
        helper.make_node("LpNormalization", ["projected"], ["patch_embeds"], axis=-1),
    ]
    states, embeds = ["batch", 4, WIDTH], ["batch", 4, DIM]
    return model(
        nodes,
        [helper.make_tensor_value_info("patch_states", TensorProto.FLOAT, states)],
        [helper.make_tensor_value_info("patch_embeds", TensorProto.FLOAT, embeds)],
        [weights("projection", WIDTH, DIM)],
    )


def text_graph(inputs: Sequence[str], batch: int | None = None) -> onnx.ModelProto:
    """Rows of tables, one for each input, added up, and the mean of them."""
    tables = {"input_ids": len(WORDS), "attention_mask": 2, "token_type_ids": 2}
    nodes = [helper.make_node("Gather", [f"{name}_rows", name], [f"{name}_0"]) for name in inputs]
    nodes += [
        helper.make_node("Sum", [f"{name}_0" for name in inputs], ["sum"]),
        helper.make_node("ReduceMean", ["sum"], ["mean"], axes=[1], keepdims=0),
        helper.make_node("LpNormalization", ["mean"], ["text_embeds"], axis=-1),
    ]
    shape = [batch or "batch", "length"]
    output = helper.make_tensor_value_info("text_embeds", TensorProto.FLOAT, [shape[0], DIM])
    return model(
        nodes,
        [helper.make_tensor_value_info(name, TensorProto.INT64, shape) for name in inputs],
        [output],
        [weights(f"{name}_rows", tables[name], DIM) for name in inputs],
    )


def model(nodes: list[Any], inputs: Any, outputs: Any, given: Any) -> onnx.ModelProto:
    graph = helper.make_graph(nodes, "tiny", inputs, outputs, given)
    opsets = [helper.make_opsetid("", OPSET)]
    made = helper.make_model(graph, opset_imports=opsets, ir_version=8)
    onnx.checker.check_model(made)
    return made


def save(graph: onnx.ModelProto, path: Path, external: bool = False) -> None:
    """Write a graph, its weights perhaps into `<name>.data`."""
    location = f"{path.name}.data"
    if external:
        onnx.save_model(
            graph, path, save_as_external_data=True, location=location, size_threshold=100
        )
    else:
        onnx.save_model(graph, path)


def tokenizer() -> Tokenizer:
    """Knows WORDS; the words of a text have the type 1, the mark before them 0."""
    made = Tokenizer(WordLevel({word: place for place, word in enumerate(WORDS)}, "[UNK]"))
    made.pre_tokenizer = Whitespace()
    made.post_processor = TemplateProcessing(
        single="[CLS]:0 $A:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    return made


def file(path: Path) -> dict[str, str]:
    return {"file": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
