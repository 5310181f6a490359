"""onnxruntime sessions: one ONNX graph, threads, memory."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime as ort

from engine.encoder.manifest import ModelError, Tower
from engine.encoder.providers import CPU, CUDA, Device, open_session

Array = npt.NDArray[Any]
Rows = npt.NDArray[np.float32]

log = logging.getLogger(__name__)


class TowerSession:
    """One ONNX graph, ready to run. Safe to use from several threads."""

    def __init__(
        self,
        folder: Path,
        tower: Tower,
        dim: int,
        device: Device,
        threads: int,
        spin: bool = False,
        bind: bool | None = None,
    ) -> None:
        """Load the graph and compare it with the manifest.

        Args:
            folder: the model folder.
            tower: what the manifest says of the graph.
            dim: width the output must have.
            device: where to run; `cuda` fails where CUDA cannot be used, `auto` does not.
            threads: threads inside one operator.
            spin: whether they wait for the next operator without sleeping. A single short run is
                done in two thirds of the time, but others that need the cores are held up.
            bind: whether inputs and outputs are bound to their devices before a run, which saves
                CUDA a copy; None is where it runs on CUDA.

        Raises:
            ModelError: the graph cannot be loaded, or is not what the manifest says.
        """
        path = folder / tower.file
        self._path = path
        self._session = open_session(path, _options(threads, spin), device)
        self._tower = tower
        self.provider: str = self._session.get_providers()[0]
        self.outputs: dict[str, list[int | str | None]] = {
            value.name: value.shape for value in self._session.get_outputs()
        }
        self._bind = self.provider == CUDA if bind is None else bind
        self._check_graph(path, dim)
        self._largest = 0
        self._shrink = ort.RunOptions()
        if self.provider == CPU:
            self._shrink.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
        log.info("%s runs on %s with %d threads", path, self.provider, threads)

    def run(self, *inputs: Array, output: str | None = None) -> Rows:
        """Run the graph, in pieces where it takes a fixed number of rows.

        Args:
            inputs: in the manifest's order, with at least one row.
            output: another output than the manifest's.

        Returns:
            float32, one row an item; of the manifest's output they have unit length.

        Raises:
            ModelError: the graph fails on these inputs, or the memory does not suffice.
        """
        (rows,) = self.run_for((output or self._tower.output,), *inputs)
        return rows

    def run_for(self, outputs: Sequence[str], *inputs: Array) -> list[Rows]:
        """As `run`, for several outputs of one run, in the order they are asked for."""
        size = self._tower.batch
        if size is None:
            return self._run(inputs, outputs)
        pieces = [
            self._run([_filled(value[at : at + size], size) for value in inputs], outputs)
            for at in range(0, len(inputs[0]), size)
        ]
        return [np.concatenate(rows)[: len(inputs[0])] for rows in zip(*pieces, strict=True)]

    def _run(self, inputs: Sequence[Array], outputs: Sequence[str]) -> list[Rows]:
        feed = dict(zip(self._tower.inputs, inputs, strict=True))
        options = self._shrink if self._is_much_smaller(inputs[0].size) else None
        try:
            if self._bind:
                found = self._run_bound(feed, outputs, options)
            else:
                found = self._session.run(list(outputs), feed, options)
        except Exception as error:  # onnxruntime has its own unrelated exception types
            shapes = {name: value.shape for name, value in feed.items()}
            raise ModelError(f"{self._path}: cannot be run on {shapes}: {error}") from error
        return [np.asarray(rows, dtype=np.float32) for rows in found]

    def _run_bound(
        self, feed: dict[str, Array], outputs: Sequence[str], options: ort.RunOptions | None
    ) -> list[Array]:
        # A binding points at memory that it does not own: these arrays live until the run is over.
        held = {name: np.ascontiguousarray(value) for name, value in feed.items()}
        binding = self._session.io_binding()
        for name, value in held.items():
            binding.bind_cpu_input(name, value)
        for name in outputs:
            binding.bind_output(name, "cpu")
        self._session.run_with_iobinding(binding, options)
        return binding.copy_outputs_to_cpu()

    def _is_much_smaller(self, elements: int) -> bool:
        """Whether the arena, which otherwise keeps its peak for ever, is worth giving back.

        Giving it back after every run would make batches half as fast again.
        """
        smaller = 4 * elements <= self._largest
        self._largest = elements if smaller else max(elements, self._largest)
        return smaller

    def _check_graph(self, path: Path, dim: int) -> None:
        inputs = [value.name for value in self._session.get_inputs()]
        if sorted(inputs) != sorted(self._tower.inputs):
            raise ModelError(
                f"{path}: the graph's inputs are {inputs}, but field 'inputs' of model.json "
                f"says {list(self._tower.inputs)}"
            )
        if self._tower.output not in self.outputs:
            raise ModelError(
                f"{path}: the graph's outputs are {list(self.outputs)}, but field 'output' of "
                f"model.json says {self._tower.output!r}"
            )
        width = self.outputs[self._tower.output][-1]
        if isinstance(width, int) and width != dim:
            raise ModelError(
                f"{path}: the graph gives vectors of {width}, but field 'dim' of model.json "
                f"says {dim}"
            )


def _filled(rows: Array, size: int) -> Array:
    """`size` rows, the last one repeated where there are fewer."""
    missing = size - len(rows)
    return np.concatenate([rows, np.repeat(rows[-1:], missing, axis=0)]) if missing else rows


def _options(threads: int, spin: bool) -> ort.SessionOptions:
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Texts and batches differ in length: patterns recorded for each shape would pile up.
    options.enable_mem_pattern = False
    options.add_session_config_entry("session.intra_op.allow_spinning", "1" if spin else "0")
    options.add_session_config_entry("session.force_spinning_stop", "1")  # not between runs
    return options
