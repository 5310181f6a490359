import json

import pytest

from export.errors import ExportError
from export.rules import bare_tokenizer, pixel_rules, text_rules

OPENAI = {
    "crop_size": 224,
    "do_center_crop": True,
    "do_normalize": True,
    "do_resize": True,
    "image_mean": [0.48145466, 0.4578275, 0.40821073],
    "image_std": [0.26862954, 0.26130258, 0.27577711],
    "resample": 3,
    "size": 224,
}
SQUARE = {"height": 224, "width": 224}
TOKENIZER = {
    "truncation": {"max_length": 5},
    "padding": {"pad_id": 3},
    "added_tokens": [{"id": 7, "content": "<end>"}],
    "model": {"vocab": {"a": 0, "é": 1}},
}


def test_openais_file_is_read():
    rules = pixel_rules(OPENAI, 224)
    assert (rules.width, rules.height, rules.resize) == (224, 224, "crop")
    assert rules.interpolation == "bicubic"
    assert rules.mean == (0.48145466, 0.4578275, 0.40821073)
    assert rules.std == (0.26862954, 0.26130258, 0.27577711)


@pytest.mark.parametrize(
    ("changes", "resize"),
    [
        ({"size": {"shortest_edge": 224}, "crop_size": SQUARE}, "crop"),
        ({"size": SQUARE, "crop_size": SQUARE}, "squash"),
        ({"size": SQUARE, "do_center_crop": False}, "squash"),
    ],
)
def test_sizes_may_be_objects(changes, resize):
    assert pixel_rules(OPENAI | changes, 224).resize == resize


@pytest.mark.parametrize(
    ("code", "name"), [(0, "nearest"), (1, "lanczos"), (2, "bilinear"), (3, "bicubic")]
)
def test_resampling_codes_are_pillows(code, name):
    assert pixel_rules(OPENAI | {"resample": code}, 224).interpolation == name


def test_pictures_that_are_not_normalised_keep_their_values():
    rules = pixel_rules(OPENAI | {"do_normalize": False}, 224)
    assert (rules.mean, rules.std) == ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"do_resize": False}, "do_resize"),
        ({"do_rescale": False}, "do_rescale"),
        ({"rescale_factor": 1 / 127.5}, "rescale_factor"),
        ({"resample": 4}, "resample"),
        ({"size": 256}, "size"),
        ({"size": {"shortest_edge": 224}, "do_center_crop": False}, "size"),
        ({"size": {"longest_edge": 224}}, "size"),
        ({"crop_size": 336, "size": 336}, "crop_size"),
        ({"image_mean": None}, "image_mean"),
        ({"image_std": [1.0]}, "image_std"),
    ],
)
def test_what_the_engine_cannot_do_is_refused_by_field(changes, field):
    with pytest.raises(ExportError, match=rf"preprocessor_config\.json: field '{field}'"):
        pixel_rules(OPENAI | changes, 224)


@pytest.mark.parametrize("token", ["<end>", {"content": "<end>", "special": True}])
def test_text_rules(token):
    rules = text_rules(TOKENIZER, {"pad_token": token}, 77)
    assert (rules.context_length, rules.padding, rules.pad_id) == (77, "longest", 7)
    assert (rules.lowercase, rules.prompt) == (False, "{}")


def test_the_padding_token_may_be_an_ordinary_one():
    assert text_rules(TOKENIZER, {"pad_token": "a"}, 77).pad_id == 0


@pytest.mark.parametrize("config", [{}, {"pad_token": "<none>"}])
def test_a_padding_token_without_id_is_refused(config):
    with pytest.raises(ExportError, match="pad_token"):
        text_rules(TOKENIZER, config, 77)


def test_the_tokenizer_neither_pads_nor_cuts():
    bare = json.loads(bare_tokenizer(TOKENIZER))
    assert (bare["padding"], bare["truncation"]) == (None, None)
    assert bare["model"] == TOKENIZER["model"]
    assert TOKENIZER["padding"] == {"pad_id": 3}
