"""Runs commands in the process of the tests: less real than `vs_command`, and many times as fast.

For tests with so many commands that starting Python and loading the model would be most of it.
"""

import logging
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.cli import main, printing
from engine.encoder import Device, Encoder, Manifest


class CommandLine:
    """`python -m engine` in this process; what it gives is what `run_engine` gives."""

    def __init__(
        self,
        capfd: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch,
        encoder: Encoder,
        main: Callable[[], object] = main,
    ) -> None:
        """
        Args:
            capfd: catches what commands write.
            monkeypatch: takes everything back after the test.
            encoder: the default model, which is not loaded for each command.
            main: another command line than that of the engine.
        """
        self._capfd, self._patch, self._main = capfd, monkeypatch, main

        def loaded(manifest: Manifest, device: Device, adapter: str | None = None) -> Encoder:
            if device != "cuda" and manifest.folder.samefile(encoder.manifest.folder):
                return encoder.with_adapter(adapter)
            return Encoder(manifest, device, adapter=adapter)

        monkeypatch.setattr("engine.opening.Encoder", loaded)
        monkeypatch.setattr(printing.err, "_width", 1000)  # else lines of messages are broken

    def __call__(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a command; what it does not expect ends the test."""
        self._patch.setattr(sys, "argv", ["engine", *map(str, arguments)])
        self._capfd.readouterr()
        code, before = 0, logging.root.handlers[:]
        # As in a process of its own, where nobody else has a handler, so that it adds its own.
        logging.root.handlers.clear()
        try:
            self._main()
        except SystemExit as ended:
            code = int(ended.code or 0)
        finally:
            logging.root.handlers[:] = before
        out, err = self._capfd.readouterr()
        assert "Traceback" not in err
        return subprocess.CompletedProcess(sys.argv, code, out, err)
