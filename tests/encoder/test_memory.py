"""Memory under changing batch sizes, in a process of its own: not all that was taken is freed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import itertools, json, sys
from pathlib import Path

import numpy as np
from PIL import Image

from engine import SearchEngine
from engine.encoder import load

folder, project = Path(sys.argv[1]), Path(sys.argv[2])
encoder = load(project / "models" / "default", device="cpu", threads=2)
random = np.random.default_rng(0)
numbers = itertools.count()


def megabytes():
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 2**20


def pictures(count):
    "New pictures of all sizes in a folder of their own."
    place = folder / f"pictures {next(numbers)}"
    place.mkdir()
    for number in range(count):
        width, height = random.integers(20, 900, 2)
        noise = random.integers(0, 256, (height // 8 + 1, width // 8 + 1, 3), dtype=np.uint8)
        Image.fromarray(noise).resize((width, height)).save(place / f"{number}.jpg")
    return place


def one_pass(engine):
    for count in (1, 40, 3, 33):
        engine.index([pictures(count)])
    for count in random.permutation([1, 2, 5, 13, 32]):
        texts = [" ".join(["dog"] * random.integers(1, 60)) for _ in range(count)]
        encoder.encode_texts(texts)
        encoder.encode_images([Image.new("RGB", (64, 48), "red")] * count)
    encoder.encode_texts(["a dog"])
    encoder.encode_images([Image.new("RGB", (64, 48), "red")])
    return megabytes()


encoder.encode_texts(["a dog"])
encoder.encode_images([Image.new("RGB", (64, 48), "red")])
first = megabytes()
with SearchEngine.with_encoder(encoder, folder / "library") as engine:
    passes = [one_pass(engine) for _ in range(int(sys.argv[3]))]
print(json.dumps([first, *passes]))
"""


def test_changing_batches_leave_no_memory_behind(tmp_path: Path, project: Path) -> None:
    """Seen: 20 to 110 MB above the first run, no trend; over 400 MB where nothing is given back.

    What freed memory the system's allocator keeps is different after each pass, by up to 80 MB.
    So both of the last passes have to be above both of the first ones.
    """
    if not Path("/proc/self/statm").exists():
        pytest.skip("the system does not tell the memory of a process")
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path), str(project), "6"],
        cwd=project,
        # Heaps of the threads that decode grow by chance; they are not what is measured here.
        env={**os.environ, "MALLOC_ARENA_MAX": "2"},
        capture_output=True,
        text=True,
        check=True,
    )
    alone, *passes = json.loads(run.stdout)
    assert max(passes) - alone < 250, passes
    assert min(passes[-2:]) - max(passes[:2]) < 60, passes
