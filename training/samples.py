"""Pictures drawn by the engine's own sample library, with seeds that it never ships."""

from pathlib import Path

from training.corpus import SAMPLES, read_pictures

DRAWN = {"train": (4000, 1), "dev": (300, 2)}  # split: (pictures, seed); seed 0 is the shipped one


def draw_samples(folder: Path) -> None:
    """Draw the splits that `folder` lacks."""
    from engine.sample import write_sample_library

    for split, (count, seed) in DRAWN.items():
        target = folder / split
        if (
            not (target / "manifest.jsonl").exists()
            or len(read_pictures(target, SAMPLES, split)) < count
        ):
            write_sample_library(target, count, seed)
