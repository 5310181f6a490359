"""A checkpoint in the layout of transformers: its files, its settings, its weights."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from export.errors import ExportError
from export.precisions.quiet import quiet
from export.sources.files import (
    CONFIG,
    NEEDED,
    PREPROCESSOR,
    TOKENIZER_CONFIG,
    gather,
    in_folder,
    on_hub,
    read_json,
    weight_files,
)
from export.spec import Provenance

__all__ = ["CONFIG", "Checkpoint", "load_model", "model_type", "open_checkpoint", "read_json"]


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
        return dict(slow_image_processor(self).to_dict())

    @property
    def provenance(self) -> Provenance:
        """Where the model is from."""
        header, text = _read_readme(self.files.get("README.md"))
        said = self.config.get("license")
        if isinstance(said, Mapping):  # says more than a model card can
            licence = {name: str(said.get(name, "see source")) for name in ("code", "weights")}
        else:
            file = "see LICENSE at the source" if "LICENSE" in self.files else None
            licence = dict.fromkeys(("code", "weights"), header or said or file or "see source")
        return Provenance(self.source, self.revision, licence, readme=text)


def model_type(source: str) -> str:
    """What architecture a source says it is.

    Raises:
        ExportError: there is no such source, or its config.json does not say.
    """
    folder = Path(source).expanduser()
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
    folder = Path(source).expanduser()
    local = folder.is_dir()
    files, missing = gather(in_folder(folder) if local else on_hub(source))
    if missing:
        raise _missing(source, missing)
    if local:
        return Checkpoint(folder, folder.resolve().name, _digest(weight_files(files)), files)
    snapshot = files[CONFIG].parent
    return Checkpoint(snapshot, source, snapshot.name, files)


def load_model(checkpoint: Checkpoint, kind: Any) -> Any:
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
                local_files_only=True,
                output_loading_info=True,
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


def slow_image_processor(checkpoint: Checkpoint) -> Any:
    """The framework's processor on Pillow, which is the reference; not its fast one on torch.

    Raises:
        ExportError: the framework does not know it.
    """
    from transformers import AutoImageProcessor

    try:
        return AutoImageProcessor.from_pretrained(
            checkpoint.folder, use_fast=False, local_files_only=True
        )
    except Exception as error:
        path = checkpoint.files[PREPROCESSOR]
        raise ExportError(f"{path}: no image processor that is known: {error}") from error


def _digest(weights: list[Path]) -> str:
    """12 hex digits over all files of weights."""
    every = hashlib.sha256()
    for path in weights:
        with path.open("rb") as stream:
            every.update(hashlib.file_digest(stream, "sha256").digest())
    return every.hexdigest()[:12]


def _missing(source: str, names: list[str]) -> ExportError:
    folder = Path(source).expanduser()
    if folder.is_dir():
        return ExportError(f"{folder}: missing: {', '.join(names)}.\n{NEEDED}")
    from huggingface_hub import constants

    return ExportError(
        f"{source}: no such folder; of the hub id, these are not in the local cache and cannot be "
        f"downloaded: {', '.join(names)}. Put them into a folder and give its path, or run "
        f"`hf download {source}` where there is a network and copy its cache to "
        f"{constants.HF_HUB_CACHE} (HF_HUB_CACHE names another place).\n{NEEDED}"
    )


def _read_readme(path: Path | None) -> tuple[str | None, str]:
    """The licence that a model card's header names, and the card without the header."""
    import yaml

    text = path.read_text(encoding="utf-8", errors="replace") if path else ""
    head, mark, body = text.removeprefix("---\n").partition("\n---\n")
    if not text.startswith("---\n") or not mark:
        return None, text
    try:
        fields = yaml.safe_load(head)
    except yaml.YAMLError:
        return None, body
    licence = fields.get("license") if isinstance(fields, dict) else None
    if licence == "other":
        licence = fields.get("license_name") or licence
    return (str(licence) if licence else None), body.lstrip("\n")
