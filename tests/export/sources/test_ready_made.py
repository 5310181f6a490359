"""Folders of ready-made ONNX towers, through the source and onnxruntime, without PyTorch."""

import json
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image

onnx = pytest.importorskip("onnx", reason="exporting needs requirements-export.txt")
ort = pytest.importorskip("onnxruntime")

from vs_ready_made import (  # noqa: E402
    CONTEXT,
    SIDE,
    immich_folder,
    transformers_js_folder,
    write_json,
)

from engine.encoder.pixels import prepare  # noqa: E402
from engine.encoder.tokens import TextTokenizer  # noqa: E402
from export.errors import ExportError  # noqa: E402
from export.sources.ready_made import ReadyMadeSource, recognise  # noqa: E402

TEXTS = ["a dog", "a red cat and shoes"]


def written(source, out):
    out.mkdir()
    return ReadyMadeSource(str(source)).write(out, lambda message: None)


def encode_texts(out, spec, texts):
    tokenizer = TextTokenizer(out / "tokenizer.json", spec.tokens, spec.text.inputs)
    session = ort.InferenceSession(out / "text.onnx")
    rows = [_run(session, spec.text, tokenizer([text])) for text in texts]
    return np.concatenate(rows)


def encode_images(out, spec, images):
    session = ort.InferenceSession(out / "vision.onnx")
    rows = [_run(session, spec.vision, [prepare(image, spec.pixels)[None]]) for image in images]
    return np.concatenate(rows)


def _run(session, graph, values):
    (rows,) = session.run([graph.output], dict(zip(graph.inputs, values, strict=True)))
    return rows


@pytest.fixture
def picture():
    noise = np.random.default_rng(0).integers(0, 256, (40, 60, 3), np.uint8)
    return Image.fromarray(noise)


@pytest.mark.parametrize("place", ["onnx", "."])
def test_transformers_js_gives_rules_and_unit_rows(tmp_path, picture, place):
    folder = transformers_js_folder(tmp_path / "clip", place)
    assert recognise(str(folder))
    spec = written(folder, tmp_path / "out")
    assert (spec.dim, spec.vision.inputs, spec.vision.batch) == (16, ("pixel_values",), None)
    assert spec.text.inputs == ("input_ids", "attention_mask")
    assert (spec.pixels.width, spec.pixels.resize, spec.pixels.mean) == (
        SIDE,
        "crop",
        (0.5, 0.4, 0.3),
    )
    assert (spec.tokens.context_length, spec.tokens.pad_id) == (CONTEXT, 0)
    rows = np.concatenate(
        [
            encode_texts(tmp_path / "out", spec, TEXTS),
            encode_images(tmp_path / "out", spec, [picture]),
        ]
    )
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-6)


def test_a_source_is_known_by_name_digest_and_licence(tmp_path):
    folder = transformers_js_folder(tmp_path / "clip")
    (folder / "README.md").write_text("---\nlicense: mit\n---\nA model.\n")
    source = ReadyMadeSource(str(folder))
    assert source.provenance.source == "clip"
    assert source.provenance.licence["weights"] == "mit"
    assert source.reference() is None
    (folder / "onnx" / "text_model.onnx").unlink()
    other = transformers_js_folder(folder, text={"vocabulary": 51})
    assert ReadyMadeSource(str(other)).provenance.revision != source.provenance.revision


@pytest.mark.parametrize(("masked", "padding"), [(True, "longest"), (False, "max_length")])
def test_texts_are_padded_in_full_only_where_that_matters(tmp_path, masked, padding):
    folder = transformers_js_folder(tmp_path / "clip", text={"masked": masked})
    assert written(folder, tmp_path / "out").tokens.padding == padding


def test_a_graph_of_one_length_is_padded_to_it(tmp_path):
    folder = transformers_js_folder(tmp_path / "clip", text={"length": 9})
    tokens = written(folder, tmp_path / "out").tokens
    assert (tokens.padding, tokens.context_length) == ("max_length", 9)


def test_what_is_pooled_is_the_row_where_nothing_is_projected(tmp_path):
    names = {"vision": {"names": ("pixel_values", "pooler_output"), "said": False}}
    folder = transformers_js_folder(
        tmp_path / "siglip", text={"names": ("input_ids", "pooler_output")}, **names
    )
    spec = written(folder, tmp_path / "out")
    assert (spec.vision.output, spec.text.output) == ("image_embeds", "text_embeds")
    assert spec.pixels.height == SIDE  # the graph does not say


