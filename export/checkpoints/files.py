"""Finds the files of a checkpoint: in a local folder, or of a hub id in the hub's local cache.

Files of a hub id are downloaded where the cache lacks them and the network is there.
"""

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from export.errors import ExportError

CONFIG, PREPROCESSOR = "config.json", "preprocessor_config.json"
TOKENIZER, TOKENIZER_CONFIG = "tokenizer.json", "tokenizer_config.json"
VOCABULARIES = (
    (TOKENIZER,),
    ("vocab.json", "merges.txt"),
    ("vocab.txt",),
    ("spiece.model",),
    ("sentencepiece.bpe.model",),
    ("tokenizer.model",),
)
"""What a tokenizer can be made from, best first."""

WEIGHTS = ("model.safetensors", "pytorch_model.bin")
OPTIONAL = ("special_tokens_map.json", "added_tokens.json", "README.md", "LICENSE")

NEEDED = (
    f"SOURCE is a hub id, or a local folder with {CONFIG}, {PREPROCESSOR}, {TOKENIZER_CONFIG}, "
    f"{TOKENIZER} (or {', or '.join(' and '.join(names) for names in VOCABULARIES[1:])}) and the "
    f"weights ({' or '.join(WEIGHTS)}, or their shards with the index)."
)

Find = Callable[[str], Path | None]
"""A file's name in the checkpoint to where it lies; None where there is no such file."""


def local_path(source: str) -> Path:
    """The path that a source may be, with the home directory put in for `~`."""
    try:
        return Path(source).expanduser()
    except RuntimeError:  # the home of somebody that this machine does not know
        return Path(source)


def in_folder(folder: Path) -> Find:
    """Files of a local folder."""
    return lambda name: folder / name if (folder / name).is_file() else None


def on_hub(source: str) -> Find:
    """Files of a hub id, all of one commit. The environment's HF_HUB_OFFLINE is honoured.

    Once the hub is out of reach, only the cache is asked: each try waits for half a minute.

    Raises:
        ExportError: there is no such id, or it may not be read.
    """
    from huggingface_hub import hf_hub_download
    from huggingface_hub.errors import (
        EntryNotFoundError,
        GatedRepoError,
        HFValidationError,
        LocalEntryNotFoundError,
        RepositoryNotFoundError,
    )

    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)  # it counts its retries aloud
    commit: list[str] = []
    unreachable: list[str] = []

    def find(name: str) -> Path | None:
        try:
            path = Path(
                hf_hub_download(
                    source,
                    name,
                    revision=commit[0] if commit else None,
                    local_files_only=bool(unreachable),
                )
            )
        except GatedRepoError:
            raise ExportError(
                f"{source}: its owner asks for consent: accept the terms on its page at the hub, "
                "and log in with `hf auth login`"
            ) from None
        except RepositoryNotFoundError:
            raise ExportError(
                f"{source}: no such folder, and no such id at the hub, or a private one: check the "
                "name, or log in with `hf auth login`"
            ) from None
        except HFValidationError:
            raise ExportError(
                f"{source}: no such folder, and no hub id: those read OWNER/NAME.\n{NEEDED}"
            ) from None
        except LocalEntryNotFoundError:  # the hub is out of reach, and the cache lacks it
            unreachable.append(name)
            return None
        except EntryNotFoundError:
            return None
        except Exception as error:  # the network: each layer below has its own
            raise ExportError(f"{source}: {name} cannot be had from the hub: {error}") from error
        if not commit:
            commit.append(_commit(path, name))
        return path

    return find


def _commit(path: Path, name: str) -> str:
    """The cache keeps a file under `snapshots/<commit>/`."""
    return path.parents[name.count("/")].name


def gather(find: Find) -> tuple[dict[str, Path], list[str]]:
    """All files that an export needs, by name, and what is missing of them."""
    found = {name: path for name in OPTIONAL if (path := find(name))}
    missing = []
    for name in (CONFIG, PREPROCESSOR, TOKENIZER_CONFIG):
        path = find(name)
        if path is None:
            missing.append(name)
        else:
            found[name] = path
    vocabulary = _vocabulary(find)
    weights, lacking = _weights(find)
    if not vocabulary:
        missing.append(TOKENIZER)
    return found | vocabulary | weights, missing + lacking


def weight_files(found: dict[str, Path]) -> list[Path]:
    """Those of `gather`'s files that hold weights, in order."""
    return [found[name] for name in sorted(found) if name.endswith((".safetensors", ".bin"))]


def _vocabulary(find: Find) -> dict[str, Path]:
    """Every complete way to a tokenizer, as transformers may want an older one too."""
    found: dict[str, Path] = {}
    for names in VOCABULARIES:
        paths = {name: path for name in names if (path := find(name))}
        found |= paths if len(paths) == len(names) else {}
    return found


def _weights(find: Find) -> tuple[dict[str, Path], list[str]]:
    """The weights in one file, or the shards that an index names, and those of them missing."""
    for name in WEIGHTS:
        path = find(name)
        if path is not None:
            return {name: path}, []
        index = find(f"{name}.index.json")
        if index is None:
            continue
        shards = sorted(set(_shards(index)))
        found = {shard: path for shard in shards if (path := find(shard))}
        return found | {index.name: index}, [shard for shard in shards if shard not in found]
    return {}, [" or ".join(WEIGHTS)]


def _shards(index: Path) -> list[str]:
    places = read_json(index).get("weight_map")
    if not isinstance(places, dict) or not all(isinstance(name, str) for name in places.values()):
        raise ExportError(f"{index}: field 'weight_map' is no object with names of files")
    return list(places.values())


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object.

    Raises:
        ExportError: the file cannot be read, or holds something else.
    """
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise ExportError(f"{path}: cannot be read: {error}") from error
    if not isinstance(value, dict):
        raise ExportError(f"{path}: expected a JSON object")
    return value
