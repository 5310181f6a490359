import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from vs_checkpoints import make_checkpoint

from export.checkpoints.checkpoint import model_type, open_checkpoint
from export.checkpoints.files import NEEDED
from export.errors import ExportError

PROJECT = Path(__file__).resolve().parents[3]
SETTINGS = ("config.json", "preprocessor_config.json", "tokenizer_config.json")
FILES = (*SETTINGS, "tokenizer.json")
COMMIT = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture
def folder(tmp_path):
    """A local checkpoint as far as the names of its files go."""
    folder = tmp_path / "my-clip"
    folder.mkdir()
    for name in FILES:
        (folder / name).write_text(json.dumps({"model_type": "clip"}))
    (folder / "model.safetensors").write_bytes(b"weights")
    return folder


def in_shards(folder: Path, name: str = "model.safetensors") -> None:
    """Replace the weights by two shards and their index."""
    (folder / "model.safetensors").unlink()
    stem, ending = name.rsplit(".", 1)
    shards = [f"{stem}-0000{number}-of-00002.{ending}" for number in (1, 2)]
    places = {f"layer.{number}": shard for number, shard in enumerate(shards)}
    (folder / f"{name}.index.json").write_text(json.dumps({"weight_map": places}))
    for shard in shards:
        (folder / shard).write_bytes(shard.encode())


def test_a_local_folder_is_known_by_name_and_digest(folder):
    checkpoint = open_checkpoint(str(folder))
    assert checkpoint.source == "my-clip"
    assert len(checkpoint.revision) == 12
    (folder / "model.safetensors").write_bytes(b"others")
    assert open_checkpoint(str(folder)).revision != checkpoint.revision


@pytest.mark.parametrize("name", ["model.safetensors", "pytorch_model.bin"])
def test_the_digest_is_over_all_shards(folder, name):
    in_shards(folder, name)
    before = open_checkpoint(str(folder)).revision
    next(folder.glob("*-00002-of-*")).write_bytes(b"others")
    assert open_checkpoint(str(folder)).revision != before


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(folder, name):
    (folder / name).unlink()
    with pytest.raises(ExportError, match=f"missing: {name}.\n.* or a local folder with"):
        open_checkpoint(str(folder))


def test_all_missing_files_are_named_at_once(tmp_path):
    with pytest.raises(ExportError, match="missing") as caught:
        model_type(str(tmp_path))
    for name in (*FILES, "model.safetensors"):
        assert name in str(caught.value).splitlines()[0]


@pytest.mark.parametrize("name", ["model.safetensors", "pytorch_model.bin"])
def test_missing_shards_are_named(folder, name):
    in_shards(folder, name)
    shards = sorted(path.name for path in folder.glob("*-of-*"))
    for shard in shards:
        (folder / shard).unlink()
    with pytest.raises(ExportError, match=f"missing: {', '.join(shards)}"):
        open_checkpoint(str(folder))


@pytest.mark.parametrize("index", ["{}", '{"weight_map": {"layer": 3}}', "no"])
def test_an_index_without_places_is_refused(folder, index):
    in_shards(folder)
    (folder / "model.safetensors.index.json").write_text(index)
    with pytest.raises(ExportError, match=r"model\.safetensors\.index\.json"):
        open_checkpoint(str(folder))


@pytest.mark.parametrize("names", [("vocab.json", "merges.txt"), ("vocab.txt",), ("spiece.model",)])
def test_older_files_of_a_tokenizer_are_enough(folder, names):
    (folder / "tokenizer.json").unlink()
    for name in names:
        (folder / name).write_text("")
    assert set(names) <= set(open_checkpoint(str(folder)).files)


@pytest.mark.parametrize("text", ["not json", "[]", "{}", '{"model_type": 3}'])
def test_a_config_that_says_nothing_is_refused(folder, text):
    (folder / "config.json").write_text(text)
    with pytest.raises(ExportError, match=r"config\.json"):
        model_type(str(folder))


@pytest.mark.parametrize(
    ("readme", "licence", "card"),
    [
        ("---\nlicense: mit\n---\n\n# Card\n", "mit", "# Card\n"),
        ("---\nlicense: other\nlicense_name: apple-amlr\n---\nText", "apple-amlr", "Text"),
        ("---\nlanguage: en\n---\nText", "see source", "Text"),
        ("---\n: : [\n---\nText", "see source", "Text"),
        ("---\n- a list\n---\nText", "see source", "Text"),
        ("# Card", "see source", "# Card"),
    ],
)
def test_the_licence_is_that_of_the_model_card(torch, folder, readme, licence, card):
    (folder / "README.md").write_text(readme)
    provenance = open_checkpoint(str(folder)).provenance
    assert dict(provenance.licence) == {"code": licence, "weights": licence}
    assert provenance.readme == card


def test_a_licence_file_is_pointed_at(torch, folder):
    (folder / "LICENSE").write_text("Do what you like.")
    assert open_checkpoint(str(folder)).provenance.licence["weights"].startswith("see LICENSE")


