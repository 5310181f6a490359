"""Adapters: a small correction of text vectors, learnt for one domain.

An adapter turns the vector of a query; those of pictures stay, so no library is indexed anew. It
lies beside its model, as `adapters/NAME.npz` in the model's folder.
"""

import json
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from engine.encoder.manifest import Manifest, ModelError, ScoreCurve
from engine.files import replacing

_FOLDER = "adapters"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")

_DAMAGES = (
    OSError, EOFError, ValueError, KeyError, TypeError, AttributeError, zipfile.BadZipFile,
)  # fmt: skip

Vectors = npt.NDArray[np.float32]


class AdapterError(ModelError):
    """An adapter that cannot be used; without it, the model can."""


@dataclass(frozen=True, eq=False)
class Adapter:
    """A correction of text vectors: `unit(row + row @ turn)`.

    Attributes:
        name: letters, digits, `.`, `_` and `-`.
        turn: float32 [dim, dim].
        text_score: the curve from cosine to score of texts that it has turned.
        about: what it was made from, and what it reached there; anything that JSON can say.
    """

    name: str
    turn: Vectors
    text_score: ScoreCurve
    about: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def __call__(self, rows: Vectors) -> Vectors:
        """Unit rows, float32 [n, dim], turned."""
        turned = rows + rows @ self.turn
        lengths = np.linalg.norm(turned, axis=1, keepdims=True)
        return np.asarray(turned / np.maximum(lengths, 1e-12), dtype=np.float32)


def adapter_names(model: Path) -> list[str]:
    """The adapters beside the model in the folder `model`, in order."""
    files = (model / _FOLDER).glob("*.npz")
    return sorted(path.stem for path in files if _NAME.fullmatch(path.stem))


def read_adapter(manifest: Manifest, name: str) -> Adapter:
    """The adapter `name` of a model.

    Raises:
        AdapterError: there is none, it cannot be read, or it was made for another model.
    """
    path = _path(manifest.folder, name)
    try:
        with np.load(path, allow_pickle=False) as found:
            turn, about = found["turn"], json.loads(str(found["about"]))
        curve = ScoreCurve(**about.pop("text_score"))
        made_for = about.pop("model")
    except FileNotFoundError:
        others = ", ".join(adapter_names(manifest.folder)) or "none"
        raise AdapterError(f"{path}: no such adapter; there are: {others}") from None
    except _DAMAGES as error:
        raise AdapterError(f"{path}: no adapter, or a damaged one: {error}") from error
    if made_for != manifest.fingerprint:
        raise AdapterError(f"{path}: made for another model; adapt this one to the domain again")
    if turn.shape != (manifest.dim, manifest.dim) or not np.isfinite(turn).all():
        raise AdapterError(f"{path}: damaged: it does not fit vectors of {manifest.dim} numbers")
    return Adapter(name, turn.astype(np.float32), curve, about)


def write_adapter(manifest: Manifest, adapter: Adapter) -> Path:
    """Store an adapter beside its model, in the place of one with the same name.

    Raises:
        AdapterError: the name cannot be one of a file.
        OSError: it cannot be written.
    """
    path = _path(manifest.folder, adapter.name)
    path.parent.mkdir(exist_ok=True)
    curve = {"scale": adapter.text_score.scale, "midpoint": adapter.text_score.midpoint}
    about = {**adapter.about, "text_score": curve, "model": manifest.fingerprint}
    with replacing(path) as target, target.open("wb") as file:
        np.savez_compressed(file, turn=adapter.turn.astype(np.float16), about=json.dumps(about))
    return path


def require_name(name: str) -> None:
    """Make sure that an adapter can be called so.

    Raises:
        AdapterError: it cannot.
    """
    if not _NAME.fullmatch(name):
        raise AdapterError(
            f"adapter {name!r}: a name has up to 64 letters, digits, '.', '_' or '-', and begins "
            "with a letter or digit"
        )


def _path(model: Path, name: str) -> Path:
    require_name(name)
    return model / _FOLDER / f"{name}.npz"
