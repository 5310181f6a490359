import json
import shutil

import numpy as np
import pytest
from PIL import Image

from engine.encoder import load
from engine.sample import recipes, render
from export.errors import ExportError

TEXTS = [
    "a dog",
    "",
    "Two RED shoes, and a cat on a wooden table beside the window",
    "crème brûlée 🍮",
    "very " * 100 + "long",
    "sea",
]
SIZES = ((448, 300), (300, 448), (500, 224), (224, 224), (640, 480))


@pytest.fixture(scope="module")
def encoder(model_folder):
    return load(model_folder, device="cpu", threads=2)


@pytest.fixture(scope="module")
def pictures() -> list[Image.Image]:
    drawn = [render(recipe) for recipe in recipes(len(SIZES), seed=3)]
    return [image.resize(size) for image, size in zip(drawn, SIZES, strict=True)]


@pytest.fixture(scope="module")
def reference(torch, checkpoint):
    """What transformers makes of texts and pictures: two arrays of unit rows."""
    return lambda texts, pictures: run_reference(torch, checkpoint, texts, pictures)


def run_reference(torch, checkpoint, texts, pictures):
    import transformers

    # Version 5 has renamed the pipeline that prepares pictures with Pillow.
    slow = getattr(transformers, "CLIPImageProcessorPil", transformers.CLIPImageProcessor)
    tokenizer = transformers.AutoTokenizer.from_pretrained(checkpoint)
    model = transformers.CLIPModel.from_pretrained(checkpoint).eval()
    inputs = tokenizer(texts, padding=True, truncation=True, return_tensors="pt")
    pixels = slow.from_pretrained(checkpoint)(pictures, return_tensors="pt")
    with torch.inference_mode():
        out = model(**inputs, **pixels)
    return out.text_embeds.numpy(), out.image_embeds.numpy()


def cosines(first, second):
    return (first * second).sum(axis=1)


def test_texts_are_embedded_as_by_transformers(encoder, reference, pictures):
    expected, _ = reference(TEXTS, pictures[:1])
    found = encoder.encode_texts(TEXTS)
    assert cosines(found, expected).min() > 0.99999
    assert (found @ found.T).min() < 0.9  # the model does tell texts apart


def test_a_text_alone_gives_the_same_vector_as_in_a_batch(encoder):
    alone = np.concatenate([encoder.encode_texts([text]) for text in TEXTS])
    assert cosines(alone, encoder.encode_texts(TEXTS)).min() > 0.99999


def test_pictures_are_embedded_as_by_transformers(encoder, reference, pictures):
    _, expected = reference(TEXTS[:1], pictures)
    found = encoder.encode_images(pictures)
    assert cosines(found, expected).min() > 0.999
    assert (found @ found.T).min() < 0.9  # the model does tell pictures apart


def test_the_last_token_is_found_by_its_right_id_too(make_checkpoint, torch, pictures, tmp_path):
    from export.convert import convert

    checkpoint = make_checkpoint(tmp_path / "tiny", eos=49407)
    convert(str(checkpoint), tmp_path / "out", samples=40)
    expected, _ = run_reference(torch, checkpoint, TEXTS, pictures[:1])
    found = load(tmp_path / "out", threads=2).encode_texts(TEXTS)
    assert cosines(found, expected).min() > 0.99999


def test_the_manifest_says_where_the_model_is_from(encoder):
    manifest = encoder.manifest
    assert (manifest.name, manifest.source, manifest.dim) == ("tiny", "tiny-clip", 16)
    assert manifest.vision.precision == manifest.text.precision == "fp32"
    assert manifest.pixels.resize == "crop"
    assert (manifest.tokens.context_length, manifest.tokens.pad_id) == (77, 49407)
    assert manifest.licence == {"code": "see source", "weights": "see source"}
    measured = manifest.measured
    assert min(measured["parity"].values()) >= 0.9999
    assert measured["machine"]
    assert measured["samples"] == {"pictures": 40, "seed": 7}


def test_int8_is_close_and_says_how_close(checkpoint, encoder, pictures, tmp_path):
    from export.convert import convert

    convert(str(checkpoint), tmp_path / "int8", precision="int8", name="small", samples=40)
    small = load(tmp_path / "int8", threads=2)
    assert small.manifest.name == "small"
    assert small.manifest.vision.precision == small.manifest.text.precision == "int8"
    images = cosines(small.encode_images(pictures), encoder.encode_images(pictures))
    texts = cosines(small.encode_texts(TEXTS), encoder.encode_texts(TEXTS))
    assert images.mean() > 0.98
    assert texts.mean() > 0.98
    for loss in small.manifest.measured["quantization"].values():
        assert 0.9 < loss["worst"] <= loss["mean"] < 1


def test_int8_leaves_convolutions_in_float(model_folder, tmp_path):
    import onnx

    from export.quantize import quantize

    quantize(model_folder / "vision.onnx", tmp_path / "vision.onnx")
    kinds = [node.op_type for node in onnx.load(tmp_path / "vision.onnx").graph.node]
    assert "Conv" in kinds
    assert "ConvInteger" not in kinds
    assert "MatMulInteger" in kinds


def test_weights_beyond_one_file_lie_beside_it(checkpoint, encoder, tmp_path, monkeypatch):
    from export.convert import convert

    monkeypatch.setattr("export.onnx.SINGLE_FILE_BYTES", 1000)
    convert(str(checkpoint), tmp_path / "out", precision="int8", samples=40)
    manifest = json.loads((tmp_path / "out" / "model.json").read_text())
    assert manifest["vision"]["data"]["file"] == "vision.onnx.data"
    found = load(tmp_path / "out", threads=2).encode_texts(TEXTS)
    assert cosines(found, encoder.encode_texts(TEXTS)).mean() > 0.98


def test_a_tower_that_computes_something_else_is_refused(checkpoint, tmp_path, monkeypatch):
    from export.convert import convert

    monkeypatch.setattr("export.onnx.LEAST_PARITY", 1.1)
    with pytest.raises(ExportError, match=r"vision\.onnx: cosine"):
        convert(str(checkpoint), tmp_path / "models" / "clip", samples=40)
    assert list((tmp_path / "models").iterdir()) == []


def test_weights_with_holes_are_refused(checkpoint, tmp_path):
    from safetensors.torch import load_file, save_file

    from export.convert import convert

    broken = shutil.copytree(checkpoint, tmp_path / "broken")
    weights = load_file(broken / "model.safetensors")
    del weights["text_projection.weight"]
    save_file(weights, broken / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ExportError, match=r"the weights lack 1 tensors, such as text_projection"):
        convert(str(broken), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_damaged_weights_are_refused(checkpoint, tmp_path):
    from export.convert import convert

    broken = shutil.copytree(checkpoint, tmp_path / "broken")
    (broken / "model.safetensors").write_bytes(b"no weights")
    with pytest.raises(ExportError, match="cannot be loaded"):
        convert(str(broken), tmp_path / "out")
