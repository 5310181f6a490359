"""What a start loads: gigabytes of packages must not come in by accident."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {
    *("torch", "transformers", "optimum", "onnx", "streamlit", "pandas"),
    *("export", "training", "ui"),
}


@pytest.mark.parametrize(
    "statement",
    [
        "import engine",
        "import engine.cli",
        "from engine import SearchEngine; SearchEngine.open(LIBRARY).search('a dog')",
    ],
)
def test_the_engine_loads_nothing_heavy(project: Path, tmp_path: Path, statement: str) -> None:
    script = (
        f"LIBRARY = {str(tmp_path)!r}\n{statement}\n"
        "import json, sys\n"
        "print(json.dumps(sorted({name.split('.')[0] for name in sys.modules})))"
    )
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=project, capture_output=True, text=True, check=True
    )
    loaded = set(json.loads(run.stdout))
    assert "engine" in loaded
    assert loaded & HEAVY == set()


def test_everything_works_without_a_network(project: Path, tmp_path: Path) -> None:
    """Any attempt to reach an address fails the run."""
    script = f"""
import socket, sys
def refuse(*args): raise AssertionError(f"network used: {{args}}")
socket.socket.connect = refuse
socket.getaddrinfo = refuse
from pathlib import Path
from engine import SearchEngine
from engine.sample import write_sample_library
write_sample_library(Path({str(tmp_path / "pictures")!r}), 8)
with SearchEngine.open({str(tmp_path / "library")!r}) as engine:
    engine.index([{str(tmp_path / "pictures")!r}])
    print(len(engine.search("a red mug").results))
"""
    run = subprocess.run(
        [sys.executable, "-c", script], cwd=project, capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stdout.strip()) == (0, "8"), run.stderr


def test_nothing_is_reported_to_anyone(project: Path, tmp_path: Path) -> None:
    """onnxruntime keeps what it is going to send in the home of the user, except in CI."""
    script = "from engine import SearchEngine; SearchEngine.open('library').search('a dog')"
    path, home = os.environ["PATH"], tmp_path / "home"
    home.mkdir()
    environment = {"PATH": path, "HOME": str(home), "PYTHONPATH": str(project)}
    subprocess.run([sys.executable, "-c", script], cwd=tmp_path, env=environment, check=True)
    assert list(home.rglob("*")) == []
