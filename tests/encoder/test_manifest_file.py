import copy
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vs_tiny import tiny_model

from engine.encoder import ModelError
from engine.encoder.manifest import Manifest, WindowGrid
from engine.encoder.manifest_file import read_manifest, verify_files

VALID: dict[str, Any] = {
    "schema": 1,
    "name": "tiny",
    "source": "drawn up for a test",
    "revision": "1",
    "license": {"code": "MIT"},
    "dim": 8,
    "vision": {
        "file": "vision.onnx",
        "sha256": "aa",
        "precision": "fp32",
        "inputs": ["pixel_values"],
        "output": "image_embeds",
    },
    "text": {
        "file": "text.onnx",
        "sha256": "bb",
        "precision": "fp32",
        "inputs": ["input_ids", "attention_mask"],
        "output": "text_embeds",
    },
    "tokenizer": {"file": "tokenizer.json", "sha256": "cc"},
    "pixels": {
        "width": 32,
        "height": 16,
        "resize": "crop",
        "interpolation": "bicubic",
        "mean": [0.5, 0.4, 0.3],
        "std": [0.2, 0.3, 1],
    },
    "tokens": {
        "context_length": 64,
        "padding": "longest",
        "pad_id": 0,
        "lowercase": True,
        "prompt": "a photo of {}",
    },
    "score": {
        "text": {"scale": 10, "midpoint": 0.25},
        "image": {"scale": 9.5, "midpoint": 0.5},
    },
    "measured": {},
}

OPTIONAL: dict[str, Any] = {
    **VALID,
    "schema": 2,
    "vision": {
        **VALID["vision"],
        "data": {"file": "vision.onnx.data", "sha256": "dd"},
        "batch": 4,
    },
    "pixels": {**VALID["pixels"], "edge": 36, "crop_rounding": "down"},
    "patches": {
        "file": "patches.onnx",
        "sha256": "ee",
        "precision": "fp32",
        "inputs": ["patch_states"],
        "output": "patch_embeds",
        "rows": 2,
        "columns": 3,
    },
    "windows": {"rows": 4, "columns": 5},
}

Place = tuple[str, ...]
JSON_VALUES: tuple[Any, ...] = (None, True, -3, 2.5, "words", [], ["x"], {}, {"x": 1})


def places(fields: dict[str, Any], above: Place = ()) -> Iterator[Place]:
    """Every field that the manifest must have."""
    for name, value in fields.items():
        yield (*above, name)
        if isinstance(value, dict) and name not in ("license", "measured"):
            yield from places(value, (*above, name))


PLACES = list(places(VALID))


def read(folder: Path, fields: Any) -> Manifest:
    (folder / "model.json").write_text(json.dumps(fields), encoding="utf-8")
    return read_manifest(folder)


def holder(fields: dict[str, Any], place: Place) -> dict[str, Any]:
    for name in place[:-1]:
        fields = fields[name]
    return fields


def value_at(place: Place, valid: dict[str, Any] = VALID) -> Any:
    return holder(valid, place)[place[-1]]


def without(place: Place, valid: dict[str, Any] = VALID) -> dict[str, Any]:
    fields = copy.deepcopy(valid)
    del holder(fields, place)[place[-1]]
    return fields


def replaced(place: Place, value: Any, valid: dict[str, Any] = VALID) -> dict[str, Any]:
    fields = copy.deepcopy(valid)
    holder(fields, place)[place[-1]] = value
    return fields


def same_type(value: Any, wanted: Any) -> bool:
    numbers = (int, float)
    if type(wanted) is float or wanted in (10, 9.5):  # scores: whole numbers will do
        return type(value) in numbers
    return type(value) is type(wanted)


WRONG_TYPES = [
    (place, value)
    for place in PLACES
    for value in JSON_VALUES
    if not same_type(value, value_at(place))
]


def refusal(folder: Path, fields: Any) -> str:
    with pytest.raises(ModelError) as caught:
        read(folder, fields)
    return str(caught.value)


