"""One process indexes while others search: nothing fails, and nothing is half one, half other."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import vs_two_processes
from vs_changing_folder import SIDE
from vs_command import PROJECT
from vs_drawing import draw
from vs_vectors import require

from engine import Encoder


def run_together(library: Path, folder: Path, seconds: float, readers: int) -> list[Any]:
    """What the writer and each reader say at the end."""
    script = [sys.executable, vs_two_processes.__file__]
    commands = [
        [*script, "write", str(library), str(seconds), str(folder)],
        *([*script, "search", str(library), str(seconds)] for _ in range(readers)),
    ]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    processes = [subprocess.Popen(command, cwd=PROJECT, text=True, **pipes) for command in commands]
    try:
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        ends = [process.communicate(timeout=seconds + 120) for process in processes]
    finally:
        for process in processes:
            process.kill()
    for process, (_, error) in zip(processes, ends, strict=True):
        assert process.returncode == 0, error
        assert "Traceback" not in error
    return [json.loads(out) for out, _ in ends]


def true_similarities(drawn: dict[str, int], encoder: Encoder) -> dict[str, dict[str, float]]:
    """Text to content digest to similarity."""
    vectors = encoder.encode_images([draw(number, SIDE) for number in drawn.values()])
    return {  # each text alone, as a search embeds it: padding would change the last digits
        text: dict(zip(drawn, (vectors @ encoder.encode_texts([text])[0]).tolist(), strict=True))
        for text in vs_two_processes.TEXTS
    }


@pytest.mark.parametrize("seconds", [8, pytest.param(60, marks=pytest.mark.slow)])
def test_searches_see_one_moment_while_another_process_writes(
    seconds: int, encoder: Encoder, tmp_path: Path
) -> None:
    require(vs_two_processes.BACKEND)
    folder = tmp_path / "pictures"
    folder.mkdir()
    writer, *readers = run_together(tmp_path / "library", folder, seconds, readers=2)
    assert writer["rounds"] > 1
    assert seconds < 60 or len(writer["stores"]) > 1, "no compaction was met"
    true = true_similarities(writer["drawn"], encoder)
    for reader in readers:
        counts = reader["counts"]
        assert counts["pages"] > 10
        assert counts["likes"] > 0
        faults = ("short pages", "twice", "same path", "not itself", "not like itself")
        assert {name: counts[name] for name in faults} == dict.fromkeys(faults, 0)
        for text, seen in reader["similarities"].items():
            for digest, values in seen.items():
                assert np.allclose(values, true[text][digest], atol=2e-3), digest
        assert set(writer["lasting"]) <= set(reader["seen"])
