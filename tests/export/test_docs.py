"""The commands of docs/ that need PyTorch; the others are run by tests/e2e/test_docs.py."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

from vs_checkpoints import make_checkpoint

from engine.encoder import load
from engine.sample import write_sample_library

PROJECT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```bash\n(.*?)^```", re.MULTILINE | re.DOTALL)
PYTHON = ".venv-export/bin/python"


def test_every_export_command_works(torch, tmp_path):
    make_checkpoint("clip", tmp_path / "clip-vit-base-patch32")
    write_sample_library(tmp_path / "pictures", 24)
    text = (PROJECT / "docs" / "models.md").read_text(encoding="utf-8")
    commands = [
        line for block in BLOCK.findall(text) for line in block.replace("\\\n", "").splitlines()
    ]
    assert len(commands) >= 2
    for command in commands:
        python, *rest = shlex.split(command)
        assert python == PYTHON
        # Vectors of random weights are all alike: what is within the bounds is up to chance.
        done = subprocess.run(
            [sys.executable, *rest, "--force"],
            cwd=tmp_path,
            env={"PYTHONPATH": str(PROJECT), "PATH": "", "HOME": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}\n{done.stderr}"
        assert load(tmp_path / done.stdout.strip()).dim > 0