def test_every_field_arrives_where_it_belongs(tmp_path: Path) -> None:
    manifest = read(tmp_path, VALID)
    assert (manifest.folder, manifest.name, manifest.dim) == (tmp_path, "tiny", 8)
    assert manifest.vision.inputs == ("pixel_values",)
    assert manifest.text.output == "text_embeds"
    assert manifest.tokenizer.file == "tokenizer.json"
    assert (manifest.pixels.width, manifest.pixels.height) == (32, 16)
    assert manifest.pixels.std == (0.2, 0.3, 1.0)
    assert manifest.tokens.prompt == "a photo of {}"
    assert (manifest.text_score.scale, manifest.image_score.midpoint) == (10.0, 0.5)
    assert manifest.licence == {"code": "MIT"}


def test_the_shipped_manifest_is_read_and_its_files_are_as_described(project: Path) -> None:
    manifest = read_manifest(project / "models" / "default")
    verify_files(manifest)
    assert manifest.dim >= 64
    assert set(manifest.licence) >= {"code", "weights"}


@pytest.mark.parametrize("place", PLACES, ids=".".join)
def test_a_missing_field_is_named(place: Place, tmp_path: Path) -> None:
    message = refusal(tmp_path, without(place))
    assert str(tmp_path / "model.json") in message
    assert f"'{'.'.join(place)}'" in message


@pytest.mark.parametrize(("place", "value"), WRONG_TYPES, ids=str)
def test_a_field_of_the_wrong_type_is_named(place: Place, value: Any, tmp_path: Path) -> None:
    message = refusal(tmp_path, replaced(place, value))
    assert str(tmp_path / "model.json") in message
    assert ".".join(place) in message


@pytest.mark.parametrize(
    ("place", "value", "word"),
    [
        (("schema",), 0, "reads 1 and 2"),
        (("schema",), 3, "reads 1 and 2"),
        (("dim",), 0, "at least 1"),
        (("dim",), -8, "at least 1"),
        (("pixels", "width"), 0, "at least 1"),
        (("pixels", "height"), -1, "at least 1"),
        (("tokens", "context_length"), 0, "at least 1"),
        (("pixels", "resize"), "stretch", "squash, crop, pad"),
        (("pixels", "interpolation"), "cubic", "nearest, bilinear, bicubic, lanczos"),
        (("tokens", "padding"), "none", "longest, max_length"),
        (("tokens", "prompt"), "a photo", "{}"),
        (("vision", "inputs"), [], "1 name"),
        (("text", "inputs"), [], "expected input_ids"),
        (("text", "inputs"), ["attention_mask"], "expected input_ids"),
        (("text", "inputs"), ["input_ids", "input_ids"], "any of: attention_mask, token_type_ids"),
        (("text", "inputs"), ["input_ids", "position_ids"], "any of: attention_mask"),
        (("text", "inputs"), ["input_ids", 3], "list of names"),
        (("pixels", "mean"), [0.5, 0.5], "three numbers"),
        (("pixels", "mean"), [0.5, 0.5, "0.5"], "three numbers"),
        (("pixels", "mean"), [0.5, 0.5, True], "three numbers"),
        (("pixels", "mean"), [0.5, 0.5, float("nan")], "three numbers"),
        (("pixels", "std"), [0.5, 0.5, 0.0], "larger than 0"),
        (("score", "text", "scale"), float("inf"), "finite"),
        (("score", "image", "midpoint"), 10**400, "finite"),
        (("vision", "file"), "../vision.onnx", "name of a file"),
        (("text", "file"), "/etc/passwd", "name of a file"),
        (("tokenizer", "file"), "..", "name of a file"),
        (("tokenizer", "file"), "", "name of a file"),
        (("tokenizer", "file"), "a\0b", "name of a file"),
    ],
    ids=ascii,
)
def test_a_value_without_sense_is_refused_and_quoted(
    place: Place, value: Any, word: str, tmp_path: Path
) -> None:
    message = refusal(tmp_path, replaced(place, value))
    assert ".".join(place) in message
    assert word in message


