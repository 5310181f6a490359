"""onnxruntime sessions: execution provider, threads, memory."""

import logging
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import onnxruntime as ort

from engine.encoder.manifest import ModelError, Tower

Device = Literal["auto", "cpu", "cuda"]
log = logging.getLogger(__name__)

_CUDA, _CPU = "CUDAExecutionProvider", "CPUExecutionProvider"


def choose_providers(device: Device) -> list[Any]:
    """Execution providers to try, best first.

    Raises:
        ModelError: CUDA was asked for by name and this onnxruntime has none, or an unknown name.
    """
    if device not in ("auto", "cpu", "cuda"):
        raise ModelError(f"device {device!r} is unknown; expected auto, cpu or cuda")
    has_cuda = _CUDA in ort.get_available_providers()
    if device == "cuda" and not has_cuda:
        raise ModelError(
            "device 'cuda' was asked for, but this onnxruntime has no CUDA: "
            "install onnxruntime-gpu in place of onnxruntime, or use device 'cpu'"
        )
    if device == "cpu" or not has_cuda:
        return [_CPU]
    return [(_CUDA, {"arena_extend_strategy": "kSameAsRequested"}), _CPU]


class TowerSession:
    """One ONNX tower, ready to run. Safe to use from several threads."""

    def __init__(
        self,
        folder: Path,
        tower: Tower,
        dim: int,
        device: Device,
        threads: int,
        spin: bool = False,
    ) -> None:
        """Load the graph and compare it with the manifest.

        Args:
            folder: the model folder.
            tower: what the manifest says of the tower.
            dim: width the output must have.
            device: where to run; `cuda` fails where CUDA cannot be used, `auto` does not.
            threads: threads inside one operator.
            spin: whether they wait for the next operator without sleeping. A single short run is
                done in two thirds of the time, but others that need the cores are held up.

        Raises:
            ModelError: the graph cannot be loaded, or is not what the manifest says.
        """
        path = folder / tower.file
        try:
            self._session = ort.InferenceSession(
                path, sess_options=_options(threads, spin), providers=choose_providers(device)
            )
        except ModelError:
            raise
        except Exception as error:  # onnxruntime has its own unrelated exception types
            raise ModelError(f"{path}: onnxruntime cannot load it: {error}") from error
        self._tower = tower
        self.provider: str = self._session.get_providers()[0]
        if device == "cuda" and self.provider != _CUDA:
            raise ModelError(
                f"{path}: device 'cuda' was asked for, but onnxruntime fell back to the CPU; "
                "its log above says which CUDA library is missing"
            )
        self._check_graph(path, dim)
        self._largest_batch = 0
        self._shrink = ort.RunOptions()
        if self.provider == _CPU:
            self._shrink.add_run_config_entry("memory.enable_memory_arena_shrinkage", "cpu:0")
        log.info("%s runs on %s with %d threads", path, self.provider, threads)

    def run(self, *inputs: npt.NDArray[Any]) -> npt.NDArray[np.float32]:
        """Rows of unit length, float32 [n, dim], for inputs in the manifest's order."""
        feed = dict(zip(self._tower.inputs, inputs, strict=True))
        options = self._shrink if self._is_much_smaller(len(inputs[0])) else None
        (rows,) = self._session.run([self._tower.output], feed, options)
        return np.asarray(rows, dtype=np.float32)

    def _is_much_smaller(self, batch: int) -> bool:
        """Whether the arena, which otherwise keeps its peak for ever, is worth giving back.

        Giving it back after every run would make batches half as fast again.
        """
        smaller = 4 * batch <= self._largest_batch
        self._largest_batch = batch if smaller else max(batch, self._largest_batch)
        return smaller

    def _check_graph(self, path: Path, dim: int) -> None:
        inputs = [value.name for value in self._session.get_inputs()]
        if sorted(inputs) != sorted(self._tower.inputs):
            raise ModelError(
                f"{path}: the graph's inputs are {inputs}, but field 'inputs' of model.json "
                f"says {list(self._tower.inputs)}"
            )
        outputs = {value.name: value.shape for value in self._session.get_outputs()}
        if self._tower.output not in outputs:
            raise ModelError(
                f"{path}: the graph's outputs are {list(outputs)}, but field 'output' of "
                f"model.json says {self._tower.output!r}"
            )
        width = outputs[self._tower.output][-1]
        if isinstance(width, int) and width != dim:
            raise ModelError(
                f"{path}: the graph gives vectors of {width}, but field 'dim' of model.json "
                f"says {dim}"
            )


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
