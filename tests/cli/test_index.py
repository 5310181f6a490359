"""`index`: its report."""

import json
from pathlib import Path

from vs_in_process import CommandLine


def test_index_as_json(engine: CommandLine, photos: Path) -> None:
    report = json.loads(engine("index", photos, "--json").stdout)
    assert report["added"] == 3
    assert report["skipped"][0]["path"] == str(photos / "broken.jpg")


def test_files_of_other_kinds_are_counted(engine: CommandLine, photos: Path) -> None:
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
    engine: CommandLine, photos: Path, tmp_path: Path
) -> None:
    engine("index", photos, "--library", photos / "my library")
    assert "3 added" in engine("index", photos).stdout
