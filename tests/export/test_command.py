import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

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


def test_a_checkpoint_becomes_a_model_folder(checkpoint, tmp_path):
    out = tmp_path / "models" / "clip"
    done = run(str(checkpoint), "--out", str(out), "--precision", "fp32")
    assert (done.returncode, done.stdout) == (0, f"{out}\n"), done.stderr
    assert done.stderr.splitlines()[-1].startswith("pictures: fp32, texts: fp32; the figures are")
    assert load(out).manifest.name == "clip"
    again = run(str(checkpoint), "--out", str(out))
    assert again.returncode == 1
    assert "--replace puts the new model in its place" in again.stderr


def test_a_model_s_figures_are_shown_by_info(checkpoint, tmp_path):
    run(str(checkpoint), "--out", str(tmp_path / "clip"), "--precision", "fp32", "--name", "mine")
    shown = subprocess.run(
        [sys.executable, "-m", "engine", "info", "--model", str(tmp_path / "clip")],
        cwd=PROJECT,
        env={**os.environ, "VISUAL_SEARCH_LIBRARY": str(tmp_path / "none")},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for said in ("mine", "tiny-clip", "fp32", "hit@10", "overlap"):
        assert said in shown
