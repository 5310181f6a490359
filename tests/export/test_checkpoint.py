import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from export.architectures import architecture_for
from export.checkpoint import RULE_FILES, model_type, open_checkpoint
from export.errors import ExportError


@pytest.fixture
def folder(tmp_path):
    """A local checkpoint as far as the names of its files go."""
    folder = tmp_path / "my-clip"
    folder.mkdir()
    for name in RULE_FILES:
        (folder / name).write_text(json.dumps({"model_type": "clip"}))
    (folder / "model.safetensors").write_bytes(b"weights")
    return folder


def test_a_local_folder_is_known_by_name_and_digest(folder):
    checkpoint = open_checkpoint(str(folder))
    assert checkpoint.source == "my-clip"
    assert len(checkpoint.revision) == 12
    (folder / "model.safetensors").write_bytes(b"others")
    assert open_checkpoint(str(folder)).revision != checkpoint.revision


@pytest.mark.parametrize("name", RULE_FILES)
def test_a_missing_file_is_named(folder, name):
    (folder / name).unlink()
    with pytest.raises(ExportError, match=f"missing: {name}.\n.* or a local folder with"):
        open_checkpoint(str(folder))


def test_all_missing_files_are_named_at_once(tmp_path):
    with pytest.raises(ExportError, match="missing") as caught:
        model_type(str(tmp_path))
    for name in (*RULE_FILES, "model.safetensors"):
        assert name in str(caught.value).splitlines()[0]


@pytest.mark.parametrize("text", ["not json", "[]", "{}"])
def test_a_config_that_says_nothing_is_refused(folder, text):
    (folder / "config.json").write_text(text)
    with pytest.raises(ExportError, match=r"config\.json"):
        model_type(str(folder))


def test_a_hub_id_out_of_reach_says_what_is_needed(torch, monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(ExportError, match="no such folder") as caught:
        model_type("nobody/no-such-clip")
    for name in (*RULE_FILES, "model.safetensors", "local folder"):
        assert name in str(caught.value)


def test_a_hub_id_is_taken_from_the_local_cache_when_offline(checkpoint, tmp_path):
    commit = "0123456789abcdef0123456789abcdef01234567"
    repository = tmp_path / "hub" / "models--somebody--tiny-clip"
    shutil.copytree(checkpoint, repository / "snapshots" / commit)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(commit)
    script = """
from export.checkpoint import load_model, model_type, open_checkpoint
found = open_checkpoint("somebody/tiny-clip")
model = load_model(found)
print(model_type("somebody/tiny-clip"), found.source, found.revision, model.dtype)
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=Path(__file__).resolve().parents[2],
        env={**os.environ, "HF_HOME": str(tmp_path), "HF_HUB_OFFLINE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == ["clip", "somebody/tiny-clip", commit, "torch.float32"], (
        done.stderr
    )


def test_an_unknown_model_type_lists_the_known_ones():
    with pytest.raises(ExportError, match="'bert' cannot be exported; known are: clip"):
        architecture_for("bert")
