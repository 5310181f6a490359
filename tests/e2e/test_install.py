"""What `scripts/install` leaves behind."""

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

import hnswlib
import pytest


def test_without_a_compiler_it_goes_on_and_says_what_to_do(project: Path) -> None:
    done = subprocess.run(
        [project / "scripts" / "install", sys.executable],
        env={**os.environ, "CXX": "no-such-compiler"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "No C++ compiler found (no-such-compiler): searching exactly instead" in done.stderr
    assert "make fast-index" in done.stderr


@pytest.mark.skipif(platform.machine() != "x86_64", reason="about x86-64 code")
def test_hnswlib_runs_on_other_cpus_than_this_one() -> None:
    """No 512-bit instruction: a native build on a CPU that has them is full of them."""
    assert shutil.which("objdump"), "objdump comes with the compiler"
    code = subprocess.run(
        ["objdump", "--disassemble", hnswlib.__file__], capture_output=True, text=True, check=True
    ).stdout
    assert "ymm" in code, "built without AVX, which makes search slow"
    assert "zmm" not in code


def test_the_runtime_needs_no_pytorch(project: Path) -> None:
    text = (project / "requirements.txt").read_text().lower()
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    names = {line.split("==")[0] for line in lines if "==" in line}
    assert len(names) == len(lines), "every line pins a version"
    assert names & {"torch", "transformers", "optimum", "onnx"} == set()
