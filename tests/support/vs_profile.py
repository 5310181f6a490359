"""Builds ICC profiles, byte by byte: Pillow itself only makes sRGB, Lab and XYZ."""

import struct

_D50 = (0.9642, 1.0, 0.8249)
_ADOBE_RGB = ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457))


def wide_gamut_profile() -> bytes:
    """A display profile with the primaries and gamma of Adobe RGB (1998)."""
    gamma = struct.pack(">4sIIH", b"curv", 0, 1, round(2.2 * 256))
    tags = {b"desc": _description("wide gamut"), b"wtpt": _xyz(_D50)}
    for letter, primary in zip((b"r", b"g", b"b"), _ADOBE_RGB, strict=True):
        tags[letter + b"XYZ"] = _xyz(primary)
        tags[letter + b"TRC"] = gamma
    offset = 128 + 4 + 12 * len(tags)
    table, content = struct.pack(">I", len(tags)), b""
    for name, value in tags.items():
        table += struct.pack(">4sII", name, offset + len(content), len(value))
        content += value.ljust(-(-len(value) // 4) * 4, b"\0")
    return _header(offset + len(content)) + table + content


def _header(size: int) -> bytes:
    start = struct.pack(">I4sI4s4s4s", size, b"\0" * 4, 0x02400000, b"mntr", b"RGB ", b"XYZ ")
    date = struct.pack(">6H", 2024, 1, 1, 0, 0, 0)
    rest = b"acsp" + b"\0" * 28 + b"".join(_fixed(value) for value in _D50)
    return (start + date + rest).ljust(128, b"\0")


def _description(text: str) -> bytes:
    content = text.encode("ascii") + b"\0"
    return struct.pack(">4sII", b"desc", 0, len(content)) + content + b"\0" * (4 + 4 + 2 + 1 + 67)


def _xyz(values: tuple[float, float, float]) -> bytes:
    return b"XYZ " + b"\0" * 4 + b"".join(_fixed(value) for value in values)


def _fixed(value: float) -> bytes:
    return struct.pack(">i", round(value * 65536))
