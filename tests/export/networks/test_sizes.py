import json
from dataclasses import replace

import pytest

from export.errors import ExportError
from export.networks.sizes import Sizes, TextSizes, VisionSizes, as_config, read_sizes

SIZES = Sizes(
    dim=24,
    vision=VisionSizes(
        image_size=32, stem=8, stages=((1, 4, 1, 1), (2, 6, 2, 2)), last=12, groups=("last_max",)
    ),
    text=TextSizes(context_length=16, vocabulary=40, width=12, heads=3, layers=2, states=(0, 2)),
)


def config(**changes) -> dict:
    """What a config.json file would give; `vision__last=0` changes `last` in `vision`."""
    found = json.loads(json.dumps(as_config(SIZES)))
    for name, value in changes.items():
        *section, field = name.split("__")
        (found[section[0]] if section else found)[field] = value
    return found


def test_sizes_come_back_from_json():
    assert read_sizes(config()) == SIZES
    assert read_sizes(config(vision__groups=["level_std"])) == replace(
        SIZES, vision=replace(SIZES.vision, groups=("level_std",))
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("dim", None),
        ("dim", 2.5),
        ("image_size", "224"),
        ("context_length", 0),
        ("vision", None),
        ("text", [3]),
        ("vision__last", -1),
        ("vision__stages", []),
        ("vision__stages", [[1, 4, 1]]),
        ("vision__stages", [[1, 4, 1, "2"]]),
        ("vision__stages", 3),
        ("vision__groups", ["level_colour"]),
        ("text__heads", 5),
        ("text__layers", True),
        ("text__states", [0, 3]),
        ("text__states", "02"),
    ],
)
def test_what_cannot_be_is_refused_by_name(field, value):
    with pytest.raises(ExportError, match=f"field '{field.replace('__', '.')}'"):
        read_sizes(config(**{field: value}))


def test_a_missing_size_is_refused_by_name():
    found = config()
    del found["text"]["width"]
    with pytest.raises(ExportError, match=r"'text\.width' is None"):
        read_sizes(found)
