"""Parts of a picture: where they are."""

import numpy as np
import pytest
from PIL import Image

from engine.encoder import Encoder
from engine.query.parts.picture_parts import PictureParts, close_look, has_windows, parts_of_picture


def test_windows_reach_half_into_the_next_and_cover_all() -> None:
    places = PictureParts.windows(np.zeros((9, 4), dtype=np.float32), (3, 3)).places
    np.testing.assert_allclose(places[:, 2:], 3 / 7, rtol=1e-6)
    np.testing.assert_allclose(places[:3, 0], [3 / 14, 1 / 2, 11 / 14], rtol=1e-6)
    np.testing.assert_allclose(places[::3, 1], [3 / 14, 1 / 2, 11 / 14], rtol=1e-6)
    wide = PictureParts.windows(np.zeros((8, 4), dtype=np.float32), (2, 4)).places
    edges = np.stack([wide[:, :2] - wide[:, 2:] / 2, wide[:, :2] + wide[:, 2:] / 2])
    np.testing.assert_allclose([edges.min(), edges.max()], [0, 1], atol=1e-6)


def test_a_close_look_has_the_windows_of_the_whole_and_of_its_halves(encoder: Encoder) -> None:
    picture = Image.new("RGB", (400, 300), "green")
    picture.paste("red", (200, 150, 400, 300))
    parts = close_look(encoder, picture)
    assert parts.vectors.shape == (6 * 9, encoder.dim)
    whole = parts_of_picture(encoder, picture)
    np.testing.assert_allclose(parts.vectors[:9], whole.vectors, atol=1e-4)
    last = parts_of_picture(encoder, picture.crop((200, 150, 400, 300)))
    np.testing.assert_allclose(parts.vectors[-9:], last.vectors, atol=1e-4)
    # The last half begins in the middle, and ends in the corner.
    edges = parts.places[-9:, :2] - parts.places[-9:, 2:] / 2
    np.testing.assert_allclose(edges.min(axis=0), [0.5, 0.5], atol=1e-6)
    edges = parts.places[-9:, :2] + parts.places[-9:, 2:] / 2
    np.testing.assert_allclose(edges.max(axis=0), [1, 1], atol=1e-6)


@pytest.mark.parametrize("size", [(1, 1), (3, 500), (640, 2)])
def test_of_the_smallest_pictures_too(encoder: Encoder, size: tuple[int, int]) -> None:
    parts = close_look(encoder, Image.new("RGB", size, "white"))
    assert np.isfinite(parts.vectors).all()


def test_a_model_that_cuts_pictures_sees_no_windows_of_all(
    encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert has_windows(encoder)
    monkeypatch.setattr(Encoder, "window_grid", None)
    assert not has_windows(encoder)
