"""Where models come from: each kind of source becomes the same float32 graphs and rules."""

from export.checkpoints.checkpoint import model_type
from export.checkpoints.files import NEEDED, local_path
from export.errors import ExportError
from export.spec import Source


def open_source(source: str) -> Source:
    """The source of an export: ready-made graphs, OpenCLIP, or a checkpoint of transformers.

    Args:
        source: a local folder, or a hub id.

    Raises:
        ExportError: there is nothing of a known kind; the message says what is needed.
    """
    from export.sources import open_clip, ready_made

    place = local_path(source)
    if not source.strip() or (place.exists() and not place.is_dir()):
        raise ExportError(f"{source!r}: is {'a file' if source.strip() else 'empty'}.\n{NEEDED}")
    if ready_made.recognise(source):
        return ready_made.ReadyMadeSource(source)
    if open_clip.recognise(source):
        return open_clip.OpenClipSource(source)
    if place.is_dir():
        model_type(source)  # fails before PyTorch is loaded, which takes seconds
    from export.sources.framework import TransformersSource

    return TransformersSource(source)
