"""What a new user does: clone, then the commands of the README, with an empty home."""

import os
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

from engine.sample import write_sample_library

PATIENCE_SECONDS = 400


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.slow
def test_make_run_installs_indexes_and_serves(project: Path, tmp_path: Path) -> None:
    clone, home = tmp_path / "clone", tmp_path / "home"
    subprocess.run(["git", "clone", "--quiet", str(project), str(clone)], check=True)
    home.mkdir()
    write_sample_library(home / "My Pictures", 12)
    port = free_port()
    names = ("PATH", "LANG", "SSL_CERT_FILE")
    environment = {name: os.environ[name] for name in names if name in os.environ}
    environment |= {
        name: value for name, value in os.environ.items() if name.startswith(("PIP_", "UV_"))
    }
    environment |= {"HOME": str(home), "STREAMLIT_SERVER_PORT": str(port)}
    log = (tmp_path / "log").open("w+")
    server = subprocess.Popen(
        ["make", "run", "PHOTOS=~/My Pictures", "STREAMLIT=--server.headless=true"],
        cwd=clone,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        wait_for(f"http://127.0.0.1:{port}/_stcore/health", server)
        log.seek(0)
        said = log.read()
        assert "12 added" in said, said
        assert (clone / "library" / "library.db").exists()
    finally:
        os.killpg(server.pid, signal.SIGTERM)
        server.wait(30)
        log.close()


def wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        assert server.poll() is None, "make run has ended"
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                assert answer.read() == b"ok"
                return
        except OSError:
            time.sleep(0.5)
    pytest.fail(f"{address} did not answer in {PATIENCE_SECONDS} s")
