"""Checkpoints of OpenCLIP: the engine's own path against `open_clip` with its own processors."""

import importlib.util
import json

import numpy as np
import pytest

from engine.encoder.pixels import prepare
from engine.encoder.tokens import TextTokenizer
from engine.sample import recipes, render
from export.errors import ExportError
from export.sources.open_clip import OpenClipSource, recognise

TEXTS = [
    "a red dress on the grass",
    "",
    "Two DOGS, and a cat's 42 toys!?",
    "crème brûlée 🍮 一张照片",
    "don\u2019t \u201cquote\u201d the \ufb01sh_and   chips",
    "very " * 50 + "long",
]
SIZES = ((448, 301), (300, 447), (500, 224), (224, 224), (53, 640))


@pytest.fixture(scope="module")
def vs_open_clip():
    torch = pytest.importorskip("torch", reason="exporting needs requirements-export.txt")
    torch.set_num_threads(2)
    for package in ("open_clip", "torchvision"):
        if importlib.util.find_spec(package) is None:
            pytest.skip("OpenCLIP needs requirements-openclip.txt")
    from vs_torchvision import load_torchvision

    load_torchvision()
    import vs_open_clip

    return vs_open_clip


@pytest.fixture(scope="module")
def pictures():
    drawn = [render(recipe) for recipe in recipes(len(SIZES), seed=3)]
    return [image.resize(size) for image, size in zip(drawn, SIZES, strict=True)]


def exported(folder, out):
    out.mkdir()
    source = OpenClipSource(str(folder))
    return source, source.write(out, lambda message: None)


def encode(out, spec, texts, pictures):
    """As the engine does: every text and picture alone."""
    import onnxruntime as ort

    tokenizer = TextTokenizer(out / "tokenizer.json", spec.tokens, spec.text.inputs)
    session = ort.InferenceSession(out / "text.onnx")
    rows = [session.run(["text_embeds"], {"input_ids": tokenizer([text])[0]})[0] for text in texts]
    session = ort.InferenceSession(out / "vision.onnx")
    pixels = [prepare(picture, spec.pixels)[None] for picture in pictures]
    images = [session.run(["image_embeds"], {"pixel_values": each})[0] for each in pixels]
    return np.concatenate(rows), np.concatenate(images)


@pytest.mark.parametrize(
    ("kind", "padding", "patches"),
    [
        ("CLIP", "longest", (3, 3)),
        ("CLIP with quick GELU", "longest", (3, 3)),
        ("ResNet", "longest", None),
        ("average of the patches", "longest", (3, 3)),
        ("text tower of its own", "longest", (3, 3)),
        ("SigLIP", "max_length", None),
        ("CLIPA", "max_length", (3, 3)),
        ("BERT", "longest", (3, 3)),
        ("CoCa", "max_length", None),
    ],
)
def test_every_kind_is_embedded_as_by_open_clip(
    vs_open_clip, tmp_path, pictures, kind, padding, patches
):
    folder = vs_open_clip.make_open_clip(tmp_path / "tiny", kind)
    assert recognise(str(folder))
    source, spec = exported(folder, tmp_path / "out")
    texts, images = encode(tmp_path / "out", spec, TEXTS, pictures)
    reference = source.reference()
    assert np.abs(texts - reference.texts(TEXTS)).max() < 1e-4
    assert np.abs(images - reference.images(pictures)).max() < 1e-4
    assert min((texts @ texts.T).min(), (images @ images.T).min()) < 0.9  # rows do differ
    assert spec.dim == vs_open_clip.DIM
    assert spec.text.inputs == ("input_ids",)
    assert (spec.tokens.padding, spec.tokens.context_length) == (padding, vs_open_clip.CONTEXT)
    assert spec.patches is None or (spec.patches.rows, spec.patches.columns) == patches
    assert (spec.patches is None) == (patches is None)
    assert (tmp_path / "out" / "patches.onnx").exists() == (patches is not None)


@pytest.mark.parametrize(
    "settings", [{"resize_mode": "squash"}, {"interpolation": "bilinear"}, {"mean": [0.5] * 3}]
)
def test_pictures_are_prepared_as_the_settings_say(vs_open_clip, tmp_path, pictures, settings):
    source, spec = exported(
        vs_open_clip.make_open_clip(tmp_path / "tiny", **settings), tmp_path / "out"
    )
    _, images = encode(tmp_path / "out", spec, [""], pictures)
    assert np.abs(images - source.reference().images(pictures)).max() < 1e-4


def test_a_source_is_known_by_name_digest_and_licence(vs_open_clip, tmp_path):
    found = OpenClipSource(str(vs_open_clip.make_open_clip(tmp_path / "tiny"))).provenance
    assert (found.source, len(found.revision)) == ("tiny", 12)
    assert found.licence == {"code": "MIT", "weights": "apache-2.0"}


def test_settings_that_would_run_the_source_s_code_are_refused(vs_open_clip, tmp_path):
    folder = vs_open_clip.make_open_clip(tmp_path / "tiny", "BERT")
    path = folder / "open_clip_config.json"
    settings = json.loads(path.read_text())
    settings["model_cfg"]["text_cfg"]["tokenizer_kwargs"] = {"trust_remote_code": True}
    path.write_text(json.dumps(settings))
    with pytest.raises(ExportError, match=r"open_clip_config\.json: .*'trust_remote_code'"):
        OpenClipSource(str(folder))


