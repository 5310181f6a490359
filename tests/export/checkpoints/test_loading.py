"""What a checkpoint of unknown origin may do while it is loaded."""

import json
import shutil

import pytest

from export.checkpoints.checkpoint import open_checkpoint
from export.checkpoints.loading import load_image_processor, load_model, load_tokenizer
from export.errors import ExportError


@pytest.fixture
def with_code(checkpoint, tmp_path):
    """A checkpoint whose settings ask for classes from a file beside them, and that file's mark."""
    folder, mark = tmp_path / "with-code", tmp_path / "it ran"
    shutil.copytree(checkpoint, folder)
    (folder / "theirs.py").write_text(f"open({str(mark)!r}, 'w')\nclass Theirs: pass\n")
    for name, settings in (
        ("tokenizer_config.json", {"tokenizer_class": "Theirs", "auto_map": {"AutoTokenizer": 0}}),
        (
            "preprocessor_config.json",
            {"image_processor_type": "Theirs", "auto_map": {"AutoImageProcessor": 0}},
        ),
    ):
        path = folder / name
        (kind,) = settings["auto_map"]
        named = ["theirs.Theirs", None] if kind == "AutoTokenizer" else "theirs.Theirs"
        settings["auto_map"] = {kind: named}
        path.write_text(json.dumps({**json.loads(path.read_text()), **settings}))
    return folder, mark


@pytest.mark.parametrize("load", [load_tokenizer, load_image_processor])
def test_code_beside_the_weights_is_neither_run_nor_asked_about(with_code, monkeypatch, load):
    folder, mark = with_code
    asked = []
    monkeypatch.setattr("builtins.input", lambda question="": asked.append(question) or "y")
    with pytest.raises(ExportError):
        load(open_checkpoint(str(folder)))
    assert not asked
    assert not mark.exists()


def test_a_pickle_that_holds_code_is_refused(checkpoint, tmp_path):
    import torch
    from transformers import CLIPModel

    class Opens:
        def __reduce__(self):
            return open, (str(tmp_path / "it ran"), "w")

    folder = tmp_path / "pickled"
    shutil.copytree(checkpoint, folder)
    (folder / "model.safetensors").unlink()
    torch.save({"logit_scale": Opens()}, folder / "pytorch_model.bin")
    with pytest.raises(ExportError, match="pickled: cannot be loaded"):
        load_model(open_checkpoint(str(folder)), CLIPModel)
    assert not (tmp_path / "it ran").exists()
