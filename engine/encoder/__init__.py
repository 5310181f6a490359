"""A model folder -> unit vectors for texts and pictures."""

from engine.encoder.decode import SUFFIXES, ImageError, ImageSource, Picture, decode, read_bytes
from engine.encoder.encoder import Encoder, load
from engine.encoder.manifest import Manifest, ModelError, ScoreCurve
from engine.encoder.sessions import Device

__all__ = [
    "SUFFIXES",
    "Device",
    "Encoder",
    "ImageError",
    "ImageSource",
    "Manifest",
    "ModelError",
    "Picture",
    "ScoreCurve",
    "decode",
    "load",
    "read_bytes",
]
