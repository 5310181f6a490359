"""Loads torchvision beside a torch of another build, as package indexes often leave them.

Its operators are compiled for CUDA and cannot be loaded by the CPU build of torch; then the import
fails at describing them to the compiler. Nothing here uses them: pictures are resized by Pillow.
"""

import re
from typing import Any

_KEEP: list[Any] = []  # operators live as long as their library does


def load_torchvision() -> None:
    """Import torchvision, with its operators declared but without a body where they are missing."""
    import torch

    if _KEEP:
        return
    library = torch.library.Library("torchvision", "FRAGMENT")
    _KEEP.append(library)
    while True:
        try:
            import torchvision  # noqa: F401
        except RuntimeError as error:
            missing = re.search(r"operator torchvision::(\w+) does not exist", str(error))
            if missing is None:
                raise
            library.define(f"{missing[1]}(Tensor anything) -> Tensor")
        else:
            return
