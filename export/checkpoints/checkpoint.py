"""A checkpoint in the layout of transformers: where its files are, and what they say."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from export.checkpoints.files import (
    CONFIG,
    NEEDED,
    TOKENIZER_CONFIG,
    gather,
    in_folder,
    local_path,
    on_hub,
    read_json,
    weight_files,
)
from export.checkpoints.loading import load_image_processor
from export.checkpoints.provenance import digest, read_provenance
from export.errors import ExportError
from export.spec import Provenance


@dataclass(frozen=True)
class Checkpoint:
    """A checkpoint all of whose files are on this machine.

    Attributes:
        folder: where they are; of a hub id, in the hub's cache.
        source: what to write into `model.json`; a local folder by its name alone.
        revision: commit of the hub, or digest of local weights.
        files: where each file is, by name.
    """

    folder: Path
    source: str
    revision: str
    files: Mapping[str, Path]

    @cached_property
    def config(self) -> dict[str, Any]:
        """Contents of config.json."""
        return read_json(self.files[CONFIG])

    @cached_property
    def tokenizer_config(self) -> dict[str, Any]:
        """Contents of tokenizer_config.json."""
        return read_json(self.files[TOKENIZER_CONFIG])

    @cached_property
    def image_processor(self) -> dict[str, Any]:
        """Contents of preprocessor_config.json, with what the framework adds where it is silent.

        Raises:
            ExportError: the framework does not know this processor.
        """
        return dict(load_image_processor(self).to_dict())

    @property
    def provenance(self) -> Provenance:
        """Where the model is from."""
        return read_provenance(self.files, self.config, self.source, self.revision)


def model_type(source: str) -> str:
    """What architecture a source says it is.

    Raises:
        ExportError: there is no such source, or its config.json does not say.
    """
    folder = local_path(source)
    find = in_folder(folder) if folder.is_dir() else on_hub(source)
    path = find(CONFIG)
    if path is None:
        raise _missing(source, gather(find)[1])
    found = read_json(path).get("model_type")
    if not isinstance(found, str):
        raise ExportError(f"{path}: field 'model_type' is {found!r}; expected a name")
    return found


def open_checkpoint(source: str) -> Checkpoint:
    """Find a checkpoint's files; those of a hub id are downloaded unless the cache has them.

    Raises:
        ExportError: files are missing; the message names them all.
    """
    folder = local_path(source)
    local = folder.is_dir()
    files, missing = gather(in_folder(folder) if local else on_hub(source))
    if missing:
        raise _missing(source, missing)
    if local:
        return Checkpoint(folder, folder.resolve().name, digest(weight_files(files)), files)
    snapshot = files[CONFIG].parent
    return Checkpoint(snapshot, source, snapshot.name, files)


def _missing(source: str, names: list[str]) -> ExportError:
    folder = local_path(source)
    if folder.is_dir():
        return ExportError(f"{folder}: missing: {', '.join(names)}.\n{NEEDED}")
    from huggingface_hub import constants

    return ExportError(
        f"{source}: no such folder; of the hub id, these are not in the local cache and cannot be "
        f"downloaded: {', '.join(names)}. Put them into a folder and give its path, or run "
        f"`hf download {source}` where there is a network and copy its cache to "
        f"{constants.HF_HUB_CACHE} (HF_HUB_CACHE names another place).\n{NEEDED}"
    )
