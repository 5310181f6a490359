"""A model folder -> unit vectors for texts and pictures."""

from engine.encoder.decode import SUFFIXES, ImageError, ImageSource, Picture, decode, read_bytes
from engine.encoder.encoder import Encoder, load, verified_manifest
from engine.encoder.manifest import Manifest, ModelError, ScoreCurve
from engine.encoder.providers import Device, DeviceError, chosen_device

__all__ = [
    "SUFFIXES",
    "Device",
    "DeviceError",
    "Encoder",
    "ImageError",
    "ImageSource",
    "Manifest",
    "ModelError",
    "Picture",
    "ScoreCurve",
    "chosen_device",
    "decode",
    "load",
    "read_bytes",
    "verified_manifest",
]
