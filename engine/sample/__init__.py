"""A sample library drawn by code: pictures of which every caption and attribute is exactly true."""

from engine.sample.items import Recipe, SampleItem, plan, recipes
from engine.sample.render import render
from engine.sample.write import MANIFEST, write_sample_library

__all__ = [
    "MANIFEST",
    "Recipe",
    "SampleItem",
    "plan",
    "recipes",
    "render",
    "write_sample_library",
]
