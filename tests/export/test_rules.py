import json

import pytest
from tokenizers import Tokenizer, models, normalizers

from export.errors import ExportError
from export.rules import bare_tokenizer, centre_crop, pixel_rules, text_rules

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
    "model": {"type": "WordLevel", "vocab": {"a": 0, "é": 1}},
}


def processor(kind: str, **settings) -> dict:
    """A preprocessor_config.json without a crop, as most processors but CLIP's have it."""
    plain = {name: value for name, value in OPENAI.items() if "crop" not in name}
    return {**plain, "image_processor_type": f"{kind}ImageProcessor", **settings}


def test_openais_file_is_read():
    rules = pixel_rules(OPENAI, 224)
    assert (rules.width, rules.height, rules.resize, rules.edge) == (224, 224, "crop", None)
    assert (rules.interpolation, rules.crop_rounding) == ("bicubic", "down")
    assert rules.mean == (0.48145466, 0.4578275, 0.40821073)
    assert rules.std == (0.26862954, 0.26130258, 0.27577711)


@pytest.mark.parametrize(
    ("changes", "resize", "edge"),
    [
        ({"size": {"shortest_edge": 224}, "crop_size": SQUARE}, "crop", None),
        ({"size": {"shortest_edge": 256}, "crop_size": SQUARE}, "crop", 256),
        ({"size": 256}, "crop", 256),
        ({"size": SQUARE, "crop_size": SQUARE}, "squash", None),
        ({"size": SQUARE, "do_center_crop": False}, "squash", None),
    ],
)
def test_sizes_may_be_objects(changes, resize, edge):
    rules = pixel_rules(OPENAI | changes, 224)
    assert (rules.resize, rules.edge) == (resize, edge)


@pytest.mark.parametrize("kind", ["Siglip", "ViT", "Blip", "EfficientNet", "DeiT"])
@pytest.mark.parametrize("size", [224, SQUARE])
def test_other_processors_squash(kind, size):
    rules = pixel_rules(processor(kind, size=size), 224)
    assert (rules.resize, rules.width, rules.height) == ("squash", 224, 224)


def test_old_names_of_processors_are_known():
    config = processor("CLIP", size=SQUARE)
    config["feature_extractor_type"] = "ViTFeatureExtractor"
    del config["image_processor_type"]
    assert pixel_rules(config, 224).resize == "squash"
    fast = config | {"image_processor_type": "SiglipImageProcessorFast"}
    assert pixel_rules(fast, 224).resize == "squash"


def test_pictures_need_not_be_square():
    size = {"height": 96, "width": 224}
    rules = pixel_rules(processor("Siglip", size=size), (96, 224))
    assert (rules.height, rules.width) == (96, 224)


def test_the_square_grid_of_a_processor_for_any_shape():
    config = processor("Siglip2", patch_size=16, max_num_patches=256)
    rules = pixel_rules(config, 256)
    assert (rules.resize, rules.width, rules.height) == ("squash", 256, 256)


@pytest.mark.parametrize(("edge", "resize", "scaled"), [(224, "crop", 256), (384, "squash", None)])
def test_convnext_cuts_small_pictures_only(edge, resize, scaled):
    config = processor("ConvNext", size={"shortest_edge": edge}, crop_pct=0.875)
    rules = pixel_rules(config, edge)
    assert (rules.resize, rules.edge, rules.width) == (resize, scaled, edge)


def test_a_cut_after_a_squash_is_left_to_the_graph():
    config = processor("EfficientNet", size={"height": 346, "width": 346}, crop_size=289)
    assert centre_crop(config | {"do_center_crop": False}) is None
    assert centre_crop(config | {"do_center_crop": True}) == (289, 289)
    assert pixel_rules(config, 346).width == 346
    with pytest.raises(ExportError, match="'crop_size' is 289: the vision tower takes 289 x 289"):
        pixel_rules(config, 289)


@pytest.mark.parametrize(
    ("code", "name"), [(0, "nearest"), (1, "lanczos"), (2, "bilinear"), (3, "bicubic")]
)
def test_resampling_codes_are_pillows(code, name):
    assert pixel_rules(OPENAI | {"resample": code}, 224).interpolation == name


def test_pictures_that_are_not_normalised_keep_their_values():
    rules = pixel_rules(OPENAI | {"do_normalize": False}, 224)
    assert (rules.mean, rules.std) == ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0))


