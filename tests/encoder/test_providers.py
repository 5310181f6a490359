"""The choice is tested against lists of providers; CUDA itself needs a machine that has it."""

import logging
import threading
from pathlib import Path

import onnxruntime
import pytest
from vs_tiny import save, tiny_model, vision_graph

from engine.encoder import DeviceError, ModelError, chosen_device, load, providers
from engine.encoder.providers import CPU, CUDA, choose_providers, open_session

# onnxruntime remarks on providers that the tests only pretend to have.
pytestmark = pytest.mark.filterwarnings("ignore:Specified provider")

OTHERS = ("TensorrtExecutionProvider", "AzureExecutionProvider")


@pytest.fixture
def available(monkeypatch: pytest.MonkeyPatch):
    """Makes onnxruntime list these providers, on a machine with or without an NVIDIA GPU."""

    def listed(*names: str, gpu: bool = False) -> None:
        monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: list(names))
        driver = Path("/" if gpu else "/no/such/file")
        monkeypatch.setattr(providers, "_NVIDIA_DRIVER", (driver,))
        monkeypatch.setattr(providers, "_warned", threading.Event())

    return listed


def names(chosen: list) -> list[str]:
    return [one if isinstance(one, str) else one[0] for one in chosen]


@pytest.mark.parametrize(
    ("device", "there", "taken"),
    [
        ("cpu", (CPU,), [CPU]),
        ("cpu", (CUDA, CPU), [CPU]),
        ("auto", (CPU,), [CPU]),
        ("auto", (*OTHERS, CPU), [CPU]),
        ("auto", (*OTHERS, CUDA, CPU), [CUDA, CPU]),
        ("cuda", (*OTHERS, CUDA, CPU), [CUDA, CPU]),
    ],
)
def test_the_best_provider_of_the_device_comes_first(device, there, taken, available) -> None:
    available(*there)
    assert names(choose_providers(device)) == taken


def test_cuda_is_given_options_for_batches_that_differ(available) -> None:
    available(CUDA, CPU)
    (name, options), _ = choose_providers("auto")
    assert name == CUDA
    assert options["cudnn_conv_algo_search"] != "EXHAUSTIVE"
    assert options["arena_extend_strategy"] == "kSameAsRequested"


def test_cuda_that_is_not_there_is_refused_with_what_to_install(available) -> None:
    available(*OTHERS, CPU)
    with pytest.raises(DeviceError, match=r"built without CUDA: install onnxruntime-gpu"):
        choose_providers("cuda")


@pytest.mark.parametrize("device", ["gpu", "CPU", "", "cuda:0"])
def test_an_unknown_device_is_quoted(device: str) -> None:
    with pytest.raises(DeviceError, match=f"'{device}'.*auto, cpu or cuda"):
        choose_providers(device)  # type: ignore[arg-type]


def test_the_device_is_as_given_then_of_the_environment_then_auto(monkeypatch) -> None:
    monkeypatch.delenv("VISUAL_SEARCH_DEVICE", raising=False)
    assert chosen_device() == "auto"
    monkeypatch.setenv("VISUAL_SEARCH_DEVICE", "cpu")
    assert chosen_device() == "cpu"
    assert chosen_device("auto") == "auto"
    monkeypatch.setenv("VISUAL_SEARCH_DEVICE", "")
    assert chosen_device() == "auto"
    monkeypatch.setenv("VISUAL_SEARCH_DEVICE", "tpu")
    with pytest.raises(DeviceError, match="'tpu' in VISUAL_SEARCH_DEVICE"):
        chosen_device()


def test_a_model_is_loaded_on_the_device_of_the_environment(
    tmp_path: Path, available, monkeypatch
) -> None:
    available(CPU)
    folder = tiny_model(tmp_path / "model")
    monkeypatch.setenv("VISUAL_SEARCH_DEVICE", "cuda")
    with pytest.raises(DeviceError):
        load(folder)
    assert load(folder, device="cpu").provider == CPU


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


def test_auto_says_once_that_a_gpu_lies_idle(tmp_path: Path, available, caplog) -> None:
    available(CPU, gpu=True)
    folder = tiny_model(tmp_path / "model", patches=True)
    for _ in range(2):
        assert load(folder, device="auto").provider == CPU
    (said,) = warnings(caplog)
    assert "NVIDIA GPU" in said
    assert "onnxruntime-gpu" in said


@pytest.mark.parametrize(("device", "gpu"), [("auto", False), ("cpu", True)])
def test_nothing_is_said_where_the_cpu_is_as_expected(
    device, gpu: bool, tmp_path: Path, available, caplog
) -> None:
    available(CPU, gpu=gpu)
    load(tiny_model(tmp_path / "model"), device=device)
    assert warnings(caplog) == []


cannot_run_cuda = pytest.mark.skipif(
    CUDA in onnxruntime.get_available_providers(), reason="this onnxruntime has CUDA"
)


@cannot_run_cuda
def test_auto_falls_back_where_cuda_is_listed_but_does_not_work(
    tmp_path: Path, available, caplog, capsys
) -> None:
    available(CUDA, CPU)
    encoder = load(tiny_model(tmp_path / "model"), device="auto")
    assert encoder.provider == CPU
    assert encoder.encode_texts(["red dog"]).shape == (1, encoder.dim)
    (said,) = warnings(caplog)
    assert "runs on the CPU: onnxruntime cannot use CUDA: " in said
    assert "cuDNN 9" in said
    assert capsys.readouterr().out == "", "stdout is for results"


@cannot_run_cuda
def test_cuda_that_does_not_work_is_refused_with_the_reason(tmp_path: Path, available) -> None:
    available(CUDA, CPU)
    with pytest.raises(DeviceError, match=r"\.onnx: device 'cuda'.*cannot use CUDA: .*cuDNN 9"):
        load(tiny_model(tmp_path / "model"), device="cuda")


@pytest.mark.parametrize("device", ["auto", "cuda"])
def test_a_damaged_graph_is_not_blamed_on_cuda(device, tmp_path: Path, available, caplog) -> None:
    available(CUDA, CPU)
    path = tmp_path / "vision.onnx"
    save(vision_graph(), path)
    path.write_bytes(path.read_bytes()[:-50])
    with pytest.raises(ModelError, match=r"vision\.onnx: onnxruntime cannot load it") as caught:
        open_session(path, onnxruntime.SessionOptions(), device)
    assert not isinstance(caught.value, DeviceError)
    assert warnings(caplog) == []
