import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from vs_drawing import draw, encode

from engine.encoder import Encoder, ImageError, ModelError, load

TEXTS = ["a red shoe", "a dog on the beach", "two people at a table", "snow on a mountain"]


def test_rows_are_unit_vectors(encoder: Encoder) -> None:
    for rows in (encoder.encode_texts(TEXTS), encoder.encode_images([draw(1), draw(2)])):
        assert rows.dtype == np.float32
        assert rows.shape[1] == encoder.dim == encoder.manifest.dim
        assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-4)


def test_no_input_gives_no_rows(encoder: Encoder) -> None:
    for rows in (encoder.encode_texts([]), encoder.encode_images([]), encoder.encode_pixels([])):
        assert rows.shape == (0, encoder.dim)
        assert rows.dtype == np.float32


def test_rows_keep_the_order_of_the_input_over_several_batches(encoder: Encoder) -> None:
    pictures = [draw(seed) for seed in range(70)]
    rows = encoder.encode_images(pictures)
    assert len(rows) == 70
    for place in (0, 31, 32, 63, 64, 69):
        assert rows[place] @ encoder.encode_images([pictures[place]])[0] > 0.9999
    assert (rows @ rows.T - np.eye(70)).max() < 0.99, "the drawings are told apart"


def test_texts_keep_their_order_over_several_batches(encoder: Encoder) -> None:
    texts = [f"{text} {number}" for number in range(17) for text in TEXTS]
    rows = encoder.encode_texts(texts)
    assert len(rows) == 68
    for place in (0, 31, 32, 67):
        assert rows[place] @ encoder.encode_texts([texts[place]])[0] > 0.999


def test_different_texts_have_different_vectors(encoder: Encoder) -> None:
    rows = encoder.encode_texts(TEXTS)
    assert (rows @ rows.T - np.eye(len(TEXTS))).max() < 0.95


@pytest.mark.parametrize("text", ["", "   ", "\udcff", "🐕", "x" * 100_000, "a\0b", "日本語"])
def test_any_text_has_a_vector(text: str, encoder: Encoder) -> None:
    (row,) = encoder.encode_texts([text])
    assert np.linalg.norm(row) == pytest.approx(1, abs=1e-4)


def test_words_lie_nearer_to_what_they_name(encoder: Encoder) -> None:
    """Sanity of the shipped model: colours that nobody can mix up."""
    names = ["red", "blue"]
    texts = encoder.encode_texts([f"the colour {name}" for name in names])
    pictures = encoder.encode_images([Image.new("RGB", (64, 64), name) for name in names])
    assert (texts @ pictures.T).argmax(axis=0).tolist() == [0, 1]


def test_a_path_bytes_and_an_image_give_the_same_vector(encoder: Encoder, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(encode(draw(3)))
    rows = encoder.encode_images([path, str(path), path.read_bytes(), draw(3)])
    assert (rows @ rows.T).min() > 0.9999


def test_any_iterable_of_pictures_will_do(encoder: Encoder) -> None:
    assert encoder.encode_images(draw(seed) for seed in range(3)).shape == (3, encoder.dim)


@pytest.mark.parametrize("single", ["dog", b"dog"])
def test_a_single_thing_in_place_of_a_list_is_refused(single: str, encoder: Encoder) -> None:
    with pytest.raises(TypeError, match="list of pictures"):
        encoder.encode_images(single)
    if isinstance(single, str):
        with pytest.raises(TypeError, match="list of texts"):
            encoder.encode_texts(single)


def test_a_bad_picture_is_named_by_its_path_or_its_place(encoder: Encoder, tmp_path: Path) -> None:
    path = tmp_path / "broken.jpg"
    path.write_bytes(b"text")
    with pytest.raises(ImageError, match=r"broken\.jpg: not a picture"):
        encoder.encode_images([draw(1), path])
    with pytest.raises(ImageError, match="picture 40: empty"):
        encoder.encode_images([*(draw(seed) for seed in range(40)), b""])


def test_threads_may_share_an_encoder(encoder: Encoder) -> None:
    pictures = [draw(seed) for seed in range(6)]
    expected = encoder.encode_images(pictures), encoder.encode_texts(TEXTS)

    def encode_both(_: int) -> tuple[np.ndarray, np.ndarray]:
        return encoder.encode_images(pictures), encoder.encode_texts(TEXTS)

    with ThreadPoolExecutor(4) as pool:
        for images, texts in pool.map(encode_both, range(8)):
            assert images == pytest.approx(expected[0], abs=1e-4)
            assert texts == pytest.approx(expected[1], abs=1e-4)


def test_loading_a_model_checks_its_files(project: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(project / "models" / "default", tmp_path / "model"))
    with (folder / "text.onnx").open("ab") as stream:
        stream.write(b"x")
    with pytest.raises(ModelError, match=r"text\.onnx"):
        load(folder)


def test_loading_a_folder_that_is_no_model_says_so(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"model\.json: no such file"):
        load(tmp_path)


def test_a_tokenizer_that_is_none_is_refused(project: Path, tmp_path: Path) -> None:
    """Every file may have the digest it should have and still be the wrong one."""
    folder = tmp_path / "model"
    folder.mkdir()
    shipped = project / "models" / "default"
    fields = json.loads((shipped / "model.json").read_text(encoding="utf-8"))
    fields["tokenizer"] = fields["vision"]
    (folder / "model.json").write_text(json.dumps(fields), encoding="utf-8")
    for name in ("vision.onnx", "text.onnx"):
        (folder / name).symlink_to(shipped / name)
    with pytest.raises(ModelError, match="not a tokenizer"):
        load(folder)


def test_the_model_runs_where_it_says(encoder: Encoder) -> None:
    assert encoder.provider in ("CPUExecutionProvider", "CUDAExecutionProvider")
    assert load(encoder.manifest.folder, device="cpu").provider == "CPUExecutionProvider"


def test_pictures_are_decoded_with_room_to_spare(encoder: Encoder) -> None:
    rules = encoder.manifest.pixels
    assert encoder.decode_side >= 2 * max(rules.width, rules.height)
