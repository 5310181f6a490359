"""How fast a tower is on this machine, and how much memory it takes, in a process of its own.

`python -m export.measure FOLDER vision|text DEVICE` prints one JSON object.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

import numpy as np

from engine.encoder import Device
from engine.encoder.manifest_file import read_manifest
from engine.encoder.sessions import TowerSession
from engine.encoder.tokens import TextTokenizer
from engine.machine import peak_megabytes, physical_cores
from export.errors import ExportError

BATCH = 32
_TEXT = "a red dress on grass"
_SECONDS = 2.0
_ROUNDS = 12
_FEW = 3
_PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Speed:
    """What one tower takes.

    Attributes:
        ms_one: median milliseconds of one item alone.
        ms_batch: median milliseconds an item, in batches of 32.
        peak_megabytes: most memory of the process that did this, Python and onnxruntime included.
    """

    ms_one: float
    ms_batch: float
    peak_megabytes: float


def measure_tower(folder: Path, tower: str, device: str = "cpu") -> Speed:
    """Measure a tower of a model folder in a new process.

    Raises:
        ExportError: the tower does not run.
    """
    done = subprocess.run(
        [sys.executable, "-m", "export.measure", str(folder.resolve()), tower, device],
        cwd=_PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        reason = (done.stderr.strip().splitlines() or ["it was killed"])[-1]
        raise ExportError(f"{tower} tower: cannot be run on this machine: {reason}")
    return Speed(**json.loads(done.stdout))


def _measure(folder: Path, tower: str, device: str) -> Speed:
    run = _open(folder, tower, "cuda" if device == "cuda" else "cpu")
    one = _median_ms(lambda: run(1))
    batch = _median_ms(lambda: run(BATCH)) / BATCH
    return Speed(round(one, 3), round(batch, 3), round(peak_megabytes(), 1))


def _open(folder: Path, tower: str, device: Device) -> Callable[[int], object]:
    """One tower alone, as the engine runs it: a call embeds so many items."""
    manifest = read_manifest(folder)
    threads = physical_cores()
    if tower == "text":
        text = TowerSession(folder, manifest.text, manifest.dim, device, threads, spin=True)
        file = folder / manifest.tokenizer.file
        tokens = TextTokenizer(file, manifest.tokens, manifest.text.inputs)
        return lambda count: text.run(*tokens([_TEXT] * count))
    rules = manifest.pixels
    picture = np.random.default_rng(0).normal(size=(1, 3, rules.height, rules.width))
    vision = TowerSession(folder, manifest.vision, manifest.dim, device, threads)
    return lambda count: vision.run(np.repeat(picture.astype(np.float32), count, axis=0))


def _median_ms(call: Callable[[], object]) -> float:
    """Median of the quietest few of many calls in a row: other work only ever adds time."""
    call()  # the first run allocates
    medians: list[float] = []
    started = time.perf_counter()
    while not medians or (len(medians) < _ROUNDS and time.perf_counter() - started < _SECONDS):
        medians.append(median(_ms(call) for _ in range(_FEW)))
    return min(medians)


def _ms(call: Callable[[], object]) -> float:
    begun = time.perf_counter()
    call()
    return (time.perf_counter() - begun) * 1000


if __name__ == "__main__":
    print(json.dumps(asdict(_measure(Path(sys.argv[1]), sys.argv[2], sys.argv[3]))))
