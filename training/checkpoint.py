"""Writes the trained model as a checkpoint folder, which `python -m export` reads."""

import json
import logging
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from safetensors.torch import save_file

from engine.encoder import ScoreCurve
from export.checkpoints.files import WEIGHTS
from export.networks.sizes import as_config
from export.networks.towers import DualEncoder
from training.corpus import Picture
from training.curves import fit_curves
from training.evaluate import evaluate
from training.measure import summary
from training.minilm import model_folder, tokenizer_json
from training.pixels import MEAN, SIZE, STD
from training.readme import write_readme
from training.texts import CONTEXT, make_tokenizer
from training.towers import embed_pictures, embed_texts

log = logging.getLogger(__name__)
MODEL_TYPE = "visual-search-default"
CODE_LICENSE = "the architectures MobileNetV2 and BERT: Apache-2.0"
WEIGHTS_LICENSE = (
    "image network Apache-2.0 (MobileNetV2), text network Apache-2.0 (all-MiniLM-L6-v2); "
    "trained further on images for research and non-commercial use, see MODEL_CARD.md"
)
PREPROCESSOR = {
    "image_processor_type": "ViTImageProcessor",
    "do_resize": True,
    "size": {"height": SIZE, "width": SIZE},
    "resample": 3,  # bicubic
    "do_rescale": True,
    "rescale_factor": 1 / 255,
    "do_normalize": True,
    "image_mean": [MEAN] * 3,
    "image_std": [STD] * 3,
}
TOKENIZER = {
    "tokenizer_class": "BertTokenizerFast",
    "model_input_names": ["input_ids", "attention_mask"],
    "model_max_length": CONTEXT,
    "do_lower_case": True,
    "strip_accents": None,
    "tokenize_chinese_chars": True,
    "cls_token": "[CLS]",
    "mask_token": "[MASK]",
    "pad_token": "[PAD]",
    "sep_token": "[SEP]",
    "unk_token": "[UNK]",
}


def write_checkpoint(
    model: DualEncoder,
    out: Path,
    dev: Mapping[str, list[Picture]],
    roots: Mapping[str, Path],
    unknown: Mapping[str, tuple[float, float]],
) -> dict[str, dict[str, float]]:
    """Write the folder `out`, and return what the model reaches on dev in float32.

    Args:
        model: trained, in float32.
        out: made if it is not there; files of the same names are replaced.
        dev: pictures to measure and to fit the score curves on, by data set.
        roots: folder of the pictures, by data set.
        unknown: figures on what was held out (see `readme.read_unknown`).
    """
    rules = tokenizer_json(model_folder())
    report, curves = _measure(model, rules, dev, roots)
    log.info("%s", summary(report))
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".making-") as place:
        stage = Path(place)
        save_file(model.state_dict(), stage / WEIGHTS[0], {"format": "pt"})
        _write_json(stage / "config.json", describe(model, curves))
        _write_json(stage / "preprocessor_config.json", PREPROCESSOR)
        _write_json(stage / "tokenizer_config.json", TOKENIZER)
        (stage / "tokenizer.json").write_text(rules, encoding="utf-8")
        (stage / "README.md").write_text(
            write_readme(model.sizes.dim, report, unknown), encoding="utf-8"
        )
        # safetensors lets nobody but its owner read the weights.
        shutil.copymode(stage / "config.json", stage / WEIGHTS[0])
        for path in sorted(stage.iterdir()):
            path.replace(out / path.name)
    return report


def describe(model: DualEncoder, curves: Mapping[str, ScoreCurve]) -> dict[str, Any]:
    """The contents of `config.json`."""
    return {
        "model_type": MODEL_TYPE,
        "license": {"code": CODE_LICENSE, "weights": WEIGHTS_LICENSE},
        **as_config(model.sizes),
        "score_curves": {name: _rounded(asdict(curve)) for name, curve in curves.items()},
        "torch_dtype": "float32",
    }


def _measure(
    model: DualEncoder,
    rules: str,
    dev: Mapping[str, list[Picture]],
    roots: Mapping[str, Path],
) -> tuple[dict[str, dict[str, float]], dict[str, ScoreCurve]]:
    tokenizer = make_tokenizer(rules)

    def encode(texts: list[str]):
        return embed_texts(model.text, tokenizer, texts)

    vectors = {}
    for name, items in dev.items():
        log.info("encoding %d pictures of %s", len(items), name)
        vectors[name] = embed_pictures(model.vision, [roots[name] / item.file for item in items])
    report = {name: _rounded(part) for name, part in evaluate(dev, vectors, encode).items()}
    return report, fit_curves(dev, vectors, encode)


def _write_json(path: Path, value: Mapping[str, Any]) -> None:
    path.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")


def _rounded(figures: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 4) for name, value in figures.items()}
