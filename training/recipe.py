"""The settings of a training run, read from a TOML file: `recipe.toml` beside this one."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from training.heads import HeadPlan

RECIPE = Path(__file__).with_name("recipe.toml")


@dataclass(frozen=True)
class StagePlan:
    """One stage of training.

    Attributes:
        steps, batch: how many steps, and pictures in each.
        mixture: each data set's share of a batch.
        head_rate, image_rate, text_rate: highest rates of the heads, and of the last layers of
            the networks; each layer below learns slower by the factor `layer_decay`.
        decay, warmup: of AdamW; rates rise for `warmup` steps, then fall as a cosine.
        averaging: share of the averaged weights that stays at each step.
        recognise: weight of the classifier's distillation (see `distil.recognise`).
        relate: weight of the text network's distillation (see `distil.relate`).
        classes, words: how many class names and other words one step encodes anew.
        highest_scale: the most that cosines are multiplied by in the loss.
    """

    steps: int
    batch: int
    mixture: Mapping[str, float]
    head_rate: float
    decay: float
    warmup: int
    averaging: float
    image_rate: float = 0.0
    text_rate: float = 0.0
    layer_decay: float = 1.0
    recognise: float = 0.0
    relate: float = 0.0
    classes: int = 250
    words: int = 250
    highest_scale: float = 60.0


@dataclass(frozen=True)
class Recipe:
    """Everything that decides what comes out, besides the data.

    Attributes:
        seed: of all that is drawn by chance.
        heads: their sizes.
        train: the heads alone learn, without what is held out (see `holdout`).
        tune: both networks learn too, still without it.
        finish: they go on with everything.
        short_share: by data set, how often a phrase stands in for a whole caption.
    """

    seed: int
    heads: HeadPlan
    train: StagePlan
    tune: StagePlan
    finish: StagePlan
    short_share: Mapping[str, float] = field(default_factory=dict)


def read_recipe(path: Path = RECIPE) -> Recipe:
    """The recipe in the file `path`.

    Raises:
        ValueError: a setting is unknown or missing; the message names file and setting.
    """
    found = tomllib.loads(path.read_text(encoding="utf-8"))
    for name, kind in (
        ("heads", HeadPlan),
        ("train", StagePlan),
        ("tune", StagePlan),
        ("finish", StagePlan),
    ):
        found[name] = _fill(kind, found.get(name, {}), f"{path}: [{name}]")
    return _fill(Recipe, found, str(path))


def _fill(kind: type, found: Mapping[str, Any], where: str) -> Any:
    known = {item.name for item in fields(kind)}
    for name in found:
        if name not in known:
            raise ValueError(f"{where}: {name} is no setting; there are {', '.join(sorted(known))}")
    try:
        return kind(**found)
    except TypeError as error:
        raise ValueError(f"{where}: {error}") from None