def test_sizes_that_the_config_leaves_out_are_found_elsewhere(tmp_path):
    folder = transformers_js_folder(
        tmp_path / "clip", vision={"said": False}, text_config={}, vision_config={}
    )
    write_json(folder / "tokenizer_config.json", {"pad_token": "[pad]", "model_max_length": 10})
    spec = written(folder, tmp_path / "out")
    assert (spec.pixels.width, spec.tokens.context_length) == (SIDE, 10)


def test_a_context_that_nobody_tells_is_refused(tmp_path):
    folder = transformers_js_folder(tmp_path / "clip", text_config={})
    with pytest.raises(ExportError, match="max_position_embeddings' is missing"):
        written(folder, tmp_path / "out")


def test_other_precisions_alone_are_refused_with_the_file_that_is_wanted(tmp_path):
    folder = transformers_js_folder(tmp_path / "clip")
    text = folder / "onnx" / "text_model.onnx"
    text.rename(text.with_name("text_model_quantized.onnx"))
    assert recognise(str(folder))
    with pytest.raises(ExportError, match=r"missing: text_model\.onnx; found: .*_quantized\.onnx"):
        ReadyMadeSource(str(folder))


def test_immich_gives_rules_and_unit_rows(tmp_path, picture):
    folder = immich_folder(tmp_path / "ViT-B-32__openai")
    assert recognise(str(folder))
    spec = written(folder, tmp_path / "out")
    assert (spec.vision.batch, spec.text.batch, spec.text.inputs) == (1, 1, ("input_ids",))
    assert (spec.tokens.padding, spec.tokens.context_length) == ("max_length", CONTEXT)
    assert spec.pixels.crop_rounding == "half_even"
    ids = np.array([[3, 4, 2] + [0] * (CONTEXT - 3)], np.int32)  # a dog, the end, padding
    original = ort.InferenceSession(folder / "textual" / "model.onnx")
    (expected,) = original.run(["embedding"], {"text": ids})
    assert np.abs(encode_texts(tmp_path / "out", spec, ["a dog"]) - expected).max() < 1e-5
    original = ort.InferenceSession(folder / "visual" / "model.onnx")
    (expected,) = original.run(["embedding"], {"image": prepare(picture, spec.pixels)[None]})
    assert np.abs(encode_images(tmp_path / "out", spec, [picture]) - expected).max() < 1e-5


def test_a_multilingual_tower_with_a_mask_is_taken_too(tmp_path):
    text = {"names": ("input_ids", "embedding"), "masked": True}
    spec = written(immich_folder(tmp_path / "M-CLIP", **text), tmp_path / "out")
    assert spec.text.inputs == ("input_ids", "attention_mask")


@pytest.mark.parametrize(
    ("clean", "text", "tokens"),
    [
        ("canonicalize", "A red_DOG's  shoes!...", ["a", "red", "[unk]", "shoes"]),
        ("lower", "A red_DOG's  shoes!", ["a", "[unk]", "'", "s", "shoes", "!"]),
        (None, "A dog !", ["[unk]", "dog", "!"]),
    ],
)
def test_the_tokenizer_cleans_texts_as_openclip_does(tmp_path, clean, text, tokens):
    from tokenizers import Tokenizer

    written(immich_folder(tmp_path / "siglip", clean), tmp_path / "out")
    tokenizer = Tokenizer.from_file(str(tmp_path / "out" / "tokenizer.json"))
    assert tokenizer.encode(text).tokens == [*tokens, "[end]"]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"size": [64, 64]}, "field 'size' is 64 x 64, but visual/model.onnx takes 32 x 32"),
        ({"resize_mode": "longest"}, "field 'fill_color' is 0"),
        ({"interpolation": "area"}, "field 'interpolation' is 'area'"),
        ({"size": "large"}, "field 'size' is 'large'"),
        ({"mean": [0.5]}, r"field 'mean' is \[0.5\]"),
    ],
)
def test_settings_that_the_engine_cannot_follow_are_named(tmp_path, settings, message):
    folder = immich_folder(tmp_path / "model")
    path = folder / "visual" / "preprocess_cfg.json"
    write_json(path, json.loads(path.read_text()) | settings)
    with pytest.raises(ExportError, match=f"preprocess_cfg.json: {message}"):
        written(folder, tmp_path / "out")


@pytest.mark.parametrize(
    "name", ["textual/tokenizer.json", "textual/model.onnx", "visual/preprocess_cfg.json"]
)
def test_a_missing_file_is_named(tmp_path, name):
    folder = immich_folder(tmp_path / "model")
    (folder / name).unlink()
    with pytest.raises(ExportError, match=f"missing: {name}"):
        written(folder, tmp_path / "out")


