"""The jobs that bring pictures into the library."""

from pathlib import Path

from engine import IngestReport, SearchEngine
from engine.sample import write_sample_library
from ui import resources
from ui.jobs.job import Tell, Work, told

SAMPLE_COUNT = 300
"""Sample pictures to draw: a few seconds' work."""


def add(engine: SearchEngine, folders: list[Path] | None) -> Work:
    """The job that indexes folders, or refreshes the whole library."""

    def work(tell: Tell) -> IngestReport:
        return engine.index(folders, told(tell))

    return work


def draw_sample(engine: SearchEngine, count: int = SAMPLE_COUNT) -> Work:
    """The job that draws the sample pictures and indexes them."""

    def work(tell: Tell) -> IngestReport:
        folder = sample_folder(engine)

        def progress(done: int, total: int) -> None:
            tell("Drawing sample pictures", done, total)

        write_sample_library(folder, count, progress=progress)
        return engine.index([folder], told(tell))

    return work


def sample_folder(engine: SearchEngine) -> Path:
    """Where the sample pictures go: beside the library."""
    return resources.facts(engine).library.parent / "sample-pictures"
