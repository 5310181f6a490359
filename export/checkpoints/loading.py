"""What transformers makes of a checkpoint's files. Code that lies beside the weights never runs."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from export.checkpoints.files import PREPROCESSOR
from export.errors import ExportError
from export.quiet import quiet

if TYPE_CHECKING:
    from export.checkpoints.checkpoint import Checkpoint

_SAFE = {"local_files_only": True, "trust_remote_code": False}
"""If nothing is said of remote code, transformers asks at the terminal whether to run it."""


def load_model(checkpoint: "Checkpoint", kind: Any) -> Any:
    """A transformers model in float32, ready for inference.

    Args:
        checkpoint: where from.
        kind: the model's class.

    Raises:
        ExportError: the weights are damaged, or do not fill the whole model.
    """
    import torch

    try:
        with quiet(), _without_progress():
            model, report = kind.from_pretrained(
                checkpoint.folder,
                dtype=torch.float32,
                attn_implementation="eager",  # written out, it becomes the shorter graph
                output_loading_info=True,
                weights_only=True,  # a pickle may hold code
                **_SAFE,
            )
    except Exception as error:  # files and formats: each library raises its own
        raise ExportError(f"{checkpoint.source}: cannot be loaded: {error}") from error
    # transformers fills what is missing with random numbers, and only logs it.
    lacking = sorted({*report["missing_keys"], *(key[0] for key in report["mismatched_keys"])})
    if lacking:
        raise ExportError(
            f"{checkpoint.source}: the weights lack {len(lacking)} tensors of a {kind.__name__}, "
            f"such as {lacking[0]}"
        )
    return model.eval().requires_grad_(False)


def load_image_processor(checkpoint: "Checkpoint") -> Any:
    """The framework's processor on Pillow, which is the reference; not its fast one on torch.

    Raises:
        ExportError: the framework does not know it.
    """
    from transformers import AutoImageProcessor

    try:
        return AutoImageProcessor.from_pretrained(checkpoint.folder, use_fast=False, **_SAFE)
    except Exception as error:  # settings: each processor raises its own
        path = checkpoint.files[PREPROCESSOR]
        raise ExportError(f"{path}: no image processor that is known: {error}") from error


def load_tokenizer(checkpoint: "Checkpoint") -> Any:
    """The framework's tokenizer; the fast kind where there is one.

    Raises:
        ExportError: the framework cannot read it.
    """
    from transformers import AutoTokenizer

    try:
        return AutoTokenizer.from_pretrained(checkpoint.folder, **_SAFE)
    except Exception as error:  # each of the libraries below has its own
        raise ExportError(f"{checkpoint.source}: its tokenizer cannot be read: {error}") from error


@contextmanager
def _without_progress() -> Iterator[None]:
    """transformers draws a bar over the shards of the weights."""
    from transformers.utils import logging

    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()
