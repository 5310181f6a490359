"""The frozen image network as an ONNX file: onnxruntime runs it several times as fast."""

import math
from pathlib import Path

import onnxruntime
import torch
from torch import Tensor, nn

from export.networks.pooling import pool
from export.networks.sizes import POOLED_GROUPS, VisionSizes
from training.mobilenet import NETWORK, Classifier, read_layers

FROZEN_STAGES = 3  # edges, textures and colours: a few thousand weights that stay as they are
_SIZES = VisionSizes()
FROZEN_WIDTH = sum(
    stage[1] for stage in _SIZES.stages[:FROZEN_STAGES]
)  # their share of a statistic
_SIDE = _SIZES.image_size // 2 // math.prod(stage[3] for stage in _SIZES.stages[:FROZEN_STAGES])
MAP = (_SIZES.stages[FROZEN_STAGES - 1][1], _SIDE, _SIDE)  # what they make of a picture


class Statistics(nn.Module):
    """Pixels [n, 3, 224, 224] to what training reads of a picture.

    That is pooled [n, POOLED], the map after the frozen stages [n, 32, 28, 28], from which fine
    tuning goes on, and the classifier's logits [n, CLASSES].
    """

    def __init__(self, classifier: Classifier) -> None:
        super().__init__()
        self.classifier = classifier

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """All three for a batch."""
        stages, last, logits = self.classifier(pixels)
        return pool(POOLED_GROUPS, stages, last), stages[FROZEN_STAGES - 1], logits


def export_statistics(pretrained: Path, target: Path) -> None:
    """Write `Statistics` of the network in the folder `pretrained` to the ONNX file `target`."""
    side = VisionSizes().image_size
    target.parent.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(
        Statistics(Classifier(read_layers(pretrained / NETWORK))).eval(),
        (torch.rand(2, 3, side, side),),
        str(target),
        input_names=["pixel_values"],
        output_names=["pooled", "maps", "logits"],
        dynamic_shapes=({0: torch.export.Dim("batch")},),
        opset_version=18,
        dynamo=True,
        external_data=False,
        verbose=False,
    )


def open_session(path: Path, threads: int) -> onnxruntime.InferenceSession:
    """A CPU session for `cache_features`."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
