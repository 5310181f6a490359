"""A model folder -> unit vectors for texts and pictures."""

from engine.encoder.adapter import (
    Adapter,
    AdapterError,
    adapter_names,
    read_adapter,
    require_name,
    write_adapter,
)
from engine.encoder.blocks import Blocks
from engine.encoder.decode import (
    SUFFIXES,
    ImageError,
    ImageSource,
    Picture,
    decode,
    read_blocks,
    read_bytes,
)
from engine.encoder.encoder import Encoder, load, verified_manifest
from engine.encoder.manifest import Manifest, ModelError, ScoreCurve
from engine.encoder.providers import Device, DeviceError, chosen_device

__all__ = [
    "SUFFIXES",
    "Adapter",
    "AdapterError",
    "Blocks",
    "Device",
    "DeviceError",
    "Encoder",
    "ImageError",
    "ImageSource",
    "Manifest",
    "ModelError",
    "Picture",
    "ScoreCurve",
    "adapter_names",
    "chosen_device",
    "decode",
    "load",
    "read_adapter",
    "read_blocks",
    "read_bytes",
    "require_name",
    "verified_manifest",
    "write_adapter",
]
