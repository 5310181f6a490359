from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from vs_tiny import tiny_model

from engine.encoder import Encoder, ModelError
from engine.encoder.manifest import Manifest, Tower
from engine.encoder.manifest_file import read_manifest
from engine.encoder.sessions import TowerSession


@pytest.fixture(scope="module")
def manifest(encoder: Encoder) -> Manifest:
    return encoder.manifest


def session(manifest: Manifest, tower: Tower, dim: int | None = None) -> TowerSession:
    return TowerSession(manifest.folder, tower, dim or manifest.dim, "cpu", 1)


def picture_batch(manifest: Manifest, count: int) -> np.ndarray:
    rng = np.random.default_rng(0)
    shape = (count, 3, manifest.pixels.height, manifest.pixels.width)
    return rng.normal(size=shape).astype(np.float32)


def test_rows_have_unit_length(manifest: Manifest) -> None:
    rows = session(manifest, manifest.vision).run(picture_batch(manifest, 3))
    assert rows.shape == (3, manifest.dim)
    assert rows.dtype == np.float32
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-4)


def test_several_threads_get_the_same_rows(manifest: Manifest) -> None:
    tower = session(manifest, manifest.vision)
    batch = picture_batch(manifest, 2)
    expected = tower.run(batch)
    with ThreadPoolExecutor(4) as pool:
        for rows in pool.map(lambda _: tower.run(batch), range(12)):
            assert rows == pytest.approx(expected, abs=1e-5)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (lambda tower: replace(tower, inputs=("nothing",)), "'inputs'.*nothing"),
        (lambda tower: replace(tower, output="nothing"), "'output'.*'nothing'"),
    ],
)
def test_a_graph_that_is_not_what_the_manifest_says_is_refused(
    change: Callable[[Tower], Tower], word: str, manifest: Manifest
) -> None:
    with pytest.raises(ModelError, match=rf"vision\.onnx.*{word}"):
        session(manifest, change(manifest.vision))


def test_another_width_of_vectors_is_refused(manifest: Manifest) -> None:
    with pytest.raises(ModelError, match=rf"vectors of {manifest.dim}.*'dim'.*says 3"):
        session(manifest, manifest.vision, dim=3)


@pytest.mark.parametrize("content", [b"", b"no graph", b"\x08\x07" * 50])
def test_a_file_that_is_no_graph_is_named(
    content: bytes, manifest: Manifest, tmp_path: Path
) -> None:
    (tmp_path / manifest.vision.file).write_bytes(content)
    with pytest.raises(ModelError, match=r"vision\.onnx: onnxruntime cannot load it"):
        TowerSession(tmp_path, manifest.vision, manifest.dim, "cpu", 1)


@pytest.mark.parametrize("bind", [False, True])
@pytest.mark.parametrize("count", [1, 3, 4, 8, 9])
def test_a_graph_of_a_fixed_batch_takes_any_number_of_rows(
    count: int, bind: bool, tmp_path: Path
) -> None:
    fixed = read_manifest(tiny_model(tmp_path / "fixed", batch=4, patches=True))
    free = read_manifest(tiny_model(tmp_path / "free", patches=True))
    pixels = picture_batch(free, count)
    for output in (None, "patch_states"):
        expected = session(free, free.vision).run(pixels, output=output)
        got = TowerSession(fixed.folder, fixed.vision, fixed.dim, "cpu", 1, bind=bind)
        assert got.run(pixels, output=output) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("bind", [False, True])
@pytest.mark.parametrize("batch", [None, 4])
def test_several_outputs_of_one_run_come_in_the_order_asked_for(
    batch: int | None, bind: bool, tmp_path: Path
) -> None:
    tiny = read_manifest(tiny_model(tmp_path / "model", batch=batch, windows=True))
    tower = TowerSession(tiny.folder, tiny.vision, tiny.dim, "cpu", 1, bind=bind)
    pixels = picture_batch(tiny, 6)
    windows, rows = tower.run_for(("window_embeds", "image_embeds"), pixels)
    assert rows == pytest.approx(tower.run(pixels), abs=1e-6)
    assert windows == pytest.approx(tower.run(pixels, output="window_embeds"), abs=1e-6)
    assert (rows.shape, windows.shape) == ((6, tiny.dim), (6, 4, tiny.dim))


def test_binding_inputs_and_outputs_gives_the_same_rows(manifest: Manifest) -> None:
    """CUDA runs so; it is no less right on the CPU."""
    bound = TowerSession(manifest.folder, manifest.vision, manifest.dim, "cpu", 1, bind=True)
    plain = session(manifest, manifest.vision)
    for count in (3, 1, 16, 2):  # also after the memory was given back
        pixels = picture_batch(manifest, count)
        assert bound.run(pixels) == pytest.approx(plain.run(pixels), abs=1e-5)
        strided = np.asarray(pixels.transpose(0, 1, 3, 2))
        assert bound.run(strided) == pytest.approx(plain.run(strided), abs=1e-5)


def test_weights_in_a_file_of_their_own_are_found(tmp_path: Path) -> None:
    apart = read_manifest(tiny_model(tmp_path / "apart", external=True))
    whole = read_manifest(tiny_model(tmp_path / "whole"))
    pixels = picture_batch(whole, 2)
    rows = [session(one, one.vision).run(pixels) for one in (apart, whole)]
    assert rows[0] == pytest.approx(rows[1], abs=1e-6)


@pytest.mark.parametrize("bind", [False, True])
def test_a_graph_that_fails_is_named_with_its_inputs(bind: bool, tmp_path: Path) -> None:
    tiny = read_manifest(tiny_model(tmp_path / "model"))
    tower = TowerSession(tiny.folder, tiny.text, tiny.dim, "cpu", 1, bind=bind)
    beyond = np.full((1, 3), 999)  # there is no such token
    with pytest.raises(ModelError, match=r"text\.onnx: cannot be run on .*input_ids.*\(1, 3\)"):
        tower.run(beyond, np.ones_like(beyond))
    assert tower.run(np.ones_like(beyond), np.ones_like(beyond)).shape == (1, tiny.dim)