@pytest.mark.parametrize("include_top", [False, True])
@pytest.mark.parametrize("normalise", [False, True])
def test_other_scales_are_folded_into_mean_and_deviation(normalise, include_top):
    mean, std = OPENAI["image_mean"], OPENAI["image_std"]
    config = OPENAI | {
        "rescale_factor": 1 / 127.5,
        "rescale_offset": True,
        "do_normalize": normalise,
        "include_top": include_top,
    }
    rules = pixel_rules(config, 224)
    for channel in range(3):
        expected = 200 / 127.5 - 1
        expected = (expected - mean[channel]) / std[channel] if normalise else expected
        expected = expected / std[channel] if include_top else expected
        found = (200 / 255 - rules.mean[channel]) / rules.std[channel]
        assert found == pytest.approx(expected)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"do_resize": False}, "do_resize"),
        ({"do_rescale": False}, "do_rescale"),
        ({"do_pad": True}, "do_pad"),
        ({"do_flip_channel_order": True}, "do_flip_channel_order"),
        ({"rescale_factor": 0}, "rescale_factor"),
        ({"rescale_factor": "1/255"}, "rescale_factor"),
        ({"resample": [3]}, "resample"),
        ({"size": {"shortest_edge": "224"}}, "size"),
        ({"crop_size": {"height": "224", "width": 224}}, "crop_size"),
        ({"image_mean": ["0", "0", "0"]}, "image_mean"),
        ({"image_std": [0.0, 1.0, 1.0]}, "image_std"),
        ({"resample": 4}, "resample"),
        ({"size": None}, "size"),
        ({"size": {"shortest_edge": 224}, "do_center_crop": False}, "size"),
        ({"size": {"longest_edge": 224}}, "size"),
        ({"size": {"height": 336, "width": 336}, "do_center_crop": False}, "size"),
        ({"crop_size": 336, "size": 336}, "crop_size"),
        ({"crop_size": 256}, "crop_size"),
        ({"crop_size": "all"}, "crop_size"),
        ({"image_mean": None}, "image_mean"),
        ({"image_std": [1.0]}, "image_std"),
        ({"image_processor_type": "FuyuImageProcessor"}, "image_processor_type"),
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
    assert text_rules(TOKENIZER, {"pad_token": token}, 64, "max_length").padding == "max_length"


def test_the_padding_token_may_be_an_ordinary_one():
    assert text_rules(TOKENIZER, {"pad_token": "a"}, 77).pad_id == 0
    unigrams = {"model": {"type": "Unigram", "vocab": [["<unk>", 0.0], ["a", -1.0]], "unk_id": 0}}
    assert text_rules(unigrams, {"pad_token": "a"}, 77).pad_id == 1


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("ConvNext", {"crop_pct": 0}),
        ("Siglip2", {"max_num_patches": None}),
        ("Siglip2", {"patch_size": "16"}),
    ],
)
def test_fields_of_one_processor_are_refused_by_name_too(kind, changes):
    config = processor(kind, size={"shortest_edge": 224}, max_num_patches=196, patch_size=16)
    with pytest.raises(ExportError, match=f"field '{next(iter(changes))}'"):
        pixel_rules(config | changes, 224)


@pytest.mark.parametrize("config", [{}, {"pad_token": "<none>"}, {"pad_token": ["a"]}])
def test_a_padding_token_without_id_is_refused(config):
    with pytest.raises(ExportError, match="pad_token"):
        text_rules(TOKENIZER, config, 77)


@pytest.mark.parametrize(("limit", "length"), [(512, 77), (64, 64), (1e30, 77), (None, 77)])
def test_the_shorter_limit_counts(limit, length):
    config = {"pad_token": "a", "model_max_length": limit}
    assert text_rules(TOKENIZER, config, 77).context_length == length


def test_a_limit_that_is_no_number_is_refused():
    with pytest.raises(ExportError, match="'model_max_length' is 'long'"):
        text_rules(TOKENIZER, {"pad_token": "a", "model_max_length": "long"}, 77)


@pytest.mark.parametrize("asked", [False, True])
@pytest.mark.parametrize("done", [False, True])
def test_texts_are_lower_cased_where_that_is_asked_for_and_not_done(asked, done):
    tokenizer = Tokenizer(models.WordLevel({"a": 0}, unk_token="a"))
    tokenizer.normalizer = normalizers.Lowercase() if done else normalizers.NFC()
    config = {"pad_token": "a", "do_lower_case": asked}
    rules = text_rules(json.loads(tokenizer.to_str()), config, 77)
    assert rules.lowercase == (asked and not done)


def test_a_tokenizer_that_is_none_is_refused():
    with pytest.raises(ExportError, match=r"tokenizer\.json: not a tokenizer"):
        text_rules(TOKENIZER, {"pad_token": "a", "do_lower_case": True}, 77)


def test_the_tokenizer_neither_pads_nor_cuts():
    bare = json.loads(bare_tokenizer(TOKENIZER))
    assert (bare["padding"], bare["truncation"]) == (None, None)
    assert bare["model"] == TOKENIZER["model"]
    assert TOKENIZER["padding"] == {"pad_id": 3}
