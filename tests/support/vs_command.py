"""Runs the project's commands as a person would: in a process of their own."""

import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
_POWERS = Path(__file__).with_name("vs_powers.py")
_TIMEOUT = 120.0

Argument = str | Path


def engine_command(*arguments: Argument) -> list[str]:
    """`python -m engine ...`."""
    return [sys.executable, "-m", "engine", *map(str, arguments)]


def run_engine(
    *arguments: Argument, file_permissions_count: bool = False
) -> subprocess.CompletedProcess[str]:
    """Run `python -m engine ...` to its end.

    Args:
        arguments: of the command.
        file_permissions_count: hold root to the permissions of files.

    Raises:
        subprocess.TimeoutExpired: it hangs.
    """
    command = engine_command(*arguments)
    if file_permissions_count:
        command[1:2] = [str(_POWERS)]
    return subprocess.run(
        command,
        cwd=PROJECT,
        capture_output=True,
        encoding="utf-8",
        errors="surrogateescape",
        timeout=_TIMEOUT,
        check=False,
    )
