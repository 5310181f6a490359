import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from vs_drawing import draw
from vs_tiny import DIM, tiny_model

from engine.encoder import Encoder, ImageError, ModelError, load


@pytest.fixture
def encoder(tmp_path: Path) -> Encoder:
    return load(with_patches(tmp_path), device="cpu", threads=1)


def with_patches(tmp_path: Path) -> Path:
    return tiny_model(tmp_path / "model", patches=True)


def test_every_patch_has_a_unit_vector(encoder: Encoder) -> None:
    pictures = [draw(seed, (40, 30)) for seed in range(11)]
    patches = encoder.encode_patches(pictures)
    assert encoder.patch_grid == (2, 2)
    assert (patches.shape, patches.dtype) == ((11, 4, DIM), np.float32)
    assert np.linalg.norm(patches, axis=2) == pytest.approx(1, abs=1e-5)
    (last,) = encoder.encode_patches(pictures[-1:])
    assert patches[-1] == pytest.approx(last, abs=1e-6)


def test_patches_go_row_by_row_from_the_top_left(encoder: Encoder) -> None:
    """Painting over one corner changes that patch only."""
    plain = draw(1, (8, 8))
    for place, corner in enumerate([(0, 0), (4, 0), (0, 4), (4, 4)]):
        painted = plain.copy()
        painted.paste("white", (*corner, corner[0] + 4, corner[1] + 4))
        change = np.abs(np.subtract(*encoder.encode_patches([plain, painted]))).max(axis=1)
        assert np.flatnonzero(change > 1e-4).tolist() == [place]


def test_the_picture_itself_has_the_vector_it_has_without_patches(
    encoder: Encoder, tmp_path: Path
) -> None:
    plain = load(tiny_model(tmp_path / "plain"), device="cpu")
    pictures = [draw(1), draw(2)]
    expected = plain.encode_images(pictures)
    assert encoder.encode_images(pictures) == pytest.approx(expected, abs=1e-6)


def test_no_picture_gives_no_patches(encoder: Encoder) -> None:
    assert encoder.encode_patches([]).shape == (0, 4, DIM)


def test_a_model_without_patches_says_so(tmp_path: Path) -> None:
    plain = load(tiny_model(tmp_path / "plain"), device="cpu")
    assert plain.patch_grid is None
    with pytest.raises(ModelError, match="no vectors for parts of a picture"):
        plain.encode_patches([draw(1)])


def test_a_bad_picture_is_named(encoder: Encoder) -> None:
    with pytest.raises(ImageError, match="picture 1: empty"):
        encoder.encode_patches([draw(1), b""])


def test_threads_may_ask_for_patches_at_once(encoder: Encoder) -> None:
    with ThreadPoolExecutor(4) as pool:
        first, *others = pool.map(encoder.encode_patches, [[draw(1)]] * 8)
    for other in others:
        assert other == pytest.approx(first, abs=1e-6)


def changed(folder: Path, **patches: object) -> Path:
    fields = json.loads((folder / "model.json").read_text())
    fields["patches"] |= patches
    (folder / "model.json").write_text(json.dumps(fields))
    return folder


def test_an_output_that_the_vision_tower_has_not_is_named_at_once(tmp_path: Path) -> None:
    folder = changed(with_patches(tmp_path), inputs=["states"])
    with pytest.raises(ModelError, match=r"vision\.onnx.*patch_states.*'patches.inputs'.*'states'"):
        load(folder, device="cpu")


def test_another_number_of_patches_is_refused(tmp_path: Path) -> None:
    folder = changed(with_patches(tmp_path), rows=3)
    with pytest.raises(ModelError, match=r"patches\.onnx.* 4 patches.* 3 x 2"):
        load(folder, device="cpu").encode_patches([draw(1)])
