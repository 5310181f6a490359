"""Writes the model folder: both towers as ONNX, the tokenizer, `model.json`."""

import hashlib
import json
import logging
import tempfile
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from torch import nn

from engine.encoder import ScoreCurve
from engine.machine import describe_machine
from export.scores import fit_curve, image_pairs, text_pairs
from training.card import write_card
from training.compact import compact_file
from training.corpus import Picture
from training.evaluate import evaluate, summary
from training.exported import Exported
from training.heads import DIM, Heads
from training.minilm import MiniLM, model_folder, tokenizer_json
from training.mobilenet import NETWORK, MobileNetV2, read_layers
from training.pixels import MEAN, SIZE, STD
from training.samples import DRAWN
from training.texts import CONTEXT, make_tokenizer
from training.towers import TextTower, VisionTower, example_inputs

log = logging.getLogger(__name__)
OPSET = 18
FILES = ("vision.onnx", "text.onnx", "tokenizer.json")
CODE_LICENSE = "the architectures MobileNetV2 and BERT: Apache-2.0"
WEIGHTS_LICENSE = (
    "image network Apache-2.0 (MobileNetV2), text network Apache-2.0 (all-MiniLM-L6-v2); heads "
    "trained on images for research and non-commercial use, see MODEL_CARD.md"
)


def export(
    heads: Heads, pretrained: Path, out: Path, dev: dict[str, list[Picture]], roots: dict[str, Path]
) -> dict:
    """Write the model folder `out` and return its manifest. `roots` holds the dev pictures."""
    out.mkdir(parents=True, exist_ok=True)
    rules = tokenizer_json(model_folder())
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".making-") as place:
        stage = Path(place)
        vision = VisionTower(MobileNetV2(read_layers(pretrained / NETWORK)), heads).eval()
        text = TextTower(MiniLM(model_folder()), heads).eval()
        _export_vision(vision, stage / "vision-float.onnx")
        _export_text(text, stage / "text-float.onnx")
        _export_text(text.with_byte_table(), stage / "text-table.onnx")
        compact_file(stage / "vision-float.onnx", stage / "vision.onnx")
        compact_file(stage / "text-table.onnx", stage / "text.onnx")
        (stage / "tokenizer.json").write_text(rules, encoding="utf-8")
        tokenizer = make_tokenizer(rules)
        floats = Exported(stage / "vision-float.onnx", stage / "text-float.onnx", tokenizer)
        small = Exported(stage / "vision.onnx", stage / "text.onnx", tokenizer)
        measured, score = measure(floats, small, dev, roots)
        manifest = describe(stage, measured, score)
        sizes = {name: (stage / name).stat().st_size for name in FILES}
        card = write_card(manifest, sizes, DRAWN["train"][0])
        (stage / "MODEL_CARD.md").write_text(card, encoding="utf-8")
        manifest_text = json.dumps(manifest, indent=2) + "\n"
        (stage / "model.json").write_text(manifest_text, encoding="utf-8")
        for name in (*FILES, "MODEL_CARD.md", "model.json"):
            (stage / name).replace(out / name)
    return manifest


def _export_vision(tower: nn.Module, path: Path) -> None:
    pixels, _, _ = example_inputs()
    batch = torch.export.Dim("batch")
    _onnx(tower, (pixels,), ["pixel_values"], "image_embeds", ({0: batch},), path)


def _export_text(tower: nn.Module, path: Path) -> None:
    _, ids, mask = example_inputs()
    axes = {0: torch.export.Dim("batch"), 1: torch.export.Dim("length", max=CONTEXT)}
    _onnx(tower, (ids, mask), ["input_ids", "attention_mask"], "text_embeds", (axes, axes), path)


def _onnx(tower, example, inputs: list[str], output: str, axes, path: Path) -> None:
    torch.onnx.export(
        tower,
        example,
        str(path),
        input_names=inputs,
        output_names=[output],
        dynamic_shapes=axes,
        opset_version=OPSET,
        dynamo=True,
        external_data=False,
        verbose=False,
    )