def test_optional_fields_arrive_where_they_belong(tmp_path: Path) -> None:
    manifest = read(tmp_path, OPTIONAL)
    assert manifest.vision.data is not None
    assert (manifest.vision.data.file, manifest.vision.batch) == ("vision.onnx.data", 4)
    assert (manifest.pixels.edge, manifest.pixels.crop_rounding) == (36, "down")
    assert manifest.patches is not None
    assert manifest.patches.inputs == ("patch_states",)
    assert (manifest.patches.output, manifest.patches.sha256) == ("patch_embeds", "ee")
    assert (manifest.patches.rows, manifest.patches.columns) == (2, 3)
    assert manifest.windows == WindowGrid(rows=4, columns=5)


def test_optional_fields_may_be_absent_or_null(tmp_path: Path) -> None:
    fields = replaced(("patches",), None, OPTIONAL)
    fields["windows"] = None
    fields["vision"] |= {"data": None, "batch": None}
    fields["pixels"] |= {"edge": None, "crop_rounding": None}
    for manifest in (read(tmp_path, fields), read(tmp_path, VALID)):
        assert manifest.patches is None
        assert manifest.windows is None
        assert (manifest.vision.data, manifest.vision.batch) == (None, None)
        assert (manifest.pixels.edge, manifest.pixels.crop_rounding) == (None, "half_even")


@pytest.mark.parametrize(
    "inputs",
    [["input_ids"], ["attention_mask", "input_ids", "token_type_ids"]],
    ids=len,
)
def test_a_text_tower_takes_what_it_names(inputs: list[str], tmp_path: Path) -> None:
    manifest = read(tmp_path, replaced(("text", "inputs"), inputs))
    assert manifest.text.inputs == tuple(inputs)


@pytest.mark.parametrize(
    ("place", "value", "word"),
    [
        (("vision", "batch"), 0, "at least 1"),
        (("vision", "batch"), "4", "expected int"),
        (("vision", "data"), "vision.onnx.data", "expected dict"),
        (("vision", "data", "file"), "../vision.onnx.data", "name of a file"),
        (("pixels", "edge"), 31, "32 x 16"),
        (("pixels", "edge"), 0, "at least 1"),
        (("pixels", "resize"), "squash", "only crop has an edge"),
        (("pixels", "crop_rounding"), "up", "down, half_even"),
        (("patches",), [], "expected dict"),
        (("patches", "inputs"), ["one", "two"], "1 name"),
        (("patches", "rows"), 0, "at least 1"),
        (("patches", "columns"), True, "expected int"),
        (("windows",), [3, 3], "expected dict"),
        (("windows", "rows"), 0, "at least 1"),
        (("windows", "columns"), 2.5, "expected int"),
    ],
    ids=ascii,
)
def test_an_optional_value_without_sense_is_refused_and_quoted(
    place: Place, value: Any, word: str, tmp_path: Path
) -> None:
    message = refusal(tmp_path, replaced(place, value, OPTIONAL))
    assert place[0] in message
    assert word in message


@pytest.mark.parametrize("name", ["rows", "columns"])
def test_a_grid_of_windows_is_described_in_full(name: str, tmp_path: Path) -> None:
    assert f"'windows.{name}'" in refusal(tmp_path, without(("windows", name), OPTIONAL))


@pytest.mark.parametrize("name", ["rows", "columns", "file", "inputs", "output", "precision"])
def test_a_patch_head_is_described_in_full(name: str, tmp_path: Path) -> None:
    assert f"'patches.{name}'" in refusal(tmp_path, without(("patches", name), OPTIONAL))


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff\xfe{}", b"[]", b"null", b"3", b'{"schema": 1', b"[" * 100_000],
    ids=lambda content: ascii(content)[:20],
)
def test_a_file_that_is_no_json_object_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "model.json").write_bytes(content)
    with pytest.raises(ModelError, match=r"model\.json"):
        read_manifest(tmp_path)


def test_a_folder_without_manifest_says_what_belongs_there(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"vision\.onnx, text\.onnx and tokenizer\.json"):
        read_manifest(tmp_path / "nowhere")


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)


