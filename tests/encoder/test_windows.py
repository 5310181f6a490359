import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from PIL import Image
from vs_drawing import draw
from vs_tiny import DIM, file, tiny_model

from engine.encoder import Encoder, ModelError, load
from engine.encoder.sessions import TowerSession


@pytest.fixture
def tiny(tmp_path: Path) -> Encoder:
    return load(with_windows(tmp_path), device="cpu", threads=1)


def with_windows(tmp_path: Path, **more: Any) -> Path:
    return tiny_model(tmp_path / "model", windows=True, **more)


def pixels_of(encoder: Encoder, pictures: Sequence[Image.Image]) -> list[np.ndarray]:
    return [encoder.pixels(picture) for picture in pictures]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """The outputs that each run of a graph was asked for, as they come."""
    found: list[tuple[str, ...]] = []
    run = TowerSession._run

    def noted(self: TowerSession, inputs: Any, outputs: Sequence[str]) -> Any:
        found.append(tuple(outputs))
        return run(self, inputs, outputs)

    monkeypatch.setattr(TowerSession, "_run", noted)
    return found


def test_a_picture_and_its_windows_have_unit_vectors(tiny: Encoder) -> None:
    pixels = pixels_of(tiny, [draw(seed, (40, 30)) for seed in range(11)])
    rows, windows = tiny.encode_with_windows(pixels)
    assert windows is not None
    assert tiny.window_grid == (2, 2)
    assert (rows.shape, windows.shape) == ((11, DIM), (11, 4, DIM))
    assert rows.dtype == windows.dtype == np.float32
    assert np.linalg.norm(windows, axis=2) == pytest.approx(1, abs=1e-5)
    assert rows == pytest.approx(tiny.encode_pixels(pixels), abs=1e-6)
    _, last = tiny.encode_with_windows(pixels[-1:])
    assert last is not None
    assert windows[-1] == pytest.approx(last[0], abs=1e-6)


def test_both_come_from_one_run_and_the_picture_alone_asks_for_no_windows(
    tiny: Encoder, asked: list[tuple[str, ...]]
) -> None:
    pixels = pixels_of(tiny, [draw(1), draw(2)])
    tiny.encode_with_windows(pixels)
    tiny.encode_pixels(pixels)
    of_pictures = [outputs for outputs in asked if "image_embeds" in outputs]  # others run, too
    assert of_pictures == [("image_embeds", "window_embeds"), ("image_embeds",)]


def test_windows_go_row_by_row_from_the_top_left(tiny: Encoder) -> None:
    """Painting over one corner changes that window only."""
    plain = draw(1, (8, 8))
    for place, corner in enumerate([(0, 0), (4, 0), (0, 4), (4, 4)]):
        painted = plain.copy()
        painted.paste("white", (*corner, corner[0] + 4, corner[1] + 4))
        _, windows = tiny.encode_with_windows(pixels_of(tiny, [plain, painted]))
        assert windows is not None
        change = np.abs(np.subtract(*windows)).max(axis=1)
        assert np.flatnonzero(change > 1e-4).tolist() == [place]


def test_no_picture_gives_no_windows(tiny: Encoder) -> None:
    rows, windows = tiny.encode_with_windows([])
    assert windows is not None
    assert (rows.shape, windows.shape) == ((0, DIM), (0, 4, DIM))


def test_a_model_without_windows_gives_the_picture_alone(tmp_path: Path) -> None:
    plain = load(tiny_model(tmp_path / "plain"), device="cpu")
    pixels = pixels_of(plain, [draw(1), draw(2)])
    rows, windows = plain.encode_with_windows(pixels)
    assert (plain.window_grid, windows) == (None, None)
    assert rows == pytest.approx(plain.encode_pixels(pixels), abs=1e-6)
    assert plain.encode_with_windows([])[0].shape == (0, DIM)


def test_a_graph_of_a_fixed_batch_gives_windows_for_any_number(tmp_path: Path) -> None:
    free, fixed = (
        load(with_windows(tmp_path / name, batch=batch), device="cpu")
        for name, batch in (("free", None), ("fixed", 4))
    )
    pixels = pixels_of(free, [draw(seed) for seed in range(6)])
    for got, expected in zip(
        fixed.encode_with_windows(pixels), free.encode_with_windows(pixels), strict=True
    ):
        assert got is not None
        assert got == pytest.approx(expected, abs=1e-6)


