"""What the stages of indexing cost, and which one limits the run."""

import threading
import time

from engine.library.records import Stage
from engine.machine import usable_cores

STAGES = ("read", "decode", "encode", "store")


class Stopwatch:
    """Adds up the work of each stage. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seconds = dict.fromkeys(STAGES, 0.0)
        self._images = dict.fromkeys(STAGES, 0)
        self._other_cpu = 0.0
        self._started = time.process_time()

    def add(self, stage: str, seconds: float, images: int = 1) -> None:
        """Count work of a stage."""
        with self._lock:
            self._seconds[stage] += seconds
            self._images[stage] += images

    def add_other(self, cpu: float) -> None:
        """Count processor time of the run's own threads outside the model."""
        with self._lock:
            self._other_cpu += cpu

    def stages(self, jobs: int, model_threads: int | None) -> tuple[Stage, ...]:
        """The stages up to now.

        Args:
            jobs: reading and decoding threads.
            model_threads: threads of the model; None if it runs on another device.
        """
        with self._lock:
            seconds, images = dict(self._seconds), dict(self._images)
            # The model's threads are its own: theirs is what the process used beside ours. The
            # time that a call takes would count waiting for cores that decode at that moment.
            model_cpu = time.process_time() - self._started - self._other_cpu
        cores = usable_cores()
        workers = {"read": jobs, "decode": min(jobs, cores), "encode": 1, "store": 1}
        if model_threads is not None and images["encode"]:
            seconds["encode"] = max(model_cpu, 0.0)
            workers["encode"] = min(model_threads, cores)
        return tuple(_stage(name, images[name], seconds[name], workers[name]) for name in STAGES)


def slowest(stages: tuple[Stage, ...]) -> str | None:
    """The stage that reaches the fewest images a second; None if nothing was encoded."""
    at_work = [stage for stage in stages if stage.per_second > 0]
    if not any(stage.name == "encode" for stage in at_work):
        return None
    return min(at_work, key=lambda stage: stage.per_second).name


def _stage(name: str, images: int, seconds: float, workers: int) -> Stage:
    return Stage(name, images, seconds, images * workers / seconds if seconds > 0 else 0.0)
