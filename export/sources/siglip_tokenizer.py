"""SigLIP's tokenizer, which transformers has in Python alone, as a `tokenizer.json`.

The Python class cleans a text (lower case, no punctuation, single spaces) and then asks
sentencepiece for the likeliest pieces. Here the cleaning is the normaliser's. One thing differs:
what follows a special token that is written out in a text ("<unk>") starts like a word.
"""

import string
from typing import Any

from tokenizers import (
    AddedToken,
    Regex,
    Tokenizer,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    processors,
)

from export.errors import ExportError

_SPACE = "\N{LOWER ONE EIGHTH BLOCK}"
_UNIGRAM = 1


def convert(slow: Any) -> Tokenizer:
    """A `SiglipTokenizer` of transformers as a tokenizer that gives the same ids.

    Raises:
        ExportError: its sentencepiece model is not one of unigrams.
    """
    from transformers.convert_slow_tokenizer import import_protobuf

    proto = import_protobuf().ModelProto.FromString(slow.sp_model.serialized_model_proto())
    if proto.trainer_spec.model_type != _UNIGRAM:
        raise ExportError("spiece.model: expected a model of unigrams, as SigLIP's is")
    pieces = [(piece.piece, piece.score) for piece in proto.pieces]
    tokenizer = Tokenizer(models.Unigram(pieces, proto.trainer_spec.unk_id, byte_fallback=False))
    tokenizer.normalizer = _normaliser(proto.normalizer_spec.precompiled_charsmap, slow)
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(_SPACE, prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(_SPACE, prepend_scheme="always")
    added = sorted(slow.added_tokens_decoder.items())
    tokenizer.add_special_tokens([_added(token) for _, token in added])
    end = slow.eos_token
    tokenizer.post_processor = processors.TemplateProcessing(
        single=["$A", end], pair=["$A", end, "$B", end], special_tokens=[(end, slow.eos_token_id)]
    )
    return tokenizer


def _normaliser(characters: bytes, slow: Any) -> normalizers.Normalizer:
    """First what the Python class does to a text, then what sentencepiece does."""
    punctuation = "".join(f"\\{mark}" for mark in string.punctuation)
    steps = [
        normalizers.Replace(_SPACE, " "),
        *([normalizers.Lowercase()] if slow.do_lower_case else []),
        normalizers.Replace(Regex(f"[{punctuation}]"), ""),
        normalizers.Replace(Regex(r"\s+"), " "),
        *([normalizers.Precompiled(characters)] if characters else []),
        normalizers.Replace(Regex(" {2,}"), " "),
        normalizers.Strip(),
    ]
    return normalizers.Sequence(steps)


def _added(token: Any) -> AddedToken:
    return AddedToken(
        token.content, lstrip=token.lstrip, rstrip=token.rstrip, normalized=False, special=True
    )