def test_towers_of_different_models_are_refused(tmp_path):
    folder = transformers_js_folder(tmp_path / "clip", vision={"dim": 24})
    with pytest.raises(ExportError, match=r"text_model.onnx: gives rows of 16 numbers, .* of 24"):
        written(folder, tmp_path / "out")


def test_a_damaged_graph_is_named(tmp_path):
    folder = transformers_js_folder(tmp_path / "clip")
    path = folder / "onnx" / "vision_model.onnx"
    path.write_bytes(path.read_bytes()[:300])
    with pytest.raises(ExportError, match=r"vision_model\.onnx: damaged"):
        ReadyMadeSource(str(folder))


def test_a_damaged_tokenizer_is_named(tmp_path):
    folder = transformers_js_folder(tmp_path / "clip")
    write_json(folder / "tokenizer.json", {"added_tokens": [{"content": "[pad]", "id": 0}]})
    with pytest.raises(ExportError, match=r"tokenizer\.json: not a tokenizer"):
        written(folder, tmp_path / "out")


def test_other_folders_are_not_taken(tmp_path):
    assert not recognise(str(tmp_path))
    assert not recognise("somebody/some-clip")


def test_a_checkpoint_beside_the_graphs_goes_first_where_torch_is(tmp_path, monkeypatch):
    folder = transformers_js_folder(tmp_path / "clip")
    (folder / "model.safetensors").write_bytes(b"weights")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: object())
    assert not recognise(str(folder))
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert recognise(str(folder))


def test_no_pytorch_is_needed(tmp_path, project):
    folder = transformers_js_folder(tmp_path / "clip")
    (tmp_path / "out").mkdir()
    script = f"""
import sys
from pathlib import Path
from export.sources import open_source
source = open_source({str(folder)!r})
source.write(Path({str(tmp_path / "out")!r}), print)
print(sorted({{"torch", "transformers", "optimum", "open_clip"}} & sys.modules.keys()))
"""
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=project, capture_output=True, text=True, check=False
    )
    assert done.stdout.splitlines()[-1:] == ["[]"], done.stderr
    assert (tmp_path / "out" / "vision.onnx").is_file()


def test_a_real_clip_in_this_layout_is_embedded_as_by_transformers(tmp_path, picture):
    torch = pytest.importorskip("torch", reason="exporting needs requirements-export.txt")
    pytest.importorskip("transformers", reason="exporting needs requirements-export.txt")
    from transformers import AutoTokenizer, CLIPImageProcessor, CLIPModel
    from vs_checkpoints import make_checkpoint

    folder = make_checkpoint("clip", tmp_path / "clip")
    model = CLIPModel.from_pretrained(folder, attn_implementation="eager").eval()
    _export_as_optimum_does(torch, model, folder)
    (folder / "model.safetensors").unlink()
    assert recognise(str(folder))
    spec = written(folder, tmp_path / "out")
    assert spec.tokens.padding == "longest"
    texts = ["a red dress", "two dogs and a cat", "crème brûlée !"]
    tokens = AutoTokenizer.from_pretrained(folder)(texts, padding=True, return_tensors="pt")
    pixels = CLIPImageProcessor.from_pretrained(folder)(picture, return_tensors="pt")
    with torch.inference_mode():
        expected = model(**tokens, **pixels)
    found = encode_texts(tmp_path / "out", spec, texts)
    assert np.abs(found - expected.text_embeds.numpy()).max() < 1e-4
    found = encode_images(tmp_path / "out", spec, [picture])
    assert np.abs(found - expected.image_embeds.numpy()).max() < 1e-4


def _export_as_optimum_does(torch, model, folder):
    """Projected rows that are not of unit length, and the hidden states."""
    from export.graphs.trace import trace

    class Text(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.clip = model

        def forward(self, input_ids, attention_mask):
            out = self.clip.text_model(input_ids, attention_mask)
            return self.clip.text_projection(out.pooler_output), out.last_hidden_state

    class Vision(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.clip = model

        def forward(self, pixel_values):
            out = self.clip.vision_model(pixel_values)
            return self.clip.visual_projection(out.pooler_output), out.last_hidden_state

    (folder / "onnx").mkdir()
    axes = {0: "batch", 1: "length"}
    ids = torch.randint(0, 20, (2, 9))
    trace(
        Text(),
        {"input_ids": axes, "attention_mask": axes},
        ("text_embeds", "last_hidden_state"),
        (ids, torch.ones_like(ids)),
        folder / "onnx" / "text_model.onnx",
    )
    side = model.config.vision_config.image_size
    trace(
        Vision(),
        {"pixel_values": {0: "batch"}},
        ("image_embeds", "last_hidden_state"),
        (torch.randn(2, 3, side, side),),
        folder / "onnx" / "vision_model.onnx",
    )
