"""Which architectures can be exported, by the `model_type` of a checkpoint's config.json."""

from importlib import import_module
from typing import TYPE_CHECKING

from export.errors import ExportError

if TYPE_CHECKING:
    from export.tower import Architecture

_MODULES = {
    "align": "align",
    "altclip": "altclip",
    "blip": "blip",
    "chinese_clip": "chinese_clip",
    "clip": "clip",
    "siglip": "siglip",
    "siglip2": "siglip2",
    "vision-text-dual-encoder": "dual_encoder",
    "visual-search-default": "default",
}
"""The module here of each; it has an ARCHITECTURE."""

KNOWN = tuple(_MODULES)


def architecture_for(model_type: str) -> "Architecture":
    """The architecture of a `model_type`.

    Raises:
        ExportError: nothing is known of this type; the message lists what is.
    """
    if model_type not in _MODULES:
        raise ExportError(
            f"config.json: 'model_type' is {model_type!r}, which cannot be exported; "
            f"known are: {', '.join(KNOWN)}"
        )
    return import_module(f"export.architectures.{_MODULES[model_type]}").ARCHITECTURE
