"""Which architectures can be exported, by the `model_type` of a checkpoint's config.json."""

from importlib import import_module
from types import ModuleType

from export.errors import ExportError

_MODULES = {"clip": "export.architectures.clip"}
"""Each module has `towers(model) -> Towers` for the loaded transformers model."""


def architecture_for(model_type: str) -> ModuleType:
    """The module for a `model_type`.

    Raises:
        ExportError: nothing is known of this type; the message lists what is.
    """
    if model_type not in _MODULES:
        known = ", ".join(sorted(_MODULES))
        raise ExportError(f"model_type {model_type!r} cannot be exported; known are: {known}")
    return import_module(_MODULES[model_type])
