"""What the architectures share: towers around the framework's own features, and examples."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import nn

from export.spec import Grid
from export.tower import Patches, Tower, Towers

Inputs = dict[str, torch.Tensor]
Features = Callable[[Any, Inputs], torch.Tensor]
Tokens = Callable[[Any, torch.Tensor], torch.Tensor]

IDS, MASK, PIXELS = "input_ids", "attention_mask", "pixel_values"


class ImageTower(nn.Module):
    """Pixels [n, 3, height, width] to unit rows [n, dim].

    With a `last_layer`, also to the hidden states [n, tokens, width] that go into it.
    """

    def __init__(
        self, model: nn.Module, features: Features, last_layer: nn.Module | None = None
    ) -> None:
        super().__init__()
        self.model, self.features = model, features
        self._last_layers = [] if last_layer is None else [last_layer]  # a list: it has a parent

    def forward(self, pixel_values: torch.Tensor) -> torch.Tensor | tuple[torch.Tensor, ...]:
        """Rows, and states where there is a last layer."""
        states: list[torch.Tensor] = []

        def keep(layer: nn.Module, given: tuple[Any, ...], named: dict[str, Any]) -> None:
            states.append(given[0] if given else named["hidden_states"])

        hooks = [
            layer.register_forward_pre_hook(keep, with_kwargs=True) for layer in self._last_layers
        ]
        try:
            rows = _unit(self.features(self.model, {PIXELS: pixel_values}))
        finally:
            for hook in hooks:
                hook.remove()
        return (rows, *states) if states else rows


class TextTower(nn.Module):
    """Token ids, and their mask where the model takes one, [n, length] to unit rows [n, dim]."""

    def __init__(self, model: nn.Module, features: Features) -> None:
        super().__init__()
        self.model, self.features = model, features

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor | None = None
    ) -> torch.Tensor:
        """The features, of length 1."""
        inputs = {IDS: input_ids}
        if attention_mask is not None:
            inputs[MASK] = attention_mask
        return _unit(self.features(self.model, inputs))


class PatchHead(nn.Module):
    """The states before the last layer to a unit row for each patch, [n, patches, dim].

    In the last layer every token attends to itself alone, so that it keeps what is at its place:
    the path of the values localises, while attention gathers the whole picture (MaskCLIP: Zhou,
    Loy, Dai, "Extract Free Dense Labels from CLIP", ECCV 2022). What follows, from the last
    normalisation to the projection, is done to each patch as it is to the pooled token.
    """

    def __init__(self, model: nn.Module, finish: Tokens, skip: int, patches: int) -> None:
        """Take `finish`, which turns states [m, 1, width] of lone tokens into rows [m, dim].

        Args:
            model: the parameters that `finish` uses.
            finish: the last layer and all that follows.
            skip: tokens before the first patch.
            patches: how many there are.
        """
        super().__init__()
        self.model, self.finish, self.skip, self.patches = model, finish, skip, patches

    def forward(self, patch_states: torch.Tensor) -> torch.Tensor:
        """Each token is a sequence of its own."""
        alone = patch_states[:, self.skip :].reshape(-1, 1, patch_states.shape[-1])
        rows = _unit(self.finish(self.model, alone))
        return rows.reshape(-1, self.patches, rows.shape[-1])


def patches(model: nn.Module, finish: Tokens, rows: int, columns: int, skip: int = 1) -> Patches:
    """Patches of a grid, behind `skip` tokens of another kind, such as the class token."""
    head = PatchHead(model, finish, skip, rows * columns).eval()
    return Patches(head, Grid(rows, columns))


def transformer_towers(
    model: Any,
    image_features: Features,
    text_features: Features,
    finish: Tokens,
    ids: "TokenIds",
    context: int,
    dim: int,
) -> Towers:
    """Both towers of a model that keeps its parts as transformers' CLIP does.

    Args:
        model: has the vision transformer as `vision_model`, and `config.vision_config`.
        image_features: the framework's own.
        text_features: the framework's own; rows must not depend on padding.
        finish: see `PatchHead`.
        ids: what random texts are made of.
        context: longest text in tokens.
        dim: width of the common space.
    """
    vision = model.config.vision_config
    side, grid = vision.image_size, vision.image_size // vision.patch_size
    last_layer = model.vision_model.encoder.layers[-1]
    return Towers(
        vision=image_tower(model, image_features, (side, side), last_layer),
        text=text_tower(model, text_features, context, ids),
        dim=dim,
        image_size=(side, side),
        context_length=context,
        patches=patches(model, finish, grid, grid),
    )


def image_tower(
    model: nn.Module,
    features: Features,
    size: tuple[int, int],
    last_layer: nn.Module | None = None,
) -> Tower:
    """The tower for pictures of `size`, height and width."""
    return Tower(
        module=ImageTower(model, features, last_layer).eval(),
        inputs=(PIXELS,),
        output="image_embeds",
        axes=({0: "batch"},),
        examples=tuple((torch.randn(count, 3, *size),) for count in (2, 1, 5)),
    )


def text_tower(
    model: nn.Module,
    features: Features,
    context: int,
    ids: "TokenIds",
    names: Sequence[str] = (IDS, MASK),
    fixed: bool = False,
) -> Tower:
    """The tower for texts.

    Args:
        model: the parameters that `features` uses.
        features: the framework's own.
        context: longest text in tokens.
        ids: what random texts are made of.
        names: the inputs.
        fixed: whether every text is padded to `context`.
    """
    axes = {0: "batch"} if fixed else {0: "batch", 1: "length"}
    lengths = [
        tuple(min(length, context) for length in row) for row in ((9, 5), (2,), (context, 3))
    ]
    examples = [ids.random(row, context if fixed else max(row)) for row in lengths]
    return Tower(
        module=TextTower(model, features).eval(),
        inputs=tuple(names),
        output="text_embeds",
        axes=(axes,) * len(names),
        examples=tuple(example[: len(names)] for example in examples),
    )


class TokenIds:
    """Random texts of a tokenizer: any ids, then the closing token, then padding."""

    def __init__(self, vocabulary: int, pad: int, end: int | None = None) -> None:
        """Take the number of ids, that of the padding, and the closing one where there is one."""
        self._vocabulary, self._pad, self._end = vocabulary, pad, end

    def random(self, lengths: Sequence[int], width: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Ids and mask, [texts, width] each."""
        ids = torch.randint(0, self._vocabulary, (len(lengths), width))
        kept = next(value for value in range(3) if value not in (self._pad, self._end))
        for special in (self._pad, self._end):
            ids[ids == special] = kept
        places, counts = torch.arange(width), torch.tensor(lengths)[:, None]
        if self._end is not None:
            ids[places == counts - 1] = self._end
        ids[places >= counts] = self._pad
        return ids, (places < counts).long()


def _unit(rows: torch.Tensor) -> torch.Tensor:
    return nn.functional.normalize(rows, dim=-1)
