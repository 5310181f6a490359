"""What keeps a fine-tuned model from forgetting: two losses that hold it to its teachers.

A few thousand captions name a small part of the world. The networks knew more of it before they
were trained on them, and these losses say so at every step.
"""

import torch
from torch import Tensor
from torch.nn import functional

SHARPNESS = 10.0  # of the similarities between texts


def recognise(pictures: Tensor, names: Tensor, logits: Tensor, scale: Tensor) -> Tensor:
    """KL divergence from the ImageNet classifier's opinion to that of the shared space.

    Hinton, Vinyals and Dean, "Distilling the Knowledge in a Neural Network" (2015).

    Args:
        pictures: unit rows [n, dim].
        names: unit rows of the class names [classes, dim].
        logits: the classifier's, of these pictures and classes [n, classes].
        scale: what cosines are multiplied by.
    """
    taught = functional.log_softmax(logits, dim=1)
    found = functional.log_softmax(scale * pictures @ names.T, dim=1)
    return functional.kl_div(found, taught, reduction="batchmean", log_target=True)


def relate(texts: Tensor, taught: Tensor) -> Tensor:
    """KL divergence from the teacher's similarities between texts to those of the shared space.

    Args:
        texts: unit rows [n, dim].
        taught: unit rows of the same texts by the text network as it was [n, any width].
    """
    own = torch.eye(len(texts), dtype=torch.bool)
    wanted, found = (
        functional.log_softmax((SHARPNESS * rows @ rows.T).masked_fill(own, -1e4), dim=1)
        for rows in (taught, texts)
    )
    return functional.kl_div(found, wanted, reduction="batchmean", log_target=True)
