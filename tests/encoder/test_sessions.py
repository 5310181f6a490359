from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnxruntime
import pytest

from engine.encoder import Encoder, ModelError
from engine.encoder.manifest import Manifest, Tower
from engine.encoder.sessions import TowerSession, choose_providers

NO_CUDA = "CUDAExecutionProvider" not in onnxruntime.get_available_providers()


@pytest.fixture(scope="module")
def manifest(encoder: Encoder) -> Manifest:
    return encoder.manifest


def session(manifest: Manifest, tower: Tower, dim: int | None = None) -> TowerSession:
    return TowerSession(manifest.folder, tower, dim or manifest.dim, "cpu", 1)


def picture_batch(manifest: Manifest, count: int) -> np.ndarray:
    rng = np.random.default_rng(0)
    shape = (count, 3, manifest.pixels.height, manifest.pixels.width)
    return rng.normal(size=shape).astype(np.float32)


def test_the_cpu_is_taken_where_it_is_asked_for() -> None:
    assert choose_providers("cpu") == ["CPUExecutionProvider"]


def test_auto_ends_with_the_cpu() -> None:
    assert choose_providers("auto")[-1] == "CPUExecutionProvider"


@pytest.mark.skipif(not NO_CUDA, reason="this onnxruntime has CUDA")
def test_cuda_that_is_not_there_is_refused_with_what_to_install(project: Path) -> None:
    with pytest.raises(ModelError, match="onnxruntime-gpu"):
        choose_providers("cuda")


@pytest.mark.parametrize("device", ["gpu", "CPU", "", "cuda:0"])
def test_an_unknown_device_is_quoted(device: str) -> None:
    with pytest.raises(ModelError, match=f"'{device}'.*auto, cpu or cuda"):
        choose_providers(device)  # type: ignore[arg-type]


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
