"""A disk of a chosen size, which only the commands that run on it see."""

import subprocess
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest
from vs_command import PROJECT, Argument, engine_command

_TIMEOUT = 120.0


class SmallDisk:
    """A file system in memory, mounted in a name space of its own; a context manager."""

    def __init__(self, place: Path, size: str) -> None:
        """Mount it at `place`; the test is skipped where nobody may.

        Args:
            place: an empty folder.
            size: as tmpfs takes it: `3m`.
        """
        mount = f"mount -t tmpfs -o size={size} tmpfs '{place}' && echo mounted && cat"
        self.path = place
        self._holder = subprocess.Popen(
            ["unshare", "--mount", "--map-root-user", "sh", "-c", mount],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self._holder.stdout is not None
        if self._holder.stdout.readline() != "mounted\n":
            _, error = self._holder.communicate()
            pytest.skip(f"a file system of its own cannot be mounted here: {error.strip()}")

    def resize(self, size: str) -> None:
        """Make it larger or smaller; what is on it stays."""
        self._run(["mount", "-o", f"remount,size={size}", str(self.path)]).check_returncode()

    def fill(self, spare: str) -> None:
        """Leave this much: 64K, say."""
        filler = self.path / "filler"
        self._run(["sh", "-c", f"cat /dev/zero > '{filler}'; truncate -s -{spare} '{filler}'"])

    def run_engine(self, *arguments: Argument) -> subprocess.CompletedProcess[str]:
        """As `vs_command.run_engine`, where the disk is seen."""
        return self._run(engine_command(*arguments))

    def _run(self, command: list[str]) -> subprocess.CompletedProcess[str]:
        enter = ["nsenter", "--mount", "--user", "--preserve-credentials"]
        return subprocess.run(
            [*enter, "--target", str(self._holder.pid), f"--wd={PROJECT}", *command],
            cwd=PROJECT,
            capture_output=True,
            text=True,
            timeout=_TIMEOUT,
            check=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._holder.communicate()
