"""The whole model in PyTorch: frozen networks and trained heads put together, and run."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from tokenizers import Tokenizer

from export.networks.sizes import Sizes, TextSizes, VisionSizes
from export.networks.towers import DualEncoder, TextTower, VisionTower
from training.heads import Heads
from training.minilm import model_folder, read_minilm
from training.mobilenet import NETWORK, Classifier, read_layers
from training.pixels import to_pixels
from training.texts import tokenise
from training.upper import upper_stages


def assemble(heads: Heads, pretrained: Path) -> DualEncoder:
    """The model in float32; the image network is read from the folder `pretrained`."""
    plan = heads.plan
    vision = VisionSizes(groups=plan.groups, hidden=plan.image_hidden)
    model = DualEncoder(Sizes(vision=vision, text=TextSizes(hidden=plan.text_hidden)))
    image_network = Classifier(read_layers(pretrained / NETWORK)).network
    parts = (
        (model.vision.network, image_network),
        (model.vision.projection, heads.image.projection),
        (model.text.network, read_minilm(model_folder())),
        (model.text.projection, heads.text.projection),
    )
    for target, source in parts:
        target.load_state_dict(source.state_dict())
    return model.eval().requires_grad_(False)


def for_tuning(heads: Heads, pretrained: Path) -> DualEncoder:
    """The same model, ready to learn: with the dropout of its heads, and with `log_scale`."""
    model = assemble(heads, pretrained)
    model.vision.projection, model.text.projection = heads.image.projection, heads.text.projection
    model.log_scale = heads.log_scale
    learns = [*upper_stages(model.vision), model.vision.network.last, *model.text.network.layers]
    for part in (*learns, model.vision.projection, model.text.projection):
        part.requires_grad_(True)
    return model.to(memory_format=torch.channels_last)


@torch.inference_mode()
def embed_texts(
    tower: TextTower, tokenizer: Tokenizer, texts: Sequence[str], batch: int = 32
) -> np.ndarray:
    """Unit rows [n, dim] in the order of `texts`; batches are of like length."""
    order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
    found = []
    for start in range(0, len(order), batch):
        ids, mask = tokenise(tokenizer, [texts[row] for row in order[start : start + batch]])
        found.append(tower(torch.from_numpy(ids), torch.from_numpy(mask)).numpy())
    return np.concatenate(found)[np.argsort(order)]


@torch.inference_mode()
def embed_pictures(tower: VisionTower, paths: Sequence[Path], batch: int = 8) -> np.ndarray:
    """Unit rows [n, dim] of picture files."""
    found = []
    for start in range(0, len(paths), batch):
        pixels = np.stack([_load(path) for path in paths[start : start + batch]])
        found.append(tower(torch.from_numpy(pixels)).numpy())
    return np.concatenate(found)


def _load(path: Path) -> np.ndarray:
    with Image.open(path) as image:
        return to_pixels(image)
