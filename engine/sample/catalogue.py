"""Every kind of picture that the sample library can draw."""

from __future__ import annotations

from engine.sample import patterns
from engine.sample.kind import Kind
from engine.sample.products import PRODUCTS
from engine.sample.scenes import SCENES

KINDS: tuple[Kind, ...] = (*SCENES, *PRODUCTS, *patterns.KINDS)
_BY_NAME = {kind.name: kind for kind in KINDS}


def kind_named(name: str) -> Kind:
    """The kind called `name`. Raises KeyError where there is none."""
    return _BY_NAME[name]
