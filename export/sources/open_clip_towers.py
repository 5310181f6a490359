"""A model of `open_clip`, taken apart into its two towers."""

from typing import Any

import torch
from torch import nn

from export.architectures.parts import (
    IDS,
    PIXELS,
    Inputs,
    TokenIds,
    image_tower,
    patches,
    text_tower,
)
from export.sources.open_clip_tokenizer import OpenClipTokenizer
from export.tower import Patches, Towers


def towers(model: Any, size: tuple[int, int], tokenizer: OpenClipTokenizer) -> Towers:
    """Both towers.

    Args:
        model: what `open_clip.create_model` gives.
        size: height and width of pictures in pixels.
        tokenizer: its tokenizer.
    """
    features, fixed = _text_features(model, tokenizer)
    end = tokenizer.end
    vocabulary = model.vocab_size if end is None else end + 1  # so that `end` is the largest id
    found, last_layer = _patches(model)
    vision = image_tower(model, image_features, size, last_layer)
    with torch.inference_mode():
        dim = image_features(model, {PIXELS: vision.examples[0][0]}).shape[-1]
    return Towers(
        vision=vision,
        text=text_tower(
            model,
            features,
            tokenizer.context,
            TokenIds(vocabulary, tokenizer.pad, end),
            names=(IDS,),
            fixed=fixed,
        ),
        dim=dim,
        image_size=size,
        context_length=tokenizer.context,
        padding="max_length" if fixed else "longest",
        patches=found,
    )


def image_features(model: Any, inputs: Inputs) -> torch.Tensor:
    """The framework's own rows."""
    return model.encode_image(inputs[PIXELS])


def text_features(model: Any, inputs: Inputs) -> torch.Tensor:
    """The framework's own rows, of texts padded to the context length."""
    return model.encode_text(inputs[IDS])


def short_text_features(model: Any, inputs: Inputs) -> torch.Tensor:
    """The same rows of texts of any length, from a text tower that looks back only.

    The framework itself takes the full length only: it adds all positions, and masks with all of
    its mask.
    """
    from open_clip.transformer import text_global_pool

    ids = inputs[IDS]
    length = ids.shape[1]
    tower, pool, end = _text_parts(model)
    states = tower.token_embedding(ids) + tower.positional_embedding[:length]
    states = tower.transformer(states, attn_mask=tower.attn_mask[:length, :length])
    pooled = text_global_pool(tower.ln_final(states), ids, pool, eos_token_id=end)
    projection = tower.text_projection
    if projection is None:
        return pooled
    return projection(pooled) if isinstance(projection, nn.Linear) else pooled @ projection


def _text_features(model: Any, tokenizer: OpenClipTokenizer) -> tuple[Any, bool]:
    """How to make rows of texts, and whether these must be padded to the context length."""
    from open_clip.hf_model import HFTextEncoder

    text = getattr(model, "text", None)
    if isinstance(text, HFTextEncoder):  # masks the padding by its id
        return text_features, tokenizer.pad != text.config.pad_token_id
    tower, pool, _ = _text_parts(model)
    causal = getattr(tower, "attn_mask", None) is not None
    appends = getattr(tower, "cls_emb", None) is not None  # CoCa: a token after the padding
    # The largest id closes a text, unless that of the padding is larger.
    at_end = pool == "eos" or (pool == "argmax" and tokenizer.end is not None)
    exact = causal and not appends and at_end
    return (short_text_features, False) if exact else (text_features, True)


def _text_parts(model: Any) -> tuple[Any, str, int | None]:
    """What holds the layers of the text tower, what it pools, and the id that closes a text."""
    text = getattr(model, "text", None)
    if text is None:  # CLIP itself has the parts of its text tower
        return model, model.text_pool_type, model.text_eos_id
    return text, getattr(text, "pool_type", ""), getattr(text, "eos_id", None)


def _patches(model: Any) -> tuple[Patches | None, nn.Module | None]:
    """For the framework's own vision transformers; those of timm go without."""
    from open_clip.transformer import VisionTransformer

    visual = model.visual
    if not isinstance(visual, VisionTransformer) or visual.attn_pool is not None:
        return None, None
    if visual.pool_type not in ("tok", "avg") or not visual.transformer.batch_first:
        return None, None
    return patches(model, _lone_patches, *visual.grid_size), visual.transformer.resblocks[-1]


def _lone_patches(model: Any, states: torch.Tensor) -> torch.Tensor:
    """See `parts.PatchHead`."""
    visual = model.visual
    states = visual.ln_post(visual.transformer.resblocks[-1](states)[:, 0])
    return states if visual.proj is None else states @ visual.proj
