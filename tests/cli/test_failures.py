"""What all commands say when they cannot do as they are told."""

from pathlib import Path

import onnxruntime
import pytest
from vs_in_process import CommandLine

HAS_CUDA = "CUDAExecutionProvider" in onnxruntime.get_available_providers()


@pytest.mark.skipif(HAS_CUDA, reason="this onnxruntime has CUDA")
@pytest.mark.parametrize("command", [("index",), ("search", "dog"), ("info",)])
def test_every_command_runs_where_it_is_told(
    engine: CommandLine, photos: Path, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine("index", photos)
    refused = [engine(*command, "--device", "cuda")]
    monkeypatch.setenv("VISUAL_SEARCH_DEVICE", "cuda")
    refused.append(engine(*command))
    for run in refused:
        assert (run.returncode, run.stdout) == (1, "")
        assert "install onnxruntime-gpu in place of onnxruntime" in run.stderr
    run = engine(*command, "--device", "cpu")
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("search",),
        ("search", "   "),
        ("search", "dog", "-k", "0"),
        ("search", "dog", "--text-weight", "0"),
        ("search", "dog", "--text-weight", "1000"),
        ("search", "dog", "--region", "0,0,1,1"),
        ("search", "--like", "1", "--region", "0,0,x"),
        ("search", "dog", "--diversity", "2"),
        ("search", "dog", "--device", "tpu"),
        ("search", "dog", "--backend", "magic"),
        ("index",),
        ("sample",),
        ("fly",),
    ],
)
def test_wrong_usage_exits_with_2(engine: CommandLine, arguments: tuple[str, ...]) -> None:
    run = engine(*arguments)
    assert (run.returncode, run.stdout) == (2, "")
    assert "Error" in run.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("search", "--like", "77"), "image 77 is not in the library"),
        (("search", "--image", "gone.jpg"), "gone.jpg: no such file"),
        (("search", "dog", "--model", "nowhere"), "nowhere/model.json: no such file"),
        (("index", "nowhere"), "nowhere: no such file or folder"),
    ],
)
def test_failures_exit_with_1_and_one_clear_line(
    engine: CommandLine, photos: Path, arguments: tuple[str, ...], message: str
) -> None:
    engine("index", photos)
    run = engine(*arguments)
    assert run.returncode == 1
    assert message in run.stderr
    assert "Traceback" not in run.stderr
