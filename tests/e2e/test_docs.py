"""Every command and every piece of code in README.md and docs/ is run."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from vs_in_process import CommandLine

from benchmarks.__main__ import app as benchmarks_app
from engine.cli import main as engine_main
from engine.encoder import Encoder
from engine.sample import write_sample_library

PROJECT = Path(__file__).resolve().parents[2]
README = PROJECT / "README.md"
DOCS = sorted((PROJECT / "docs").glob("*.md"))
PAGES = [README, *DOCS]
Run = subprocess.CompletedProcess[str]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def name_of(page: Path) -> str:
    return page.name


def blocks(page: Path, language: str) -> list[str]:
    return [code for name, code in BLOCK.findall(page.read_text()) if name == language]


def commands(page: Path) -> list[list[str]]:
    lines = [line for block in blocks(page, "sh") for line in block.splitlines()]
    return [words for line in lines if (words := shlex.split(line, comments=True))]


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """20 pictures; read only."""
    folder = tmp_path_factory.mktemp("drawn")
    write_sample_library(folder, 20)
    return folder


@pytest.fixture
def sandbox(tmp_path: Path, drawn: Path) -> Path:
    """A home with pictures and a table of them, seen from a folder that looks like the project."""
    shutil.copytree(drawn, tmp_path / "Pictures")
    shoe = next((tmp_path / "Pictures").rglob("*.jpg"))
    (tmp_path / "Pictures" / "shoe.jpg").write_bytes(shoe.read_bytes())
    (tmp_path / "shoe.jpg").write_bytes(shoe.read_bytes())
    table = "file,sku,title,price\nshoe.jpg,shoe,Red running shoes,49.90\n"
    (tmp_path / "shop.csv").write_text(table)
    (tmp_path / "models").symlink_to(PROJECT / "models")
    return tmp_path


def run(sandbox: Path, *arguments: str) -> Run:
    """In a process of its own."""
    environment = {**os.environ, "HOME": str(sandbox), "PYTHONPATH": str(PROJECT)}
    environment.pop("VISUAL_SEARCH_LIBRARY", None)
    return subprocess.run(
        arguments, cwd=sandbox, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture
def here(
    sandbox: Path,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    encoder: Encoder,
) -> dict[str, CommandLine]:
    """The command lines, by the name of their package, in this process and in the sandbox."""
    monkeypatch.chdir(sandbox)
    monkeypatch.setenv("HOME", str(sandbox))
    monkeypatch.delenv("VISUAL_SEARCH_LIBRARY", raising=False)
    mains = {"engine": engine_main, "benchmarks": benchmarks_app}
    return {name: CommandLine(capfd, monkeypatch, encoder, main) for name, main in mains.items()}


def watch_for_a_moment(sandbox: Path, arguments: list[str]) -> None:
    rest = [word.replace("~", str(sandbox), 1) for word in arguments]
    with subprocess.Popen(
        [sys.executable, "-m", "engine", "watch", *rest],
        cwd=sandbox,
        env={**os.environ, "HOME": str(sandbox), "PYTHONPATH": str(PROJECT)},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline(), "it says what it has done"
        process.terminate()
        assert process.wait(timeout=60) == 0


def does(sandbox: Path, words: list[str], lines: dict[str, CommandLine]) -> Run | None:
    """What a command of a page does; None where it is not for tests to start.

    Args:
        sandbox: where to run it.
        words: the command.
        lines: command lines of this process, by package; others get a process of their own.
    """
    rest = [word.replace("~", str(sandbox), 1) for word in words]
    match words:
        case ["python", "-m", "engine", "watch", *_]:  # runs until it is told to end
            watch_for_a_moment(sandbox, rest[4:])
            return None
        case ["python", "-m", "engine" | "training" | "benchmarks" as package, *_]:
            if package == "benchmarks":  # they take minutes; tests/benchmarks runs them
                rest.append("--help")
            line = lines.get(package)
            return line(*rest[3:]) if line else run(sandbox, sys.executable, *rest[1:])
        case ["make", *targets]:  # tests/e2e/test_fresh_clone.py runs them for real
            return run(sandbox, "make", "--dry-run", "-C", str(PROJECT), *targets)
        case _ if "docker" in words:  # needs a daemon; the files it names are checked below
            return None
    pytest.fail(f"no test knows this command: {shlex.join(words)}")


def everything_works(page: Path, sandbox: Path, lines: dict[str, CommandLine]) -> None:
    for words in commands(page):
        done = does(sandbox, words, lines)
        if done is not None:
            assert done.returncode == 0, f"{shlex.join(words)}\n{done.stdout}{done.stderr}"


def test_every_command_of_the_readme_works(sandbox: Path) -> None:
    everything_works(README, sandbox, {})


@pytest.mark.parametrize("page", [page for page in DOCS if blocks(page, "sh")], ids=name_of)
def test_every_command_of_the_pages_works(
    page: Path, sandbox: Path, here: dict[str, CommandLine]
) -> None:
    everything_works(page, sandbox, here)


@pytest.mark.parametrize("page", [page for page in PAGES if blocks(page, "python")], ids=name_of)
def test_all_python_code_works(page: Path, sandbox: Path) -> None:
    for code in blocks(page, "python"):
        done = run(sandbox, sys.executable, "-c", code)
        assert done.returncode == 0, f"{code}\n{done.stderr}"
        assert done.stdout


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_and_pictures_are_there(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)\)", page.read_text())
    missing = [t for t in targets if "://" not in t and not (page.parent / t).exists()]
    assert missing == []


def test_every_command_and_option_has_help_and_is_in_the_readme() -> None:
    from engine.cli import app

    readme = (PROJECT / "README.md").read_text()
    for command in app.registered_commands:
        assert command.callback is not None
        assert command.callback.__doc__, f"{command.callback.__name__} has no help"
        assert f"python -m engine {command.name or command.callback.__name__}" in readme


def test_the_readme_installs_what_the_container_copies() -> None:
    """Every file that the Dockerfile copies is in the project and not ignored."""
    dockerfile = (PROJECT / "Dockerfile").read_text()
    allowed = {
        line[1:] for line in (PROJECT / ".dockerignore").read_text().splitlines() if line[:1] == "!"
    }
    copied = re.findall(r"^COPY (?!--from)(\S+) \S+$", dockerfile, re.MULTILINE)
    assert len(copied) >= 6
    for name in copied:
        assert (PROJECT / name).exists(), name
        assert name in allowed, f"{name} is not let through by .dockerignore"