def test_a_known_architecture_takes_a_file_of_weights(vs_open_clip, tmp_path, pictures):
    """As `open_clip`'s own training leaves one."""
    import open_clip
    import torch

    folder = vs_open_clip.make_open_clip(tmp_path / "tiny")
    config = json.loads((folder / "open_clip_config.json").read_text())["model_cfg"]
    (tmp_path / "Tiny-48.json").write_text(json.dumps(config))
    open_clip.add_model_config(tmp_path / "Tiny-48.json")
    model = open_clip.create_model(f"local-dir:{folder}")
    weights = {f"module.{name}": value for name, value in model.state_dict().items()}
    torch.save({"epoch": 1, "state_dict": weights}, tmp_path / "epoch_1.pt")
    source = OpenClipSource(f"open_clip:Tiny-48/{tmp_path}/epoch_1.pt")
    assert source.provenance.source == "Tiny-48/epoch_1.pt"
    (tmp_path / "out").mkdir()
    spec = source.write(tmp_path / "out", lambda message: None)
    texts, _ = encode(tmp_path / "out", spec, TEXTS, pictures[:1])
    with torch.inference_mode():
        expected = model.eval().encode_text(open_clip.get_tokenizer("Tiny-48")(TEXTS), True)
    assert np.abs(texts - expected.numpy()).max() < 1e-4


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("open_clip:ViT-B-99/openai", "has no model 'ViT-B-99'"),
        ("open_clip:ViT-B-32/nobody", "its tags are: openai, "),
    ],
)
def test_unknown_names_are_refused(vs_open_clip, source, message):
    with pytest.raises(ExportError, match=message):
        OpenClipSource(source)


def test_a_hub_id_out_of_reach_says_what_is_needed(vs_open_clip, monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(
        ExportError, match=r"open_clip_config\.json.*into a folder and give its path"
    ):
        OpenClipSource("hf-hub:nobody/no-such-clip")


def test_missing_weights_are_named(vs_open_clip, tmp_path):
    folder = vs_open_clip.make_open_clip(tmp_path / "tiny")
    (folder / "open_clip_model.safetensors").unlink()
    with pytest.raises(ExportError, match=r"missing.*open_clip_model\.safetensors"):
        OpenClipSource(str(folder))


def test_damaged_weights_are_named(vs_open_clip, tmp_path):
    folder = vs_open_clip.make_open_clip(tmp_path / "tiny")
    (folder / "open_clip_model.safetensors").write_bytes(b"no weights")
    with pytest.raises(ExportError, match="tiny: cannot be loaded"):
        exported(folder, tmp_path / "out")


@pytest.mark.parametrize(
    "text",
    [
        "A  DOG\t\n!",
        "it's 42's we'll... don`t!!!???",
        "na\u00efve cafe\u0301 \u0130stanbul",
        "\u201cquoted\u201d \u2018fi\u2019 \ufb01sh",
        "\u4f60\u597d \u0928\u092e\u0938\u094d\u0924\u0947 \u0663\u0664",
        "\U0001f44d\U0001f3fd a\u200db \u00a0\u00bd\u2122",
        "<end_of_text> a_b-c/d\\e <|endoftext|>",
        "x" * 300,
    ],
)
def test_awkward_texts_get_the_same_ids(simple, text):
    tokenizer, built = simple
    ids = built.encode(text).ids
    padding = [0] * (tokenizer.context_length - len(ids))
    assert tokenizer([text])[0].tolist() == ids + padding


@pytest.fixture(scope="module")
def simple(vs_open_clip):
    """OpenCLIP's own tokenizer, and its form as tokenizer.json."""
    import open_clip
    from tokenizers import Tokenizer

    from export.sources.open_clip_tokenizer import convert

    tokenizer = open_clip.SimpleTokenizer()
    built = Tokenizer.from_str(json.dumps(convert(tokenizer).content))
    built.enable_truncation(tokenizer.context_length)
    return tokenizer, built


def test_a_tokenizer_that_cannot_be_followed_is_refused(vs_open_clip):
    import open_clip

    from export.sources.open_clip_tokenizer import convert

    tokenizer = open_clip.SimpleTokenizer()
    tokenizer.encode = lambda text: [320]
    with pytest.raises(ExportError, match="gives other ids for ''"):
        convert(tokenizer)
    tokenizer = open_clip.SimpleTokenizer()
    tokenizer.clean_fn = str.upper
    with pytest.raises(ExportError, match=r"field 'clean' is .*upper"):
        convert(tokenizer)


def test_without_open_clip_it_says_what_to_install(monkeypatch, tmp_path):
    find = importlib.util.find_spec
    hidden = lambda name, *more: None if name == "open_clip" else find(name, *more)  # noqa: E731
    monkeypatch.setattr("importlib.util.find_spec", hidden)
    with pytest.raises(ExportError, match=r"pip install -r requirements-openclip\.txt"):
        OpenClipSource("open_clip:ViT-B-32/openai")


def test_a_folder_that_transformers_can_read_is_left_to_it(tmp_path):
    (tmp_path / "open_clip_config.json").write_text("{}")
    assert recognise(str(tmp_path))
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "model.safetensors").write_bytes(b"")
    assert not recognise(str(tmp_path))


def test_other_sources_are_not_taken(tmp_path):
    assert not recognise(str(tmp_path))
    assert not recognise("openai/clip-vit-base-patch32")
