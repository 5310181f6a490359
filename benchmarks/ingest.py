"""Indexing photographs of 12 megapixels: what the pipeline loses against its parts alone."""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from benchmarks.growth import grown
from benchmarks.photographs import write_photographs
from engine import Encoder, IngestReport
from engine.encoder import decode, read_bytes
from engine.library import Library, ingest
from engine.library.store.thumbnails import SIDE
from engine.machine import usable_cores
from export.markdown import table

BATCH = 32


@dataclass(frozen=True)
class Cost:
    """What some work on all images took.

    Attributes:
        seconds: on the clock.
        core_seconds: processor time of all threads.
    """

    seconds: float
    core_seconds: float


@dataclass(frozen=True)
class Throughput:
    """The pipeline against its parts, measured in one run on the same files.

    Attributes:
        images: how many.
        cores: that this process may use.
        decode: reading and decoding to the model's input, and nothing else.
        encode: the model alone.
        pipeline: indexing into a new library, with digests, thumbnails, vectors and rows.
        report: what that run said.
    """

    images: int
    cores: int
    decode: Cost
    encode: Cost
    pipeline: Cost
    report: IngestReport

    @property
    def possible(self) -> float:
        """Images a second if all cores did nothing but read, decode and encode."""
        return self.images * self.cores / (self.decode.core_seconds + self.encode.core_seconds)

    @property
    def reached(self) -> float:
        """Images a second of the pipeline."""
        return self.images / self.pipeline.seconds

    def as_markdown(self) -> str:
        """Ratios first."""
        parts = (
            ("read and decode alone", self.decode),
            ("encode alone", self.encode),
            ("pipeline, with digests, thumbnails and storing", self.pipeline),
        )
        rows = [
            (
                name,
                f"{cost.core_seconds / self.images * 1000:.1f}",
                f"{self.images / cost.seconds:.1f}",
            )
            for name, cost in parts
        ]
        return (
            f"{self.images} JPEG files of 12 megapixels, {self.cores} cores: the pipeline reaches "
            f"**{self.reached / self.possible:.0%}** of what reading, decoding and encoding alone "
            f"could ({self.reached:.1f} of {self.possible:.1f} images/s). "
            f"Limited by: {self.report.limited_by}.\n\n"
            + table(("work", "core ms an image", "images/s"), rows)
        )


def measure(
    encoder: Encoder,
    place: Path,
    count: int = 640,
    usual: int = 64,
    growth: Sequence[int] = (2_000, 20_000),
) -> str:
    """All of it, as Markdown.

    Args:
        encoder: the model.
        place: an empty folder, for files and libraries.
        count: photographs of 12 megapixels.
        usual: how many are also indexed the usual way, where PyTorch is installed.
        growth: numbers of small pictures whose peak memory is compared; none leaves it out.
    """
    files = write_photographs(place / "photographs", count)
    measured = throughput(encoder, files, place / "library")
    parts = ["### Indexing photographs", measured.as_markdown(), _against_usual(place, usual)]
    if growth:
        parts += ["### Memory", grown(encoder.manifest.folder, place / "small", growth)]
    return "\n\n".join(parts)


def _against_usual(place: Path, count: int) -> str:
    if find_spec("torch") is None or find_spec("transformers") is None:
        return "Against the usual way: not measured, needs `requirements-export.txt`."
    from benchmarks import ingest_usual

    files = write_photographs(place / "for both" / "photographs", count)
    return ingest_usual.measure(files, place / "for both")


def throughput(encoder: Encoder, files: Sequence[Path], place: Path) -> Throughput:
    """Parts alone, then the pipeline into a new library at `place`."""
    at_least = max(encoder.decode_side, SIDE)
    cores = usable_cores()

    def prepared(file: Path) -> object:
        return encoder.pixels(decode(read_bytes(file), at_least=at_least).image)

    pixels = [encoder.pixels(decode(file, at_least=at_least).image) for file in files[:BATCH]]
    encoder.encode_pixels(pixels)
    with ThreadPoolExecutor(cores) as pool:
        decoding = _cost(lambda: [None for _ in pool.map(prepared, files)])
    encoding = _cost(lambda: [encoder.encode_pixels(pixels) for _ in range(0, len(files), BATCH)])
    share = len(files) / (-(-len(files) // BATCH) * BATCH)  # the last batch was a full one, too
    library = Library(place, encoder.manifest)
    reports: list[IngestReport] = []
    folders = {file.parent for file in files}
    pipeline = _cost(lambda: reports.append(ingest(library, encoder, folders)))
    library.close()
    return Throughput(
        images=len(files),
        cores=cores,
        decode=decoding,
        encode=Cost(encoding.seconds * share, encoding.core_seconds * share),
        pipeline=pipeline,
        report=reports[0],
    )


def _cost(work: Callable[[], object]) -> Cost:
    seconds, core_seconds = time.perf_counter(), time.process_time()
    work()
    return Cost(time.perf_counter() - seconds, time.process_time() - core_seconds)
