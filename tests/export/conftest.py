"""A tiny CLIP with random weights and the real tokenizer, and what the export makes of it."""

import shutil
from pathlib import Path

import pytest

TOKENIZER = Path(__file__).resolve().parents[3] / "shared" / "clip_tokenizer"
FILES = ("preprocessor_config.json", "tokenizer.json", "tokenizer_config.json")
SIZES = {
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "projection_dim": 16,
    "initializer_factor": 3.0,  # so that pictures differ in their vectors
}
TEXT = {"vocab_size": 49408, "max_position_embeddings": 77, "bos_token_id": 49406}
VISION = {"image_size": 224, "patch_size": 32}


@pytest.fixture(scope="session")
def tokenizer_files() -> Path:
    if not TOKENIZER.is_dir():
        pytest.skip(f"CLIP's tokenizer files are not at {TOKENIZER}")
    return TOKENIZER


@pytest.fixture(scope="session")
def torch():
    for package in ("transformers", "onnx", "onnxscript"):
        pytest.importorskip(package, reason="exporting needs requirements-export.txt")
    torch = pytest.importorskip("torch", reason="exporting needs requirements-export.txt")
    torch.set_num_threads(2)
    return torch


@pytest.fixture(scope="session")
def make_checkpoint(torch, tokenizer_files):
    """Write a checkpoint into a folder; `eos` is the id that its config gives the last token."""

    def make(folder: Path, eos: int) -> Path:
        from transformers import CLIPConfig, CLIPModel

        torch.manual_seed(0)
        config = CLIPConfig(
            text_config=SIZES | TEXT | {"eos_token_id": eos},
            vision_config=SIZES | VISION,
            projection_dim=16,
            initializer_factor=3.0,
        )
        CLIPModel(config).save_pretrained(folder)
        for name in FILES:
            shutil.copy(tokenizer_files / name, folder / name)
        return folder

    return make


@pytest.fixture(scope="session")
def checkpoint(make_checkpoint, tmp_path_factory) -> Path:
    """A checkpoint as OpenAI's are, with the wrong id of the last token; read only."""
    return make_checkpoint(tmp_path_factory.mktemp("checkpoint") / "tiny-clip", eos=2)


@pytest.fixture(scope="session")
def model_folder(checkpoint, tmp_path_factory) -> Path:
    """The checkpoint exported in fp32; read only."""
    from export.convert import convert

    out = tmp_path_factory.mktemp("models") / "tiny"
    convert(str(checkpoint), out, samples=40)
    return out