def measure(
    floats: Exported, small: Exported, dev: dict[str, list[Picture]], roots: dict[str, Path]
) -> tuple[dict, dict[str, ScoreCurve]]:
    """What the exported files reach on dev, what storing them small cost, and the score curves."""
    paths = {name: [roots[name] / item.file for item in items] for name, items in dev.items()}
    vectors = {name: small.pictures(files) for name, files in paths.items()}
    exact = {name: floats.pictures(files) for name, files in paths.items()}
    report, before = evaluate(dev, vectors, small.texts), evaluate(dev, exact, floats.texts)
    log.info("float    %s", summary(before))
    log.info("exported %s", summary(report))
    captions = [text for item in dev["flickr8k"] for text in item.record["captions"]]
    lost = {
        "storage": "int8 weights with a scale for each output channel, float32 arithmetic",
        "image_cosine": _agreement(exact["flickr8k"], vectors["flickr8k"]),
        "text_cosine": _agreement(floats.texts(captions), small.texts(captions)),
        "flickr8k_dev_float32": _rounded(before["flickr8k"]),
    }
    quick = small.with_threads(4)
    measured: dict = {"machine": describe_machine()}
    measured |= {f"{name}_dev": _rounded(figures) for name, figures in report.items()}
    measured |= {"quantization": lost, "latency_ms": quick.latency()}
    return measured, curves(dev, vectors, small)


def curves(
    dev: dict[str, list[Picture]], vectors: dict[str, np.ndarray], encoder: Exported
) -> dict[str, ScoreCurve]:
    """The score curves for a text against pictures and for a picture against pictures."""
    by_text, by_image = [], []
    for name, items in dev.items():
        if name in {"flickr8k", "fashion", "samples"}:
            pairs = [(row, text) for row, item in enumerate(items) for text in queries(item)]
            owner = np.array([row for row, _ in pairs])
            meaning = np.array([meaning_of(items[row]) for row in owner])
            texts = encoder.texts([text for _, text in pairs])
            by_text.append(text_pairs(texts, vectors[name], owner, meaning))
        if name != "flickr8k":
            by_image.append(image_pairs(vectors[name], [meaning_of(item) for item in items]))
    return {"text": fit_curve(by_text), "image": fit_curve(by_image)}


def queries(item: Picture) -> list[str]:
    """The texts of a dev picture that its score curve is fitted on."""
    return list(item.record["captions"])


def meaning_of(item: Picture) -> str:
    """Pictures with equal meanings are no negatives of each other."""
    record = item.record
    if "attributes" in record:
        return f"{record['attributes'].get('colour')} {record['attributes']['kind']}"
    if item.dataset == "fashion":
        return f"{record['baseColour']} {record['articleType']}"
    return record.get("label") or item.file


def _agreement(first: np.ndarray, second: np.ndarray) -> dict[str, float]:
    cosines = (first * second).sum(1)
    return {"mean": round(float(cosines.mean()), 5), "min": round(float(cosines.min()), 5)}


def _rounded(figures: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in figures.items()}


def describe(folder: Path, measured: dict, score: dict[str, ScoreCurve]) -> dict:
    """The contents of `model.json` for the files in `folder`."""

    def file(name: str) -> dict[str, str]:
        return {"file": name, "sha256": hashlib.sha256((folder / name).read_bytes()).hexdigest()}

    digests = file("vision.onnx")["sha256"] + file("text.onnx")["sha256"]
    return {
        "schema": 1,
        "name": "default",
        "source": "MobileNetV2 (ImageNet) and all-MiniLM-L6-v2 with trained heads, see training/",
        "revision": hashlib.sha256(digests.encode()).hexdigest()[:12],
        "license": {"code": CODE_LICENSE, "weights": WEIGHTS_LICENSE},
        "dim": DIM,
        "vision": file("vision.onnx")
        | {"precision": "int8", "inputs": ["pixel_values"], "output": "image_embeds"},
        "text": file("text.onnx")
        | {
            "precision": "int8",
            "inputs": ["input_ids", "attention_mask"],
            "output": "text_embeds",
        },
        "tokenizer": file("tokenizer.json"),
        "pixels": {
            "width": SIZE,
            "height": SIZE,
            "resize": "squash",
            "interpolation": "bicubic",
            "mean": [MEAN] * 3,
            "std": [STD] * 3,
        },
        "tokens": {
            "context_length": CONTEXT,
            "padding": "longest",
            "pad_id": 0,
            "lowercase": False,
            "prompt": "{}",
        },
        "score": {name: _rounded(asdict(curve)) for name, curve in score.items()},
        "measured": measured,
    }
