"""Opens a checkpoint: a local folder, or a hub id through transformers and its local cache."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from export.errors import ExportError

CONFIG = "config.json"
PREPROCESSOR = "preprocessor_config.json"
TOKENIZER = "tokenizer.json"
TOKENIZER_CONFIG = "tokenizer_config.json"
RULE_FILES = (CONFIG, PREPROCESSOR, TOKENIZER, TOKENIZER_CONFIG)
WEIGHTS = ("model.safetensors", "model.safetensors.index.json", "pytorch_model.bin")

NEEDED = (
    f"SOURCE is a hub id, or a local folder with {', '.join(RULE_FILES)} "
    f"and the weights ({' or '.join(WEIGHTS)})."
)


@dataclass(frozen=True)
class Checkpoint:
    """A checkpoint whose rule files are on this machine.

    Attributes:
        location: what transformers loads the weights from: the folder, or the hub id.
        folder: where the rule files are.
        source: what to write into `model.json`; a local folder by its name alone.
        revision: commit of the hub, or digest of local weights.
    """

    location: str
    folder: Path
    source: str
    revision: str


def model_type(source: str) -> str:
    """What architecture a source says it is.

    Raises:
        ExportError: there is no such source, or its config.json does not say.
    """
    folder = Path(source).expanduser()
    if not folder.is_dir():
        path = _from_hub(source, CONFIG)
    elif (folder / CONFIG).is_file():
        path = folder / CONFIG
    else:
        raise _missing(folder)
    found = read_json(path).get("model_type")
    if not isinstance(found, str):
        raise ExportError(f"{path}: field 'model_type' is {found!r}; expected a name")
    return found


def open_checkpoint(source: str) -> Checkpoint:
    """Find a checkpoint's files; those of a hub id are downloaded unless the cache has them.

    Raises:
        ExportError: files are missing; the message names them.
    """
    folder = Path(source).expanduser()
    if not folder.is_dir():
        paths = [_from_hub(source, name) for name in RULE_FILES]
        snapshot = paths[0].parent
        return Checkpoint(source, snapshot, source, revision=snapshot.name)
    weights = [folder / name for name in WEIGHTS if (folder / name).is_file()]
    if not weights or not all((folder / name).is_file() for name in RULE_FILES):
        raise _missing(folder)
    with weights[0].open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return Checkpoint(str(folder), folder, folder.resolve().name, digest[:12])


def load_model(checkpoint: Checkpoint) -> Any:
    """The transformers model in float32, ready for inference.

    Raises:
        ExportError: the weights are missing, damaged, or do not fill the whole model.
    """
    from transformers import AutoModel

    try:
        model, report = AutoModel.from_pretrained(
            checkpoint.location, revision=checkpoint.revision, output_loading_info=True
        )
    except Exception as error:  # files, network, formats: each library raises its own
        raise ExportError(f"{checkpoint.location}: cannot be loaded: {error}\n{NEEDED}") from error
    # transformers fills what is missing with random numbers, and only logs it.
    if report["missing_keys"]:
        lacking = sorted(report["missing_keys"])
        raise ExportError(
            f"{checkpoint.location}: the weights lack {len(lacking)} tensors, such as {lacking[0]}"
        )
    return model.float().eval()


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object.

    Raises:
        ExportError: the file cannot be read, or holds something else.
    """
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ExportError(f"{path}: cannot be read: {error}") from error
    if not isinstance(value, dict):
        raise ExportError(f"{path}: expected a JSON object")
    return value


def _from_hub(source: str, name: str) -> Path:
    """A file of a hub id, in the local cache under `.../snapshots/<commit>/`."""
    from transformers.utils import cached_file

    try:
        return Path(str(cached_file(source, name)))
    except Exception as error:  # unknown id, no network, no permission: each has its own type
        raise ExportError(
            f"{source}: no such folder, and {name} cannot be had from the hub: {error}\n{NEEDED}"
        ) from error


def _missing(folder: Path) -> ExportError:
    names = [name for name in RULE_FILES if not (folder / name).is_file()]
    if not any((folder / name).is_file() for name in WEIGHTS):
        names.append(" or ".join(WEIGHTS))
    return ExportError(f"{folder}: missing: {', '.join(names)}.\n{NEEDED}")
