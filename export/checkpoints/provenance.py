"""Where a model is from: the licence that its files name, its card, and a digest of its weights."""

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from export.errors import ExportError
from export.spec import Provenance

README, LICENCE = "README.md", "LICENSE"
_UNSAID = "see source"


def read_provenance(
    files: Mapping[str, Path], config: Mapping[str, Any], source: str, revision: str
) -> Provenance:
    """What the source itself says.

    Args:
        files: where each file is, by name; README and LICENCE are looked at, where they are.
        config: contents of `config.json`. Its field `license` goes first if it is an object with
            `code` and `weights`, which says more than a model card can.
        source: see `Provenance`.
        revision: see `Provenance`.
    """
    header, card = _read_card(files.get(README))
    said = config.get("license")
    if isinstance(said, Mapping):
        licence = {name: str(said.get(name, _UNSAID)) for name in ("code", "weights")}
    else:
        file = "see LICENSE at the source" if LICENCE in files else None
        licence = dict.fromkeys(("code", "weights"), header or said or file or _UNSAID)
    return Provenance(source, revision, licence, readme=card)


def digest(files: Sequence[Path]) -> str:
    """12 hex digits over the contents of all files, in their order.

    Raises:
        ExportError: one cannot be read.
    """
    every = hashlib.sha256()
    for path in files:
        try:
            with path.open("rb") as stream:
                every.update(hashlib.file_digest(stream, "sha256").digest())
        except OSError as error:
            raise ExportError(f"{path}: cannot be read: {error.strerror}") from error
    return every.hexdigest()[:12]


def _read_card(path: Path | None) -> tuple[str | None, str]:
    """The licence that a model card's header names, and the card without the header."""
    import yaml

    text = path.read_text(encoding="utf-8", errors="replace") if path else ""
    head, mark, body = text.removeprefix("---\n").partition("\n---\n")
    if not text.startswith("---\n") or not mark:
        return None, text
    body = body.lstrip("\n")
    try:
        fields = yaml.safe_load(head)
    except yaml.YAMLError:
        return None, body
    licence = fields.get("license") if isinstance(fields, dict) else None
    if licence == "other":
        licence = fields.get("license_name") or licence
    return (str(licence) if licence else None), body
