"""A checkpoint's tokenizer as `tokenizer.json`, also where it only has files of older kinds."""

import json
from typing import Any

from export.checkpoints.checkpoint import Checkpoint
from export.errors import ExportError


def describe_tokenizer(
    checkpoint: Checkpoint, tokenizer: Any
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What `tokenizer.json` and `tokenizer_config.json` hold, or would hold.

    Raises:
        ExportError: the tokenizer only exists in Python.
    """
    config = {
        "pad_token": tokenizer.pad_token,
        "model_max_length": tokenizer.model_max_length,
        "do_lower_case": checkpoint.tokenizer_config.get("do_lower_case", False),
    }
    return json.loads(_fast(tokenizer).to_str()), config


def _fast(tokenizer: Any) -> Any:
    if tokenizer.is_fast:
        return tokenizer.backend_tokenizer
    name = type(tokenizer).__name__
    if name == "SiglipTokenizer":
        from export.sources.siglip_tokenizer import convert

        return convert(tokenizer)
    raise ExportError(
        f"tokenizer_config.json: field 'tokenizer_class' is {name!r}, which has no form as "
        "tokenizer.json; add one made by a fast tokenizer"
    )
