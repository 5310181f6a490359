import numpy as np
import pytest
from vs_adapted import linked_model, swapping

from engine.encoder import (
    Adapter,
    ModelError,
    ScoreCurve,
    adapter_names,
    load,
    read_adapter,
    write_adapter,
)


@pytest.fixture
def model(project, tmp_path):
    return load(linked_model(project / "models" / "default", tmp_path / "model"))


def test_an_adapter_turns_texts_and_leaves_pictures(model, sample_folder):
    picture = next(sample_folder.glob("**/*.jpg"))
    write_adapter(model.manifest, swapping(model, "a red mug", "a green leaf"))
    fitted = model.with_adapter("swapped")
    plain = model.encode_texts(["a red mug", "a green leaf"])
    turned = fitted.encode_texts(["a red mug", "a green leaf"])
    assert np.allclose(turned, plain[::-1], atol=1e-2)
    assert np.allclose(np.linalg.norm(turned, axis=1), 1, atol=1e-6)
    assert np.array_equal(fitted.encode_images([picture]), model.encode_images([picture]))
    assert fitted.text_score == ScoreCurve(20.0, 0.3)
    assert model.text_score == model.manifest.text_score
    assert fitted.with_adapter(None).adapter is None


def test_what_was_written_is_read_and_listed(model):
    assert adapter_names(model.manifest.folder) == []
    path = write_adapter(model.manifest, swapping(model, "dog", "cat", "b-2"))
    write_adapter(model.manifest, swapping(model, "dog", "cat", "a"))
    assert path.parent == model.manifest.folder / "adapters"
    assert adapter_names(model.manifest.folder) == ["a", "b-2"]
    found = load(model.manifest.folder, adapter="b-2").adapter
    assert (found.name, found.about) == ("b-2", {"source": "a test"})


def test_no_turn_changes_nothing(model):
    rows = model.encode_texts(["a dog", "two cats"])
    still = Adapter("still", np.zeros((model.dim, model.dim), np.float32), ScoreCurve(1.0, 0.0))
    assert np.allclose(still(rows), rows, atol=1e-6)


@pytest.mark.parametrize("name", ["", "../up", "a/b", ".hidden", "x" * 65, "a\0b"])
def test_a_name_that_is_no_file_name_is_refused(model, name):
    with pytest.raises(ModelError, match="a name has up to 64"):
        read_adapter(model.manifest, name)


def test_one_that_is_not_there_is_named_with_those_that_are(model):
    write_adapter(model.manifest, swapping(model, "dog", "cat", "pets"))
    with pytest.raises(ModelError, match=r"shop.npz: no such adapter; there are: pets"):
        read_adapter(model.manifest, "shop")


def damaged(path, how):
    data = path.read_bytes()
    if how == "cut":
        path.write_bytes(data[: len(data) // 2])
    elif how == "noise":
        path.write_bytes(b"no archive at all")
    elif how == "empty":
        path.write_bytes(b"")
    else:
        with np.load(path) as found:
            parts = dict(found)
        parts["turn"] = {"shape": parts["turn"][:5], "numbers": parts["turn"] * np.nan}[how]
        np.savez(path.open("wb"), **parts)


@pytest.mark.parametrize("how", ["cut", "noise", "empty", "shape", "numbers"])
def test_a_damaged_file_is_refused_by_name(model, how):
    path = write_adapter(model.manifest, swapping(model, "dog", "cat"))
    damaged(path, how)
    with pytest.raises(ModelError, match=r"swapped\.npz: .*damaged"):
        read_adapter(model.manifest, "swapped")


def test_pickled_code_is_not_run(model, tmp_path):
    class Bomb:
        def __reduce__(self):
            return (tmp_path.joinpath("went off").touch, ())

    path = model.manifest.folder / "adapters" / "bomb.npz"
    path.parent.mkdir()
    np.savez(path, turn=np.array([Bomb()], dtype=object), about="{}")
    with pytest.raises(ModelError, match=r"bomb\.npz"):
        read_adapter(model.manifest, "bomb")
    assert not (tmp_path / "went off").exists()


def test_an_adapter_of_another_model_is_refused(model):
    from dataclasses import replace

    text = replace(model.manifest.text, sha256="0" * 64)
    write_adapter(replace(model.manifest, text=text), swapping(model, "dog", "cat"))
    with pytest.raises(ModelError, match="made for another model"):
        read_adapter(model.manifest, "swapped")
