import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from export.errors import ExportError
from export.folder import check_room, check_target, staged

PROJECT = Path(__file__).resolve().parents[2]


def write(out, text="new", replace=False):
    with staged(out, replace) as (model, scratch):
        (model / "model.json").write_text(text)
        (scratch / "left over").write_text("x")


def test_a_folder_appears_whole(tmp_path):
    out = tmp_path / "models" / "clip"
    with staged(out, replace=False) as (model, _):
        (model / "model.json").write_text("new")
        assert not out.exists()
    assert [path.name for path in out.iterdir()] == ["model.json"]
    assert list(out.parent.iterdir()) == [out]


def test_a_failure_leaves_nothing(tmp_path):
    out = tmp_path / "clip"
    with pytest.raises(RuntimeError), staged(out, replace=False) as (model, _):
        (model / "vision.onnx").write_text("half")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_a_model_folder_is_replaced_only_when_told_to(tmp_path):
    out = tmp_path / "clip"
    write(out, "old")
    with pytest.raises(ExportError, match="--replace puts the new model"):
        write(out)
    assert (out / "model.json").read_text() == "old"
    write(out, replace=True)
    assert (out / "model.json").read_text() == "new"
    assert list(tmp_path.iterdir()) == [out]


def test_a_failed_replacement_keeps_the_old_folder(tmp_path):
    out = tmp_path / "clip"
    write(out, "old")
    with pytest.raises(RuntimeError), staged(out, replace=True):
        raise RuntimeError
    assert (out / "model.json").read_text() == "old"
    assert list(tmp_path.iterdir()) == [out]


def test_other_folders_and_files_are_never_replaced(tmp_path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "dog.jpg").write_text("mine")
    (tmp_path / "notes").write_text("mine")
    for name in ("photos", "notes"):
        with pytest.raises(ExportError, match="is no model folder"):
            check_target(tmp_path / name, replace=True)


def test_a_place_that_cannot_be_written_is_said_in_words(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ExportError, match=r"file: there is a file where a folder is wanted"):
        write(tmp_path / "file" / "clip")


@pytest.mark.skipif(not Path("/sys").is_dir(), reason="needs a place where nobody may write")
def test_a_read_only_place_is_said_in_words():
    with pytest.raises(ExportError, match=r"/sys: (no permission|the disk is read)"):
        write(Path("/sys/clip"))


def test_a_write_that_hits_a_limit_leaves_the_old_folder(tmp_path):
    out = tmp_path / "clip"
    write(out, "old")
    script = f"""
import resource
from pathlib import Path
from export.errors import ExportError
from export.folder import staged
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    with staged(Path({str(out)!r}), replace=True) as (model, _):
        (model / "model.json").write_text("new" * 1000)
except ExportError as error:
    print(error)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert "the file system or a limit allows no larger file; nothing was changed" in done.stdout
    assert (out / "model.json").read_text() == "old"
    assert list(tmp_path.iterdir()) == [out]


def test_too_little_room_is_said_before_work_is_done(tmp_path):
    (tmp_path / "vision.onnx").write_bytes(b"1" * 1000)
    check_room(tmp_path)
    with (tmp_path / "huge").open("wb") as file:
        file.truncate(2 * shutil.disk_usage(tmp_path).free)  # a hole: takes no room
    with pytest.raises(ExportError, match="GB more are needed"):
        check_room(tmp_path)


def test_an_empty_folder_is_filled(tmp_path):
    (tmp_path / "clip").mkdir()
    write(tmp_path / "clip")
    assert (tmp_path / "clip" / "model.json").read_text() == "new"


def test_what_a_killed_export_left_is_cleared_away(tmp_path):
    out = tmp_path / "clip"
    script = f"""
import os, signal
from pathlib import Path
from export.folder import staged
with staged(Path({str(out)!r}), replace=True):
    os.kill(os.getpid(), signal.SIGKILL)
"""
    subprocess.run([sys.executable, "-c", script], cwd=PROJECT, check=False)
    assert len(list(tmp_path.iterdir())) == 1
    write(tmp_path / "other")
    assert len(list(tmp_path.iterdir())) == 2
    write(out)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clip", "other"]


def test_two_exports_to_one_place_do_not_meet(tmp_path):
    out = tmp_path / "clip"
    with staged(out, replace=False) as (model, _):
        (model / "model.json").write_text("first")
        script = f"""
from pathlib import Path
from export.folder import staged
with staged(Path({str(out)!r}), replace=True):
    pass
"""
        done = subprocess.run(
            [sys.executable, "-c", script], cwd=PROJECT, capture_output=True, text=True, check=False
        )
        assert "another export is writing there" in done.stderr
    assert (out / "model.json").read_text() == "first"
