import copy
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vs_property import UNHURRIED

from engine.encoder import ModelError
from engine.encoder.manifest import Manifest
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


def value_at(place: Place) -> Any:
    return holder(VALID, place)[place[-1]]


def without(place: Place) -> dict[str, Any]:
    fields = copy.deepcopy(VALID)
    del holder(fields, place)[place[-1]]
    return fields


def replaced(place: Place, value: Any) -> dict[str, Any]:
    fields = copy.deepcopy(VALID)
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
        (("schema",), 2, "reads 1"),
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
        (("text", "inputs"), ["input_ids"], "2 name"),
        (("text", "inputs"), ["input_ids", 3], "2 name"),
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


@UNHURRIED
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
