"""This engine against transformers and PyTorch: the same inputs, in turn, in one process."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

import numpy as np
from PIL import Image

from benchmarks.peak import peak_flops
from benchmarks.usual import UsualClip
from engine import Encoder, describe_machine
from engine.encoder import load
from engine.sample import recipes, render
from export.markdown import table

USUAL = "torch"
QUERY = "a red bicycle under trees"
_SECONDS = 20.0
_ROUNDS = (3, 40)


@dataclass(frozen=True)
class Row:
    """One kind of work.

    Attributes:
        work: what is done.
        items: texts or pictures in it.
        ms: median milliseconds an item, by system.
    """

    work: str
    items: int
    ms: Mapping[str, float]

    def faster(self, system: str) -> float:
        """How many times faster than the usual way."""
        return self.ms[USUAL] / self.ms[system]


@dataclass(frozen=True)
class Report:
    """All that was measured.

    Attributes:
        machine: CPU and cores.
        rows: times.
        peak_megabytes: most memory of a process that embeds texts and pictures, by system.
        peak_gflops: what a large float32 matrix product reaches on this machine.
        share_of_peak: operations a second of the vision tower at batch 32 against that, by system.
    """

    machine: str
    rows: tuple[Row, ...]
    peak_megabytes: Mapping[str, float]
    peak_gflops: float
    share_of_peak: Mapping[str, float]

    def as_json(self) -> str:
        """One object."""
        return json.dumps(asdict(self), indent=2)

    def as_markdown(self) -> str:
        """Three tables."""
        systems = list(self.rows[0].ms)
        others = systems[1:]
        head = ("work", *(f"{name}, ms" for name in systems), *(f"{name}, x" for name in others))
        times = table(
            head,
            [
                (
                    row.work,
                    *(f"{row.ms[name]:.2f}" for name in systems),
                    *(f"{row.faster(name):.1f}" for name in others),
                )
                for row in self.rows
            ],
        )
        figures = table(
            ("", *systems),
            [
                ("peak memory, MB", *(f"{self.peak_megabytes[name]:.0f}" for name in systems)),
                (
                    "pictures at batch 32, share of the matrix product's peak",
                    *(f"{self.share_of_peak[name]:.2f}" for name in systems),
                ),
            ],
        )
        return (
            f"Medians for one item; `x` is how many times faster than {USUAL}.\n\n{times}\n\n"
            f"{figures}\n\nA large float32 matrix product reaches {self.peak_gflops:.0f} GFLOP/s."
        )


def measure(checkpoint: Path, models: Mapping[str, Path], place: Path, threads: int) -> Report:
    """Compare model folders with the checkpoint that they were made from.

    Args:
        checkpoint: in the layout of transformers.
        models: model folders by the name of their column.
        place: an empty folder for picture files.
        threads: for each system alike.
    """
    usual = UsualClip(checkpoint, threads)
    encoders = {name: load(folder, "cpu", threads) for name, folder in models.items()}
    small, large = _files(place, 32, (640, 480)), _files(place, 8, (4000, 3000))
    rows = [
        _texts("1 text of 5 words", usual, encoders, 1),
        _texts(f"1 text, {USUAL} without padding", usual, encoders, 1, padding="longest"),
        _texts("32 texts", usual, encoders, 32),
        *[_pictures(usual, encoders, count) for count in (1, 8, 32)],
        _whole("32 JPEG files of 640 x 480", usual, encoders, small),
        _whole("8 JPEG files of 12 megapixels", usual, encoders, large),
    ]
    batch = _pixels(encoders, 32)
    operations, peak = usual.operations(batch[:1]), peak_flops(threads)
    at_32 = next(row for row in rows if row.work == "32 prepared pictures")
    return Report(
        machine=describe_machine(),
        rows=tuple(rows),
        peak_megabytes={
            USUAL: _footprint(USUAL, checkpoint),
            **{name: _footprint("engine", folder) for name, folder in models.items()},
        },
        peak_gflops=peak / 1e9,
        share_of_peak={name: operations / (ms / 1000) / peak for name, ms in at_32.ms.items()},
    )


def _texts(
    work: str,
    usual: UsualClip,
    encoders: Mapping[str, Encoder],
    count: int,
    padding: str = "max_length",
) -> Row:
    texts = [QUERY] * count
    calls: dict[str, Callable[[], object]] = {USUAL: lambda: usual.texts(texts, padding)}
    calls |= {
        name: lambda encoder=encoder: encoder.encode_texts(texts)  # type: ignore[misc]
        for name, encoder in encoders.items()
    }
    return _in_turn(work, count, calls)


def _pictures(usual: UsualClip, encoders: Mapping[str, Encoder], count: int) -> Row:
    batch = _pixels(encoders, count)
    calls: dict[str, Callable[[], object]] = {USUAL: lambda: usual.pixels(batch)}
    calls |= {
        name: lambda encoder=encoder: encoder.encode_pixels(list(batch))  # type: ignore[misc]
        for name, encoder in encoders.items()
    }
    noun = "picture" if count == 1 else "pictures"
    return _in_turn(f"{count} prepared {noun}", count, calls)


def _whole(work: str, usual: UsualClip, encoders: Mapping[str, Encoder], files: list[Path]) -> Row:
    calls: dict[str, Callable[[], object]] = {USUAL: lambda: usual.files(files)}
    calls |= {
        name: lambda encoder=encoder: encoder.encode_images(files)  # type: ignore[misc]
        for name, encoder in encoders.items()
    }
    return _in_turn(work, len(files), calls)


def _in_turn(work: str, items: int, calls: Mapping[str, Callable[[], object]]) -> Row:
    """Every system once a round, so that what else the machine does meets all of them."""
    for call in calls.values():
        call()
    taken: dict[str, list[float]] = {name: [] for name in calls}
    least, most = _ROUNDS
    started = time.perf_counter()
    for number in range(most):
        if number >= least and time.perf_counter() - started > _SECONDS:
            break
        for name, call in calls.items():
            begun = time.perf_counter()
            call()
            taken[name].append((time.perf_counter() - begun) * 1000 / items)
    return Row(work, items, {name: median(values) for name, values in taken.items()})


def _pixels(encoders: Mapping[str, Encoder], count: int) -> np.ndarray:
    rules = next(iter(encoders.values())).manifest.pixels
    shape = (count, 3, rules.height, rules.width)
    return np.random.default_rng(0).standard_normal(shape).astype(np.float32)


def _files(place: Path, count: int, size: tuple[int, int]) -> list[Path]:
    """JPEG files with drawn pictures and the grain of a camera."""
    source = np.random.default_rng(0)
    files = []
    for number, recipe in enumerate(recipes(count, seed=11)):
        picture = np.asarray(render(recipe).resize(size, Image.Resampling.BICUBIC), np.int16)
        grain = source.integers(-10, 10, picture.shape, dtype=np.int16)
        file = place / f"{size[0]}-{number}.jpg"
        Image.fromarray(np.clip(picture + grain, 0, 255).astype(np.uint8)).save(file, quality=90)
        files.append(file)
    return files


def _footprint(kind: str, folder: Path) -> float:
    """Most memory of a new process that embeds a text and 32 pictures, in MB."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.footprint", kind, str(folder)],
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout.split()[-1])
