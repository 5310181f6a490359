"""Where a model runs: the choice of onnxruntime's execution provider, and its options."""

import contextlib
import functools
import io
import logging
import os
import re
import threading
from pathlib import Path
from typing import Any, Literal, cast, get_args

import onnxruntime as ort

from engine.encoder.manifest import ModelError

Device = Literal["auto", "cpu", "cuda"]
log = logging.getLogger(__name__)

CUDA, CPU = "CUDAExecutionProvider", "CPUExecutionProvider"

CUDA_OPTIONS = {
    # Doubling the arena whenever it is full takes memory that other programs on the GPU need.
    "arena_extend_strategy": "kSameAsRequested",
    # The default tries every algorithm again for each new shape, and batches differ in size.
    "cudnn_conv_algo_search": "HEURISTIC",
}

_NVIDIA_DRIVER = (Path("/proc/driver/nvidia/version"), Path("/dev/nvidia0"))
_INSTALL = (
    "install onnxruntime-gpu in place of onnxruntime (`pip uninstall onnxruntime`, then "
    "`pip install onnxruntime-gpu[cuda,cudnn]`), with an NVIDIA driver"
)

_one_at_a_time = threading.Lock()  # the towers of a model are loaded side by side
_warned = threading.Event()


class DeviceError(ModelError):
    """A device on which no model can run; the message says why, and what to install."""


def chosen_device(device: str | None = None) -> Device:
    """The device: as given, from `VISUAL_SEARCH_DEVICE`, or `auto`.

    Raises:
        DeviceError: there is no such device.
    """
    chosen = device if device is not None else os.environ.get("VISUAL_SEARCH_DEVICE") or "auto"
    if chosen not in get_args(Device):
        where = "" if device is not None else " in VISUAL_SEARCH_DEVICE"
        raise DeviceError(f"device {chosen!r}{where} is unknown; expected auto, cpu or cuda")
    return cast("Device", chosen)


def choose_providers(device: Device) -> list[Any]:
    """Execution providers to try, best first.

    Raises:
        DeviceError: CUDA was asked for by name and this onnxruntime has none, or unknown name.
    """
    chosen_device(device)
    has_cuda = CUDA in ort.get_available_providers()
    if device == "cuda" and not has_cuda:
        raise DeviceError(
            "device 'cuda' was asked for, but this onnxruntime is built without CUDA: "
            f"{_INSTALL}; or use device 'cpu'"
        )
    if device == "auto" and not has_cuda and _has_nvidia_gpu():
        _warn_once(f"there is an NVIDIA GPU, but the model runs on the CPU: {_INSTALL}")
    if device == "cpu" or not has_cuda:
        return [CPU]
    return [(CUDA, CUDA_OPTIONS), CPU]


def open_session(path: Path, options: ort.SessionOptions, device: Device) -> ort.InferenceSession:
    """Load a graph on the best provider of the device.

    `auto` falls back to the CPU where CUDA does not work, and says so once.

    Raises:
        DeviceError: the device is `cuda` and cannot be used.
        ModelError: onnxruntime cannot load the graph.
    """
    providers = choose_providers(device)
    with_cuda = len(providers) > 1
    missing = _missing_libraries() if with_cuda else ""
    try:
        session = ort.InferenceSession(
            path,
            sess_options=options,
            providers=providers,
            enable_fallback=0,  # onnxruntime would tell of it on stdout, among the results
        )
    except Exception as error:  # onnxruntime has its own unrelated exception types
        if not with_cuda:
            raise ModelError(f"{path}: onnxruntime cannot load it: {error}") from error
        on_cpu = open_session(path, options, "cpu")  # a damaged graph is refused here
        _without_cuda(path, device, str(error))
        return on_cpu
    if with_cuda and session.get_providers()[0] != CUDA:
        _without_cuda(path, device, missing or "the log of onnxruntime above says why")
    return session


def _without_cuda(path: Path, device: Device, reason: str) -> None:
    """Refuse, or say that it is the CPU now."""
    version = ort.cuda_version.partition(".")[0] or "12 or 13"
    wants = (
        f"onnxruntime {ort.__version__} wants an NVIDIA driver, CUDA {version} and cuDNN 9 "
        "(`pip install onnxruntime-gpu[cuda,cudnn]` brings both)"
    )
    if device == "cuda":
        raise DeviceError(
            f"{path}: device 'cuda' was asked for, but onnxruntime cannot use CUDA: {reason}. "
            f"{wants}; or use device 'cpu'"
        )
    _warn_once(f"the model runs on the CPU: onnxruntime cannot use CUDA: {reason}. {wants}")


def _missing_libraries() -> str:
    """Load the CUDA libraries that pip has installed, where onnxruntime would not look.

    Returns:
        What could not be loaded, here or from the system's places; "" if that is nothing.
    """
    with _one_at_a_time:
        return _load_libraries()


@functools.cache
def _load_libraries() -> str:
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        ort.preload_dlls()
    names = re.findall(r"^Failed to load (\S+?):", said.getvalue(), re.MULTILINE)
    return f"{', '.join(names)} cannot be loaded" if names else ""


def _has_nvidia_gpu() -> bool:
    return any(path.exists() for path in _NVIDIA_DRIVER)


def _warn_once(message: str) -> None:
    """One warning in a process is enough, however many models are loaded."""
    with _one_at_a_time:
        first = not _warned.is_set()
        _warned.set()
    if first:
        log.warning("%s", message)
