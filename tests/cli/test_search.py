"""`search`: what it prints, and parts of pictures."""

import json
from pathlib import Path

import pytest
from PIL import Image
from vs_in_process import CommandLine


def test_search_as_json_is_what_the_design_says(engine: CommandLine, photos: Path) -> None:
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


@pytest.mark.parametrize("command", [("search", "dog"), ("info",)])
def test_a_mistyped_library_is_not_made(
    engine: CommandLine, tmp_path: Path, command: tuple[str, ...]
) -> None:
    run = engine(*command, "--library", tmp_path / "typo")
    assert (run.returncode, run.stdout) == (1, "")
    assert "typo: no library here; python -m engine index FOLDER makes one" in run.stderr
    assert not (tmp_path / "typo").exists()


def test_an_empty_library_says_what_to_do(engine: CommandLine, tmp_path: Path) -> None:
    (tmp_path / "nothing").mkdir()
    engine("index", tmp_path / "nothing")
    run = engine("search", "dog")
    assert (run.returncode, run.stdout) == (0, "")
    assert "python -m engine index FOLDER" in run.stderr


def test_a_part_of_a_picture_is_searched_and_another_kept_away(
    engine: CommandLine, tmp_path: Path
) -> None:
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
