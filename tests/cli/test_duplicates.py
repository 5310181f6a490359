import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from vs_drawing import draw
from vs_in_process import CommandLine

from engine import Encoder, SearchEngine

SIZE = (320, 240)


@pytest.fixture(scope="module")
def library(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library with one exact and one near copy; read only."""
    root = tmp_path_factory.mktemp("duplicates")
    pictures = root / "pictures"
    pictures.mkdir()
    for number in range(5):
        draw(number, SIZE).save(pictures / f"{number}.png")
    shutil.copy(pictures / "1.png", pictures / "copy of 1.png")
    draw(2, SIZE).resize((240, 180)).save(pictures / "small.jpg", quality=85)
    with SearchEngine.with_encoder(encoder, root / "library") as engine:
        engine.index([pictures])
    return root / "library"


def found(command_line: CommandLine, library: Path, *options: str) -> dict[str, Any]:
    done = command_line("duplicates", "--library", library, "--json", *options)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_groups_are_listed_with_sizes(library: Path, command_line: CommandLine) -> None:
    done = command_line("duplicates", "--library", library)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert sum(line.startswith("group ") for line in lines) == 2
    (exact,) = [line for line in lines if line.startswith("  exact")]
    (near,) = [line for line in lines if line.startswith("  near")]
    assert "320 x 240" in exact
    assert "copy of 1.png" in exact
    assert "240 x 180" in near
    assert "small.jpg" in near
    best = [line.split("/")[-1] for line in lines if line.startswith("  best")]
    assert sorted(best) == ["1.png", "2.png"]
    assert "2 of 7 images are copies, in 2 groups" in done.stderr
    assert "Nothing was deleted." in done.stderr


def test_json_has_the_same(library: Path, command_line: CommandLine) -> None:
    report = found(command_line, library)
    assert (report["images"], report["copies"], report["deleted"]) == (7, 2, 0)
    assert report["calibrated"] is True
    copies = [copy for group in report["groups"] for copy in group["copies"]]
    assert {Path(copy["path"]).name: copy["kind"] for copy in copies} == {
        "copy of 1.png": "exact",
        "small.jpg": "near",
    }
    assert report["copied_bytes"] == sum(Path(copy["path"]).stat().st_size for copy in copies)
    best = {Path(group["best"]["path"]).name for group in report["groups"]}
    assert best == {"1.png", "2.png"}


def test_options_narrow_it_down(library: Path, command_line: CommandLine) -> None:
    exact = found(command_line, library, "--exact-only")
    strict = found(command_line, library, "--threshold", "1")
    assert exact["threshold"] is None
    assert (strict["threshold"], strict["calibrated"]) == (1.0, False)
    for report in (exact, strict):
        (group,) = report["groups"]
        assert [copy["kind"] for copy in group["copies"]] == ["exact"]


@pytest.mark.parametrize(
    "options",
    [("--threshold", "2"), ("--threshold", "0"), ("--exact-only", "--threshold", "0.9")],
)
def test_wrong_usage_is_refused(
    library: Path, options: tuple[str, ...], command_line: CommandLine
) -> None:
    done = command_line("duplicates", "--library", library, *options)
    assert (done.returncode, done.stdout) == (2, "")


def test_a_library_is_needed(tmp_path: Path, command_line: CommandLine) -> None:
    done = command_line("duplicates", "--library", tmp_path / "nowhere")
    assert done.returncode == 1
    assert "no library here" in done.stderr
