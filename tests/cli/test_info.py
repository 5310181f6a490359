"""`info`: of a library and of a model."""

import json
from pathlib import Path

from vs_in_process import CommandLine
from vs_tiny import tiny_model

MEASURED = {
    "machine": "a machine",
    "parity": {"tensors": {"vision": 2e-06, "text": 1e-06}, "processors": None},
    "precisions": [
        {"tower": "vision", "precision": "fp32", "ms_one": 15.25, "chosen": False},
        {"tower": "vision", "precision": "int8", "ms_one": 7.5, "chosen": True, "cosine": 0.99998},
    ],
}


def test_info_names_the_skipped_file(engine: CommandLine, photos: Path) -> None:
    engine("index", photos)
    facts = json.loads(engine("info", "--json").stdout)
    assert (facts["images"], facts["folders"]) == (3, [str(photos)])
    shown = engine("info").stdout
    assert "broken.jpg: not a picture: the content is text" in shown


def test_info_shows_a_model_without_a_library(engine: CommandLine, tmp_path: Path) -> None:
    model = tiny_model(tmp_path / "model", patches=True, measured=MEASURED)
    run = engine("info", "--model", model)
    assert run.returncode == 0, run.stderr
    lines = run.stdout.splitlines()
    for expected in (
        "model          tiny",
        "source         made for a test",
        "licence        code: MIT",
        "               weights: MIT",
        "patches        fp32, 0.0 MB",
        "machine: a machine",
        "parity: processors -",
        "parity tensors: vision 2e-06, text 1e-06",
        "  tower   precision  ms_one  chosen  cosine",
        "  vision  fp32       15.25   no      -",
        "  vision  int8       7.5     yes     0.99998",
    ):
        assert expected in lines
    assert any(line.startswith("provider       ") for line in lines)
    assert not (tmp_path / "library").exists()


def test_info_of_a_model_as_json_is_one_object(engine: CommandLine, tmp_path: Path) -> None:
    model = tiny_model(tmp_path / "model", measured=MEASURED)
    about = json.loads(engine("info", "--model", model, "--json").stdout)
    assert list(about) == ["model_info"]
    info = about["model_info"]
    assert (info["name"], info["dim"], info["measured"]) == ("tiny", 6, MEASURED)
    assert info["provider"] == "CPUExecutionProvider"
    assert info["threads"] >= 1
    assert [tower["part"] for tower in info["towers"]] == ["vision", "text"]
    size = (model / "text.onnx").stat().st_size / 1e6
    assert info["towers"][1] == {"part": "text", "precision": "fp32", "megabytes": size}


def test_info_of_a_model_shows_its_library_too(
    engine: CommandLine, photos: Path, tmp_path: Path
) -> None:
    engine("index", photos)
    facts = json.loads(engine("info", "--model", "models/default", "--json").stdout)
    assert (facts["images"], facts["model_info"]["name"]) == (3, "default")
    other = engine("info", "--model", tiny_model(tmp_path / "model"))
    assert other.returncode == 0
    assert "images" not in other.stdout
    assert "made with the model 'default'" in other.stderr
    asked = engine("info", "--model", tmp_path / "model", "--library", tmp_path / "library")
    assert (asked.returncode, asked.stdout) == (1, "")
