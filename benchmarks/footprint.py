"""`python -m benchmarks.footprint torch|engine FOLDER`: peak memory of embedding, in MB."""

import sys
from pathlib import Path

import numpy as np

from engine.machine import peak_megabytes


def main(kind: str, folder: Path) -> None:
    """Embed a text and 32 pictures, then print the most memory this process ever had."""
    if kind == "torch":
        from benchmarks.usual import UsualClip

        usual = UsualClip(folder, threads=4)
        usual.texts(["a red bicycle"])
        usual.pixels(np.zeros((32, 3, usual.side, usual.side), np.float32))
    else:
        from engine.encoder import load

        encoder = load(folder, "cpu")
        rules = encoder.manifest.pixels
        encoder.encode_texts(["a red bicycle"])
        encoder.encode_pixels([np.zeros((3, rules.height, rules.width), np.float32)] * 32)
    print(peak_megabytes())


main(sys.argv[1], Path(sys.argv[2]))
