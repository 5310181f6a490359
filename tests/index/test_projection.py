from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from vs_vectors import DIM, Vectors, unit

from engine.index import Projection


def cone(count: int, seed: int = 0, dim: int = DIM) -> Vectors:
    """Unit rows around a common direction, with most of their variance in a few others."""
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(count, dim)) * np.arange(1, dim + 1) ** -1.0
    rows[:, -1] += 2
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def tilted(count: int, seed: int = 5, dim: int = DIM) -> Vectors:
    """Queries whose variance lies in other directions than that of `cone`."""
    order = np.random.default_rng(4).permutation(dim)
    return cone(count, seed, dim)[:, order]


def differences(rows: Vectors) -> Vectors:
    """Each row of scores against its first: what is left of a constant of the query."""
    return rows - rows[:, :1]


def kept(projection: Projection, images: Vectors, queries: Vectors) -> float:
    """Mean absolute change of scores, apart from a constant of each query."""
    reduced = projection.queries(queries) @ projection.images(images).T
    return float(np.abs(differences(reduced) - differences(queries @ images.T)).mean())


@given(
    seed=st.integers(0, 1000),
    dim=st.integers(2, 30),
    count=st.integers(1, 50),
    with_texts=st.booleans(),
)
def test_all_dimensions_keep_inner_products_up_to_a_constant_of_the_query(
    seed: int, dim: int, count: int, with_texts: bool
) -> None:
    images, texts = unit(count, seed, dim), unit(count, seed + 1, dim)
    projection = Projection.fit(images, dim + 1, texts if with_texts else None)
    assert kept(projection, images, unit(9, seed + 2, dim)) < 1e-4


@given(seed=st.integers(0, 1000), dim=st.integers(2, DIM + 1), with_texts=st.booleans())
def test_mapped_images_of_the_sample_have_one_length(seed: int, dim: int, with_texts: bool) -> None:
    images = cone(60, seed)
    projection = Projection.fit(images, dim, tilted(20) if with_texts else None)
    lengths = np.linalg.norm(projection.images(images), axis=1)
    assert lengths == pytest.approx(projection.radius, rel=1e-3)


@pytest.mark.parametrize("queries", [cone(50, 2), tilted(50, 3)], ids=["images", "texts"])
def test_scores_come_nearer_with_every_dimension(queries: Vectors) -> None:
    images = cone(2000)
    errors = [kept(Projection.fit(images, dim), images, queries) for dim in (3, 6, 12, 24)]
    assert errors == sorted(errors, reverse=True)
    assert errors[-1] < errors[0] / 5


def test_texts_make_scores_of_other_texts_better() -> None:
    images, others = cone(2000), tilted(200, seed=9)
    without = kept(Projection.fit(images, 8), images, others)
    assert kept(Projection.fit(images, 8, tilted(200)), images, others) < 0.8 * without


def test_without_texts_it_is_principal_component_analysis() -> None:
    images = cone(500)
    _, _, expected = np.linalg.svd(images - images.mean(axis=0), full_matrices=False)
    projection = Projection.fit(images, 6)
    overlap = expected[:5] @ projection.components[:, :5]
    assert np.abs(np.linalg.svd(overlap)[1]) == pytest.approx(1, abs=1e-3)


def test_mapped_vectors_are_float32_rows_of_the_asked_width() -> None:
    projection = Projection.fit(cone(100), 7)
    assert projection.dim == projection.components.shape[1] == 7
    for mapped in (projection.images(cone(3)), projection.queries(cone(3))):
        assert mapped.shape == (3, 7)
        assert mapped.dtype == np.float32
        assert mapped.flags.c_contiguous
    assert projection.images(cone(0)).shape == projection.queries(cone(0)).shape == (0, 7)


def test_one_query_is_mapped_as_in_a_batch() -> None:
    projection, queries = Projection.fit(cone(100), 7, tilted(50)), tilted(40, 8)
    one_by_one = np.concatenate([projection.queries(one[None]) for one in queries])
    assert one_by_one == pytest.approx(projection.queries(queries), abs=1e-5)


def test_images_that_are_all_alike_can_be_mapped() -> None:
    alike = np.repeat(unit(1), 30, axis=0)
    for texts in (None, unit(5, seed=2)):
        mapped = Projection.fit(alike, 6, texts).images(alike)
        assert np.isfinite(mapped).all()
        assert np.ptp(mapped, axis=0).max() < 1e-6


def test_an_image_beyond_the_radius_is_mapped_too() -> None:
    projection = Projection.fit(cone(50), 6)
    far = projection.images(-cone(5, seed=3))
    assert np.isfinite(far).all()
    assert np.linalg.norm(far, axis=1).min() > 0.999 * projection.radius


@pytest.mark.parametrize("dim", [1, 0, -3, DIM + 2])
def test_an_impossible_width_is_refused(dim: int) -> None:
    with pytest.raises(ValueError, match=f"not to {dim}"):
        Projection.fit(cone(50), dim)


def test_no_images_are_refused() -> None:
    with pytest.raises(ValueError, match=r"\[0, 24\]"):
        Projection.fit(cone(0), 6)


def test_a_saved_projection_maps_as_before(tmp_path: Path) -> None:
    projection, file = Projection.fit(cone(100), 7, tilted(50)), tmp_path / "new" / "projection.npz"
    projection.save(file)
    loaded = Projection.load(file)
    assert (loaded.images(cone(9)) == projection.images(cone(9))).all()
    assert (loaded.queries(cone(9)) == projection.queries(cone(9))).all()
    assert [path.name for path in file.parent.iterdir()] == ["projection.npz"]


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-40])


def _flip(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0x40
    file.write_bytes(content)


def _empty(file: Path) -> None:
    file.write_bytes(b"")


def _text(file: Path) -> None:
    file.write_text("not a projection")


def _other(file: Path) -> None:
    with file.open("wb") as stream:
        np.savez(stream, mean=np.zeros(3))


def _mixed(file: Path) -> None:
    with file.open("wb") as stream:
        shapes = {"mean": 3, "components": (4, 2), "query_components": (4, 2), "radius": ()}
        np.savez(stream, **{name: np.zeros(shape) for name, shape in shapes.items()})


@pytest.mark.parametrize("damage", [_cut, _flip, _empty, _text, _other, _mixed])
def test_a_damaged_file_is_named(damage: Callable[[Path], None], tmp_path: Path) -> None:
    file = tmp_path / "projection.npz"
    Projection.fit(cone(100), 7).save(file)
    damage(file)
    with pytest.raises(ValueError, match=r"projection\.npz: damaged"):
        Projection.load(file)


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Projection.load(tmp_path / "projection.npz")
