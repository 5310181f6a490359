"""A float32 ONNX graph -> graphs that are smaller or faster; each file here makes one precision."""

from export.precisions.ladder import PRECISIONS, make, quantizable
from export.precisions.observe import Feeds
from export.precisions.sensitivity import sensitivity

__all__ = ["PRECISIONS", "Feeds", "make", "quantizable", "sensitivity"]