@given(place=st.sampled_from(PLACES), value=ANY_JSON)
def test_whatever_a_field_holds_the_only_error_is_a_model_error(
    place: Place, value: Any, tmp_path: Path
) -> None:
    try:
        manifest = read(tmp_path, replaced(place, value))
    except ModelError as error:
        assert place[0] in str(error)
    else:
        assert manifest.dim >= 1


def test_the_fingerprint_follows_what_decides_the_vectors(tmp_path: Path) -> None:
    first = read(tmp_path, VALID).fingerprint
    assert read(tmp_path, replaced(("measured",), {"hit@1": 0.5})).fingerprint == first
    assert read(tmp_path, replaced(("name",), "other")).fingerprint == first
    others = {
        read(tmp_path, replaced(place, value)).fingerprint
        for place, value in [
            (("vision", "sha256"), "ff"),
            (("text", "sha256"), "ff"),
            (("dim",), 9),
            (("pixels", "resize"), "pad"),
            (("pixels", "mean"), [0.5, 0.5, 0.5]),
        ]
    }
    assert len(others | {first}) == 6


def test_the_fingerprints_of_libraries_made_so_far_stay(tmp_path: Path, project: Path) -> None:
    """Libraries are stamped with them: another value would lock their owners out."""
    assert read(tmp_path, VALID).fingerprint == "a507aa839258e1f9"
    assert read(tmp_path, {**VALID, "schema": 2}).fingerprint == "a507aa839258e1f9"


def test_the_fingerprint_follows_the_optional_fields_that_decide_the_vectors(
    tmp_path: Path,
) -> None:
    prints = {
        read(tmp_path, fields).fingerprint
        for fields in (
            VALID,
            OPTIONAL,
            without(("pixels", "edge"), OPTIONAL),
            without(("pixels", "crop_rounding"), OPTIONAL),
            replaced(("vision", "data", "sha256"), "ff", OPTIONAL),
        )
    }
    assert len(prints) == 5
    for place in (("patches",), ("windows",), ("vision", "batch")):
        assert read(tmp_path, without(place, OPTIONAL)).fingerprint in prints


@pytest.fixture
def copied(project: Path, tmp_path: Path) -> Path:
    """A copy of the shipped model that may be damaged."""
    return Path(shutil.copytree(project / "models" / "default", tmp_path / "model"))


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("name", ["vision", "text", "tokenizer"])
@pytest.mark.parametrize(
    ("damage", "word"), [(cut, "sha256"), (flip, "sha256"), (Path.unlink, "missing")]
)
def test_a_missing_or_changed_file_is_named_with_its_field(
    name: str, damage: Callable[[Path], None], word: str, copied: Path
) -> None:
    manifest = read_manifest(copied)
    path = copied / getattr(manifest, name).file
    damage(path)
    with pytest.raises(ModelError) as caught:
        verify_files(manifest)
    assert str(path) in str(caught.value)
    assert f"'{name}." in str(caught.value)
    assert word in str(caught.value)


def test_a_folder_in_place_of_a_file_is_named(copied: Path) -> None:
    manifest = read_manifest(copied)
    (copied / manifest.text.file).unlink()
    (copied / manifest.text.file).mkdir()
    with pytest.raises(ModelError, match="cannot be read"):
        verify_files(manifest)


@pytest.mark.parametrize(
    ("name", "field"), [("vision.onnx.data", "vision.data"), ("patches.onnx", "patches")]
)
@pytest.mark.parametrize(("damage", "word"), [(flip, "sha256"), (Path.unlink, "missing")])
def test_files_of_optional_fields_are_checked(
    name: str, field: str, damage: Callable[[Path], None], word: str, tmp_path: Path
) -> None:
    folder = tiny_model(tmp_path / "model", patches=True, external=True)
    manifest = read_manifest(folder)
    verify_files(manifest)
    damage(folder / name)
    with pytest.raises(ModelError, match=f"'{field}.*") as caught:
        verify_files(manifest)
    assert str(folder / name) in str(caught.value)
    assert word in str(caught.value)
