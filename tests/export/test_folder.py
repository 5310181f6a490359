import pytest

from export.errors import ExportError
from export.folder import check_target, staged


def write(out, text="new", force=False):
    with staged(out, force) as (model, scratch):
        (model / "model.json").write_text(text)
        (scratch / "left over").write_text("x")


def test_a_folder_appears_whole(tmp_path):
    out = tmp_path / "models" / "clip"
    with staged(out, force=False) as (model, _):
        (model / "model.json").write_text("new")
        assert not out.exists()
    assert [path.name for path in out.iterdir()] == ["model.json"]
    assert list(out.parent.iterdir()) == [out]


def test_a_failure_leaves_nothing(tmp_path):
    out = tmp_path / "clip"
    with pytest.raises(RuntimeError), staged(out, force=False) as (model, _):
        (model / "vision.onnx").write_text("half")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []


def test_a_model_folder_is_replaced_only_when_told_to(tmp_path):
    out = tmp_path / "clip"
    write(out, "old")
    with pytest.raises(ExportError, match="--force replaces it"):
        write(out)
    assert (out / "model.json").read_text() == "old"
    write(out, force=True)
    assert (out / "model.json").read_text() == "new"
    assert list(tmp_path.iterdir()) == [out]


def test_a_failed_replacement_keeps_the_old_folder(tmp_path):
    out = tmp_path / "clip"
    write(out, "old")
    with pytest.raises(RuntimeError), staged(out, force=True):
        raise RuntimeError
    assert (out / "model.json").read_text() == "old"
    assert list(tmp_path.iterdir()) == [out]


def test_other_folders_and_files_are_never_replaced(tmp_path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "notes").write_text("mine")
    for name in ("photos", "notes"):
        with pytest.raises(ExportError, match="is no model folder"):
            check_target(tmp_path / name, force=True)
