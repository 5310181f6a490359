import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import onnxruntime
import pytest
from vs_checkpoints import make_checkpoint

from engine.encoder import load

PROJECT = Path(__file__).resolve().parents[2]


def run(*arguments: str, before: str = "") -> subprocess.CompletedProcess[str]:
    """`python -m export ...`, after a statement."""
    script = f"import runpy, sys\n{before}\nrunpy.run_module('export', run_name='__main__')"
    return subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "arguments", [(), ("clip",), ("clip", "--out", "x", "--precision", "int3")]
)
def test_wrong_usage_is_exit_code_2(arguments):
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Usage" in done.stderr


def test_without_torch_it_says_what_to_install(tmp_path):
    done = run("clip", "--out", str(tmp_path / "out"), before="sys.modules['torch'] = None")
    assert (done.returncode, done.stdout) == (1, "")
    assert "install requirements-export.txt" in done.stderr


def test_a_failure_is_one_message_and_exit_code_1(torch, tmp_path):
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "bert"}))
    done = run(str(tmp_path), "--out", str(tmp_path / "out"))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("config.json: 'model_type' is 'bert', which cannot be exported")
    assert "known are: align, altclip, blip," in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.fixture(scope="module")
def checkpoint(torch, tmp_path_factory):
    """A tiny CLIP; read only."""
    return make_checkpoint("clip", tmp_path_factory.mktemp("checkpoints") / "tiny-clip")


@pytest.fixture(scope="module")
def exported(checkpoint, tmp_path_factory):
    """What the command makes of it in float32: the folder, and what was printed; read only."""
    out = tmp_path_factory.mktemp("place") / "models" / "clip"
    return out, run(str(checkpoint), "--out", str(out), "--precision", "fp32", "--name", "mine")


def test_a_checkpoint_becomes_a_model_folder(checkpoint, exported):
    out, done = exported
    assert (done.returncode, done.stdout) == (0, f"{out}\n"), done.stderr
    assert done.stderr.splitlines()[-1].startswith("pictures: fp32, texts: fp32; the figures are")
    assert load(out).manifest.name == "mine"
    again = run(str(checkpoint), "--out", str(out))
    assert again.returncode == 1
    assert "--replace puts the new model in its place" in again.stderr


def test_the_figures_of_a_model_are_shown_by_info(exported, tmp_path):
    shown = subprocess.run(
        [sys.executable, "-m", "engine", "info", "--model", str(exported[0])],
        cwd=PROJECT,
        env={**os.environ, "VISUAL_SEARCH_LIBRARY": str(tmp_path / "none")},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for said in ("mine", "tiny-clip", "fp32", "hit@10", "overlap"):
        assert said in shown


def shards_without_weights(folder):
    """A checkpoint whose index names files that are not there."""
    weights = {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}
    (folder / "model.safetensors").unlink()
    (folder / "model.safetensors.index.json").write_text(json.dumps({"weight_map": weights}))


def damaged_weights(folder):
    content = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(content[: len(content) // 2])


def no_checkpoint(folder):
    for file in folder.iterdir():
        file.unlink()
    (folder / "holiday.jpg").write_bytes(b"")


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (no_checkpoint, "missing: config.json"),
        (shards_without_weights, "model-00001-of-00002.safetensors, model-00002-of-00002"),
        (damaged_weights, "cannot be loaded"),
    ],
)
def test_a_bad_source_is_named_and_nothing_is_written(torch, checkpoint, tmp_path, harm, said):
    source = shutil.copytree(checkpoint, tmp_path / "source")
    harm(source)
    done = run(str(source), "--out", str(tmp_path / "models" / "clip"))
    assert (done.returncode, done.stdout) == (1, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert list((tmp_path / "models").glob("*")) == []


def test_a_corrupt_ready_made_tower_is_named(tmp_path):
    for name in ("textual", "visual"):
        (tmp_path / "source" / name).mkdir(parents=True)
        (tmp_path / "source" / name / "model.onnx").write_bytes(b"no graph")
    done = run(str(tmp_path / "source"), "--out", str(tmp_path / "out"))
    assert (done.returncode, done.stdout) == (1, "")
    assert "Traceback" not in done.stderr
    assert "source" in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("limit", [1_000, 100_000, 400_000])
def test_a_full_disk_leaves_the_old_model(checkpoint, exported, tmp_path, limit):
    out = shutil.copytree(exported[0], tmp_path / "clip")
    before = {file.name: file.read_bytes() for file in out.iterdir()}
    full = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))"
    done = run(str(checkpoint), "--out", str(out), "--replace", before=full)
    assert (done.returncode, done.stdout) == (1, "")
    assert "Traceback" not in done.stderr
    assert {file.name: file.read_bytes() for file in out.iterdir()} == before
    assert [file.name for file in tmp_path.iterdir()] == ["clip"]


def test_a_polite_end_leaves_nothing(checkpoint, tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-m", "export", str(checkpoint), "--out", str(tmp_path / "clip")],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    for line in process.stderr:
        if "embedding" in line:
            process.terminate()
            break
    said = process.stderr.read()
    assert process.wait(60) == 130
    assert "stopped; nothing was changed" in said
    assert list(tmp_path.iterdir()) == []


def test_a_gpu_that_is_not_there_is_said_at_once(checkpoint, tmp_path):
    if "CUDAExecutionProvider" in onnxruntime.get_available_providers():
        pytest.skip("this onnxruntime has CUDA")
    done = run(str(checkpoint), "--out", str(tmp_path / "clip"), "--device", "cuda")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("device 'cuda' was asked for")
