import json
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
    assert done.stderr == "model_type 'bert' cannot be exported; known are: clip\n"


def test_a_checkpoint_becomes_a_model_folder(checkpoint, tmp_path):
    out = tmp_path / "models" / "clip"
    done = run(str(checkpoint), "--out", str(out))
    assert (done.returncode, done.stdout) == (0, f"{out}\n"), done.stderr
    assert load(out).manifest.name == "clip"
    again = run(str(checkpoint), "--out", str(out))
    assert again.returncode == 1
    assert "--force replaces it" in again.stderr