def changed(folder: Path, **fields: Any) -> Path:
    manifest = json.loads((folder / "model.json").read_text())
    (folder / "model.json").write_text(json.dumps({**manifest, **fields}))
    return folder


def test_another_grid_is_refused_at_once_with_the_file_and_both_shapes(tmp_path: Path) -> None:
    folder = changed(with_windows(tmp_path), windows={"rows": 3, "columns": 2})
    with pytest.raises(ModelError) as caught:
        load(folder, device="cpu")
    said = str(caught.value)
    assert said.startswith(str(folder / "vision.onnx"))
    assert "'windows' of model.json says 3 x 2" in said
    assert f"['n', 4, {DIM}]" in said
    assert f"['n', 6, {DIM}]" in said


def test_a_graph_without_windows_is_named_at_once(tmp_path: Path) -> None:
    folder = changed(tiny_model(tmp_path / "model"), windows={"rows": 2, "columns": 2})
    with pytest.raises(ModelError, match=r"vision\.onnx: the graph has no output 'window_embeds'"):
        load(folder, device="cpu")


def leave_sizes_open(folder: Path) -> Path:
    """Of the windows all are taken, but which ones are is known only when the graph runs."""
    model = onnx.load(folder / "vision.onnx")
    graph, output = model.graph, model.graph.output[1]
    for node in graph.node:
        if node.output[0] == output.name:
            node.output[0] = "every"
    graph.initializer.append(onnx.numpy_helper.from_array(np.ones(4, dtype=bool), "taken"))
    graph.node.append(onnx.helper.make_node("Compress", ["every", "taken"], [output.name], axis=1))
    output.type.tensor_type.shape.dim[1].dim_param = "taken"
    onnx.save(model, folder / "vision.onnx")
    manifest = json.loads((folder / "model.json").read_text())
    return changed(folder, vision={**manifest["vision"], **file(folder / "vision.onnx")})


def test_a_graph_that_leaves_its_sizes_open_is_refused_when_it_runs(tmp_path: Path) -> None:
    folder = leave_sizes_open(with_windows(tmp_path))
    encoder = load(folder, device="cpu")
    pixels = pixels_of(encoder, [draw(1)])
    _, windows = encoder.encode_with_windows(pixels)
    assert windows is not None
    assert windows.shape == (1, 4, DIM)
    other = load(changed(folder, windows={"rows": 1, "columns": 3}), device="cpu")
    with pytest.raises(ModelError, match=r"vision\.onnx: .*\['n', 4, 6\].* 1 x 3"):
        other.encode_with_windows(pixels)
    assert other.encode_pixels(pixels).shape == (1, DIM)


@pytest.fixture(scope="module")
def halves(encoder: Encoder) -> np.ndarray:
    """Windows [3, 3, dim] of a picture that is red on the left and blue on the right."""
    picture = Image.new("RGB", (400, 400), "red")
    picture.paste("blue", (200, 0, 400, 400))
    rows, windows = encoder.encode_with_windows([encoder.pixels(picture)])
    assert windows is not None
    assert encoder.window_grid == (3, 3)
    assert rows == pytest.approx(encoder.encode_images([picture]), abs=1e-5)
    assert np.linalg.norm(windows, axis=2) == pytest.approx(1, abs=1e-4)
    return windows.reshape(3, 3, encoder.dim)


def test_the_shipped_model_sees_what_is_where(encoder: Encoder, halves: np.ndarray) -> None:
    red, blue = np.moveaxis(halves @ encoder.encode_texts(["red", "blue"]).T, -1, 0)
    assert (red[:, 0] > red[:, 2] + 0.05).all()
    assert (blue[:, 2] > blue[:, 0] + 0.05).all()


def test_windows_over_the_same_plain_colour_are_much_the_same(halves: np.ndarray) -> None:
    left, right = halves[:, 0], halves[:, 2]
    assert (left @ left.T).min() > (left @ right.T).max()


def test_the_shipped_models_windows_do_not_depend_on_what_is_beside_them(encoder: Encoder) -> None:
    pixels = pixels_of(encoder, [draw(seed) for seed in range(5)])
    rows, windows = encoder.encode_with_windows(pixels)
    alone = [encoder.encode_with_windows([one]) for one in pixels]
    assert windows is not None
    assert rows == pytest.approx(np.concatenate([row for row, _ in alone]), abs=1e-4)
    assert windows == pytest.approx(np.concatenate([each for _, each in alone]), abs=1e-4)
