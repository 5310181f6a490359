"""The real command, as a user runs it."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import onnxruntime
import pytest
from PIL import Image
from vs_tiny import tiny_model

from engine.sample import write_sample_library

HAS_CUDA = "CUDAExecutionProvider" in onnxruntime.get_available_providers()
Run = subprocess.CompletedProcess[str]


@pytest.fixture
def engine(project: Path, tmp_path: Path):
    """Runs `python -m engine ...` with a library of its own."""
    environment = {
        **os.environ,
        "VISUAL_SEARCH_LIBRARY": str(tmp_path / "library"),
        "COLUMNS": "200",
        "NO_COLOR": "1",
    }

    environment.pop("VISUAL_SEARCH_DEVICE", None)

    def run(*arguments: str | Path, **variables: str) -> Run:
        return subprocess.run(
            [sys.executable, "-m", "engine", *map(str, arguments)],
            cwd=project,
            env=environment | variables,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    for colour in ("red", "green", "blue"):
        Image.new("RGB", (80, 60), colour).save(folder / f"{colour}.jpg")
    (folder / "broken.jpg").write_text("not a picture")
    return folder


def test_index_says_what_it_did_and_why_it_skipped(engine, photos: Path) -> None:
    first = engine("index", photos)
    assert first.returncode == 0, first.stderr
    assert "3 added, 0 updated, 0 moved, 0 removed, 0 unchanged, 1 skipped" in first.stdout
    assert "broken.jpg: not a picture: the content is text" in first.stderr
    (photos / "red.jpg").rename(photos / "crimson.jpg")
    (photos / "blue.jpg").unlink()
    again = engine("index")  # no folder: all that are known
    assert "0 added, 0 updated, 1 moved, 1 removed, 1 unchanged, 1 skipped" in again.stdout


def test_index_as_json(engine, photos: Path) -> None:
    report = json.loads(engine("index", photos, "--json").stdout)
    assert report["added"] == 3
    assert report["skipped"][0]["path"] == str(photos / "broken.jpg")


def test_search_as_json_is_what_the_design_says(engine, photos: Path) -> None:
    engine("index", photos)
    run = engine(
        *("search", "red", "--image", photos / "red.jpg", "--without", "sea"),
        *("--text-weight", "0.5", "-k", "2", "--json"),
    )
    assert run.returncode == 0, run.stderr
    page = json.loads(run.stdout)
    wanted = {"query", "filters", "model", "took_ms", "verdict", "likely", "possible"}
    assert set(page) == wanted | {"total", "matching", "results"}
    assert page["model"] == "default"
    assert page["verdict"] in {"strong", "weak", "none"}
    assert [(term["kind"], term["weight"]) for term in page["query"]] == [
        ("text", 0.5),
        ("image", 1.0),
        ("text", -1.0),
    ]
    assert len(page["results"]) == 2
    best = page["results"][0]
    assert set(best) == {"id", "path", "score", "similarity", "by_thumbs", "copies", "terms"}
    assert best["path"] == str(photos / "red.jpg")
    assert set(best["terms"][0]) == {"label", "kind", "weight", "similarity", "share"}


def test_search_prints_paths_to_stdout_and_the_rest_to_stderr(engine, photos: Path) -> None:
    engine("index", photos)
    run = engine("search", "--like", "1")
    assert str(photos / "blue.jpg") in run.stdout.splitlines()[1]
    assert "3 images searched in" in run.stderr
    assert "searched" not in run.stdout


@pytest.mark.parametrize("command", [("search", "dog"), ("info",)])
def test_a_mistyped_library_is_not_made(engine, tmp_path: Path, command: tuple[str, ...]) -> None:
    run = engine(*command, "--library", tmp_path / "typo")
    assert (run.returncode, run.stdout) == (1, "")
    assert "typo: no library here; python -m engine index FOLDER makes one" in run.stderr
    assert not (tmp_path / "typo").exists()


def test_an_empty_library_says_what_to_do(engine, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    engine("index", tmp_path / "nothing")
    run = engine("search", "dog")
    assert (run.returncode, run.stdout) == (0, "")
    assert "python -m engine index FOLDER" in run.stderr


def test_files_of_other_kinds_are_counted(engine, photos: Path) -> None:
    for name in ("a.cr2", "b.CR2", "film.mp4", "noext"):
        (photos / name).write_text("x")
    run = engine("index", photos)
    assert "passed over, no pictures by the ending of their name: 2 .cr2, 1 .mp4" in run.stderr
    assert json.loads(engine("index", "--json").stdout)["passed_over"] == {
        ".cr2": 2,
        ".mp4": 1,
        "": 1,
    }


def test_the_thumbnails_of_another_library_are_no_pictures(
    engine, photos: Path, tmp_path: Path
) -> None:
    engine("index", photos, "--library", photos / "my library")
    assert "3 added" in engine("index", photos).stdout


def test_info_names_the_skipped_file(engine, photos: Path) -> None:
    engine("index", photos)
    facts = json.loads(engine("info", "--json").stdout)
    assert (facts["images"], facts["folders"]) == (3, [str(photos)])
    shown = engine("info").stdout
    assert "broken.jpg: not a picture: the content is text" in shown


MEASURED = {
    "machine": "a machine",
    "parity": {"tensors": {"vision": 2e-06, "text": 1e-06}, "processors": None},
    "precisions": [
        {"tower": "vision", "precision": "fp32", "ms_one": 15.25, "chosen": False},
        {"tower": "vision", "precision": "int8", "ms_one": 7.5, "chosen": True, "cosine": 0.99998},
    ],
}


def test_info_shows_a_model_without_a_library(engine, tmp_path: Path) -> None:
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


def test_info_of_a_model_as_json_is_one_object(engine, tmp_path: Path) -> None:
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


def test_info_of_a_model_shows_its_library_too(engine, photos: Path, tmp_path: Path) -> None:
    engine("index", photos)
    facts = json.loads(engine("info", "--model", "models/default", "--json").stdout)
    assert (facts["images"], facts["model_info"]["name"]) == (3, "default")
    other = engine("info", "--model", tiny_model(tmp_path / "model"))
    assert other.returncode == 0
    assert "images" not in other.stdout
    assert "made with the model 'default'" in other.stderr
    asked = engine("info", "--model", tmp_path / "model", "--library", tmp_path / "library")
    assert (asked.returncode, asked.stdout) == (1, "")


@pytest.mark.skipif(HAS_CUDA, reason="this onnxruntime has CUDA")
@pytest.mark.parametrize("command", [("index",), ("search", "dog"), ("info",)])
def test_every_command_runs_where_it_is_told(
    engine, photos: Path, command: tuple[str, ...]
) -> None:
    engine("index", photos)
    for run in (
        engine(*command, "--device", "cuda"),
        engine(*command, VISUAL_SEARCH_DEVICE="cuda"),
    ):
        assert (run.returncode, run.stdout) == (1, "")
        assert "install onnxruntime-gpu in place of onnxruntime" in run.stderr
    run = engine(*command, "--device", "cpu", VISUAL_SEARCH_DEVICE="cuda")
    assert run.returncode == 0, run.stderr


def test_a_mistyped_device_of_the_environment_is_quoted(engine, photos: Path) -> None:
    run = engine("index", photos, VISUAL_SEARCH_DEVICE="gpu")
    assert (run.returncode, run.stdout) == (1, "")
    assert "'gpu' in VISUAL_SEARCH_DEVICE is unknown; expected auto, cpu or cuda" in run.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("search",),
        ("search", "   "),
        ("search", "dog", "-k", "0"),
        ("search", "dog", "--text-weight", "0"),
        ("search", "dog", "--text-weight", "1000"),
        ("search", "dog", "--region", "0,0,1,1"),
        ("search", "--like", "1", "--region", "0,0,x"),
        ("search", "dog", "--diversity", "2"),
        ("search", "dog", "--device", "tpu"),
        ("search", "dog", "--backend", "magic"),
        ("index",),
        ("sample",),
        ("fly",),
    ],
)
def test_wrong_usage_exits_with_2(engine, arguments: tuple[str, ...]) -> None:
    run = engine(*arguments)
    assert (run.returncode, run.stdout) == (2, "")
    assert "Error" in run.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("search", "--like", "77"), "image 77 is not in the library"),
        (("search", "--image", "gone.jpg"), "gone.jpg: no such file"),
        (("search", "dog", "--model", "nowhere"), "nowhere/model.json: no such file"),
        (("index", "nowhere"), "nowhere: no such file or folder"),
    ],
)
def test_failures_exit_with_1_and_one_clear_line(
    engine, photos: Path, arguments: tuple[str, ...], message: str
) -> None:
    engine("index", photos)
    run = engine(*arguments)
    assert run.returncode == 1
    assert message in run.stderr
    assert "Traceback" not in run.stderr


def test_odd_names_are_printed_on_one_line(engine, photos: Path) -> None:
    odd = os.fsencode(photos) + b"/line\nbreak \xf0\x9f\x98\x80 \xff [red].jpg"
    os.rename(os.fsencode(photos / "red.jpg"), odd)  # noqa: PTH104 - bytes
    engine("index", photos)
    run = engine("search", "red")
    assert "line\\nbreak 😀 \\udcff [red].jpg" in run.stdout
    paths = [hit["path"] for hit in json.loads(engine("search", "red", "--json").stdout)["results"]]
    assert odd in [os.fsencode(path) for path in paths]


def test_sample_then_index(engine, tmp_path: Path) -> None:
    assert engine("sample", tmp_path / "pictures", "--count", "12").returncode == 0
    assert "12 added" in engine("index", tmp_path / "pictures").stdout
    run = engine("sample", tmp_path / "library" / "library.db")
    assert run.returncode == 1
    assert "library.db" in run.stderr


def test_stopping_by_keyboard_keeps_what_was_done(project: Path, tmp_path: Path) -> None:
    write_sample_library(tmp_path / "pictures", 300)
    library = tmp_path / "library"
    command = [sys.executable, "-m", "engine", "index", str(tmp_path / "pictures")]
    process = subprocess.Popen(
        [*command, "--library", str(library)], cwd=project, stderr=subprocess.PIPE, text=True
    )
    while process.poll() is None and count_images(library) == 0:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "run again to go on" in said
    assert "Traceback" not in said
    assert 0 < count_images(library) < 300


def count_images(library: Path) -> int:
    try:
        with closing(sqlite3.connect(f"file:{library}/library.db?mode=ro", uri=True)) as database:
            return int(database.execute("SELECT count(*) FROM images").fetchone()[0])
    except sqlite3.OperationalError:  # not there yet
        return 0


def test_a_part_of_a_picture_is_searched_and_another_kept_away(engine, tmp_path: Path) -> None:
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    for name in ("red", "blue", "green"):
        Image.new("RGB", (200, 120), name).save(pictures / f"{name}.png")
    both = Image.new("RGB", (400, 120), "red")
    both.paste("blue", (200, 0, 400, 120))
    both.save(tmp_path / "both.png")
    engine("index", pictures)
    best = {
        region: json.loads(
            engine("search", "--image", tmp_path / "both.png", "--region", region, "--json").stdout
        )["results"][0]
        for region in ("0,0,0.5,1", "0.5,0,1,1")
    }
    assert [Path(hit["path"]).stem for hit in best.values()] == ["red", "blue"]
    known = {Path(hit["path"]).stem: hit["id"] for hit in best.values()}
    run = engine("search", "a colour", "--unlike", known["red"], "--json")
    assert Path(json.loads(run.stdout)["results"][-1]["path"]).stem == "red"
    run = engine("search", "--like", known["red"], "--region", "0.5,0,0.5,1")
    assert (run.returncode, run.stdout) == (1, "")
    assert "use left, top, right, bottom from 0 to 1" in run.stderr