def test_a_config_may_name_both_licences(torch, folder):
    (folder / "README.md").write_text("---\nlicense: mit\n---\nText")
    for licence, code, weights in (
        ({"code": "apache-2.0", "weights": "cc-by-4.0"}, "apache-2.0", "cc-by-4.0"),
        ({"weights": "cc0-1.0"}, "see source", "cc0-1.0"),
    ):
        (folder / "config.json").write_text(json.dumps({"license": licence}))
        found = open_checkpoint(str(folder)).provenance.licence
        assert dict(found) == {"code": code, "weights": weights}


@pytest.fixture
def offline(torch, monkeypatch, tmp_path):
    """No network, and an empty cache of the hub; its place."""
    cache = tmp_path / "cache"
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(cache))
    return cache


def test_a_hub_id_out_of_reach_says_what_is_needed_and_where_to_put_it(offline):
    with pytest.raises(ExportError, match="no such folder") as caught:
        model_type("nobody/no-such-clip")
    said = str(caught.value)
    for name in (*FILES, "model.safetensors", str(offline), "hf download nobody/no-such-clip"):
        assert name in said
    assert NEEDED in said


@pytest.mark.parametrize("source", ["no/such/folder", "./nowhere", "what is this", "~nobody/x/y"])
def test_what_is_neither_a_folder_nor_an_id_is_refused(offline, source):
    with pytest.raises(ExportError, match="no such folder, and no hub id"):
        model_type(source)


def cached(checkpoint: Path, cache: Path) -> Path:
    """The checkpoint as the hub's cache keeps `somebody/tiny-clip`; the folder with its files."""
    repository = cache / "models--somebody--tiny-clip"
    snapshot = repository / "snapshots" / COMMIT
    shutil.copytree(checkpoint, snapshot)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(COMMIT)
    return snapshot


def test_what_the_cache_lacks_is_named(offline, checkpoint):
    snapshot = cached(checkpoint, offline)
    (snapshot / "preprocessor_config.json").unlink()
    (snapshot / "model.safetensors").unlink()
    with pytest.raises(ExportError) as caught:
        open_checkpoint("somebody/tiny-clip")
    named = str(caught.value).partition("downloaded: ")[2].partition(".\n")[0]
    assert named.startswith("preprocessor_config.json, model.safetensors or pytorch_model.bin. Put")


def test_a_hub_id_is_exported_from_the_local_cache_when_offline(checkpoint, tmp_path):
    cached(checkpoint, tmp_path / "cache")
    script = """
import sys
from pathlib import Path
from export.sources import open_source
source = open_source("somebody/tiny-clip")
source.write(Path(sys.argv[1]), lambda message: None)
source.reference().texts(["a dog"])
print(source.provenance.source, source.provenance.revision, source.provenance.licence["weights"])
"""
    out = tmp_path / "out"
    out.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", script, str(out)],
        cwd=PROJECT,
        env={**os.environ, "HF_HUB_CACHE": str(tmp_path / "cache"), "HF_HUB_OFFLINE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.split() == ["somebody/tiny-clip", COMMIT, "apache-2.0"], done.stderr
    assert done.stderr == ""  # no advice, no warnings, no bars
    assert {path.name for path in out.iterdir()} == {
        "vision.onnx",
        "text.onnx",
        "patches.onnx",
        "tokenizer.json",
    }


def load(folder: Path):
    from export.architectures import architecture_for

    return architecture_for(model_type(str(folder))).load(open_checkpoint(str(folder)))


def test_weights_in_shards_are_loaded(checkpoint, tmp_path, capfd):
    from transformers import CLIPModel

    folder = tmp_path / "sharded"
    shutil.copytree(checkpoint, folder)
    (folder / "model.safetensors").unlink()
    whole = CLIPModel.from_pretrained(checkpoint)
    capfd.readouterr()
    whole.save_pretrained(folder, max_shard_size="100KB")
    assert len(list(folder.glob("model-*.safetensors"))) > 1
    found = load(folder).state_dict()
    assert all(value.equal(found[name]) for name, value in whole.state_dict().items())
    assert capfd.readouterr().err == ""


def test_weights_with_holes_are_refused(checkpoint, tmp_path):
    from safetensors.torch import load_file, save_file

    folder = tmp_path / "holes"
    shutil.copytree(checkpoint, folder)
    weights = load_file(folder / "model.safetensors")
    del weights["text_projection.weight"]
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ExportError, match=r"lack 1 tensors of a CLIPModel, such as text_proj"):
        load(folder)


@pytest.mark.parametrize("name", ["model.safetensors", "pytorch_model.bin"])
def test_damaged_weights_are_refused(checkpoint, tmp_path, name):
    folder = tmp_path / "damaged"
    shutil.copytree(checkpoint, folder)
    (folder / "model.safetensors").unlink()
    (folder / name).write_bytes(b"PK\x03\x04 not weights")
    with pytest.raises(ExportError, match="damaged: cannot be loaded"):
        load(folder)


def test_a_blip_that_writes_captions_is_refused(torch, tmp_path):
    from transformers import BlipConfig, BlipForConditionalGeneration

    folder = make_checkpoint("blip", tmp_path / "captions")
    config = BlipConfig.from_pretrained(folder)
    BlipForConditionalGeneration(config).save_pretrained(folder)
    with pytest.raises(ExportError, match=r"lack \d+ tensors of a BlipForImageTextRetrieval"):
        load(folder)
