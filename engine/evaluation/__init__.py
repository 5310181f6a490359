"""How good the results are, measured on images whose captions are known."""

from engine.evaluation.captions import CaptionedImages, read_captions
from engine.evaluation.metrics import hit_rates

__all__ = ["CaptionedImages", "hit_rates", "read_captions"]
