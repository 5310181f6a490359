"""The tokenizers of `open_clip` as `tokenizer.json`."""

import json
from dataclasses import dataclass
from typing import Any

from tokenizers import Regex, Tokenizer, models, pre_tokenizers, processors

from export.errors import ExportError
from export.sources.open_clip_rules import CLEANINGS, with_cleaning

_PROBES = (
    "",
    "a dog",
    "Two RED shoes,\n and a cat's  42 toys!?",
    "crème brûlée 🍮 一张照片",
    "don\u2019t \u201cquote\u201d_me",
    "very " * 300 + "long",
)


@dataclass(frozen=True)
class OpenClipTokenizer:
    """Contents of `tokenizer.json`, and how `open_clip` uses it.

    Attributes:
        content: contents of `tokenizer.json`, cleaning of the texts included.
        context: longest text in tokens.
        pad: id of the padding.
        end: id of the token that closes every text, where there is one.
    """

    content: dict[str, Any]
    context: int
    pad: int
    end: int | None = None


def convert(tokenizer: Any) -> OpenClipTokenizer:
    """A tokenizer that gives the same ids.

    Args:
        tokenizer: what `open_clip.get_tokenizer` gives.

    Raises:
        ExportError: it has no such form.
    """
    from open_clip.tokenizer import SimpleTokenizer

    clean = _cleaning(tokenizer)
    if isinstance(tokenizer, SimpleTokenizer):
        content, pad, end = _byte_pairs(tokenizer), 0, tokenizer.eot_token_id
    else:
        content, pad, end = _of_transformers(tokenizer), tokenizer.tokenizer.pad_token_id, None
    found = OpenClipTokenizer(with_cleaning(content, clean), tokenizer.context_length, pad, end)
    _check(found, tokenizer)
    return found


def _cleaning(tokenizer: Any) -> str:
    from open_clip.tokenizer import get_clean_fn

    function = getattr(tokenizer, "clean_fn", get_clean_fn("canonicalize"))
    return next((name for name in CLEANINGS if get_clean_fn(name) is function), str(function))


def _byte_pairs(tokenizer: Any) -> dict[str, Any]:
    """CLIP's own byte pairs."""
    merges = sorted(tokenizer.bpe_ranks, key=tokenizer.bpe_ranks.__getitem__)
    built = Tokenizer(models.BPE(tokenizer.encoder, merges, end_of_word_suffix="</w>"))
    words = pre_tokenizers.Split(Regex(tokenizer.pat.pattern), behavior="removed", invert=True)
    letters = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    built.pre_tokenizer = pre_tokenizers.Sequence([words, letters])
    names = [tokenizer.decoder[number] for number in tokenizer.all_special_ids]
    built.add_special_tokens(names)
    start, end = names[:2]
    built.post_processor = processors.TemplateProcessing(
        single=[start, "$A", end],
        special_tokens=[(start, tokenizer.sot_token_id), (end, tokenizer.eot_token_id)],
    )
    return json.loads(built.to_str())


def _of_transformers(tokenizer: Any) -> dict[str, Any]:
    inner = tokenizer.tokenizer
    if not inner.is_fast:
        raise ExportError(f"{type(inner).__name__}: this tokenizer has no form as tokenizer.json")
    if inner.pad_token_id is None:
        raise ExportError("tokenizer_config.json: field 'pad_token' is missing")
    content = json.loads(inner.backend_tokenizer.to_str())
    if getattr(tokenizer, "strip_sep_token", False):
        content["post_processor"] = _with_zero(content["post_processor"], inner.sep_token)
    return content


def _with_zero(processor: dict[str, Any], token: str) -> dict[str, Any]:
    """A post-processor that adds id 0 in place of `token`, as `strip_sep_token` asks for."""
    changed = dict(processor)
    if processor.get("processors"):
        changed["processors"] = [_with_zero(each, token) for each in processor["processors"]]
    if processor.get("sep"):  # BertProcessing, RobertaProcessing
        changed["sep"] = [token, 0]
    special = processor.get("special_tokens", {})
    if token in special:  # TemplateProcessing
        changed["special_tokens"] = {**special, token: {**special[token], "ids": [0]}}
    return changed


def _check(found: OpenClipTokenizer, tokenizer: Any) -> None:
    """Compare the ids of both.

    Raises:
        ExportError: they differ for a text.
    """
    built = Tokenizer.from_str(json.dumps(found.content))
    built.enable_truncation(found.context)
    built.enable_padding(length=found.context, pad_id=found.pad)
    for text in _PROBES:
        (expected,) = tokenizer([text]).tolist()
        if built.encode(text).ids != expected:
            raise ExportError(
                f"{type(tokenizer).__name__}: its form as tokenizer.json gives other ids for "
                f"{text[:40]!r}; this kind cannot be exported"
            )
