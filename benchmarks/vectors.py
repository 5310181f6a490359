"""Synthetic vectors that are as hard to search as CLIP's, of any number.

All numbers are drawn with a seed. Every vector is made in latent coordinates, turned by one random
rotation (so that no coordinate axis is special), and scaled to unit length.

An image is

    mean + sqrt(1 - MEAN) * (topic + subject + scene + detail + noise)

- `mean` is one direction with squared length MEAN: all images share it, as CLIP's do.
- `topic`, `subject`, `scene` and `detail` are normal, with a variance that falls along the
  directions as a power law, (i + KNEE)^-ALPHA for direction i: anisotropic, of low effective
  dimension. There are 300 topics and 20 subjects in each, of very different sizes (Zipf's law in
  both). What differs within a subject differs along directions of its own: each direction has a
  gain there (log-normal), and all of it a tightness (log-normal, too). Some 20 pictures were taken
  of each scene.
- `noise` is the same in all directions.

Image-like queries are further draws from the same mixture, which are not in the file: one half of
scenes that are in it, the other of new scenes.

Text-like queries lie elsewhere (the modality gap): their mean is another direction, at a cosine of
GAP to that of the images. What they mean is the topic, the subject and half of the detail of an
image that is not in the file, but only in the leading quarter of the directions. To this comes the
text's own part, whose variance along the directions is the geometric mean of the images' power law
and of the same values in another order. One text in ten is out of distribution: it means something
of no topic.

The values were set against vectors of real photos and captions (a small CLIP of 512 dimensions,
18,000 pictures of all kinds, 500 captions) before anything larger was measured. At that size a
graph (M 16, 128 dimensions) finds of the nearest 10, with an effort of 32, 64 and 128,

    images: real 0.976 0.995 0.999, synthetic 0.967 0.991 0.998
    texts:  real 0.958 0.988 0.997, synthetic 0.926 0.973 0.993

so both are a little harder than real ones.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from engine.files import replacing

Rows = npt.NDArray[np.float32]
_Scenes = tuple[npt.NDArray[np.int64], Rows]
"""The subject of each scene, and its centre."""

MEAN, TEXT_MEAN = 0.35, 0.6
KNEE, ALPHA = 12, 1.8
GAP = 0.45
TOPICS, SUBJECTS = 300, 20
# Of the variance.
_SHARES = {"topic": 0.25, "subject": 0.25, "scene": 0.25, "detail": 0.22, "noise": 0.03}
_TIGHTNESS, _GAIN = 0.3, 1.0  # standard deviations of their logarithms
_SCENE = 20  # pictures of each, on average
_MEANING, _MEANING_OUTSIDE = 0.85, 0.3  # share of a text's variance that says what it means
_OUTSIDE = 0.1
_CHUNK = 32_768
_WORLD, _STORED, _IMAGES, _TEXTS = range(4)


@dataclass(frozen=True)
class _World:
    """What is drawn once for a seed and a width."""

    spread: Rows  # [dim] standard deviation along each latent direction, squares sum to 1
    own_spread: Rows  # [dim] of the part that only texts have
    image_mean: Rows  # [dim]
    text_mean: Rows  # [dim]
    subjects: Rows  # [TOPICS * SUBJECTS, dim] topic and subject together
    sizes: npt.NDArray[np.float64]  # [TOPICS * SUBJECTS] cumulative shares of the images
    gains: Rows  # [TOPICS * SUBJECTS, dim] of what differs within a subject
    rotation: Rows  # [dim, dim]


def write_vectors(path: Path, count: int, dim: int = 512, seed: int = 0) -> None:
    """Write `count` unit rows of float16, as the library's store keeps them.

    The first rows are the same for every count that is larger. Memory is bounded by a chunk.
    """
    with replacing(path) as part, part.open("wb") as stream:
        for first in range(0, count, _CHUNK):
            rng = np.random.default_rng([seed, _STORED, first])
            world = _world(dim, seed)
            rows = _images(world, _CHUNK, rng, _scenes(world, rng))
            stream.write(rows[: count - first].astype("<f2").tobytes())


def image_queries(count: int, dim: int = 512, seed: int = 0) -> Rows:
    """Unit rows, float32 [count, dim], of images that are not in the file of this seed."""
    world, rng = _world(dim, seed), np.random.default_rng([seed, _IMAGES])
    known = _scenes(world, np.random.default_rng([seed, _STORED, 0]))
    rows = [
        _images(world, count // 2, rng, known),
        _images(world, count - count // 2, rng, _scenes(world, rng)),
    ]
    return rng.permutation(np.concatenate(rows))


def text_queries(count: int, dim: int = 512, seed: int = 0) -> Rows:
    """Unit rows, float32 [count, dim], where texts about the images of this seed would lie."""
    world, rng = _world(dim, seed), np.random.default_rng([seed, _TEXTS])
    which = _drawn_subjects(world, count, rng)
    detail = np.sqrt(np.float32(_SHARES["detail"])) * _within(world, which, rng)
    meaning = world.subjects[which] + 0.5 * detail
    outside = rng.random(count) < _OUTSIDE
    meaning[outside] = _normal((int(outside.sum()), dim), rng)
    meaning[:, dim // 4 :] = 0
    share = np.where(outside, _MEANING_OUTSIDE, _MEANING).astype(np.float32)[:, None]
    own = world.own_spread * _normal((count, dim), rng)
    rest = np.sqrt(share) * _unit(meaning) + np.sqrt(1 - share) * own
    return _unit((world.text_mean + np.sqrt(np.float32(1 - TEXT_MEAN)) * rest) @ world.rotation)


@lru_cache(maxsize=2)
def _world(dim: int, seed: int) -> _World:
    rng = np.random.default_rng([seed, _WORLD])
    spread = _unit_row((np.arange(dim, dtype=np.float32) + 1 + KNEE) ** (-ALPHA / 2))
    image_mean, other = np.linalg.qr(rng.normal(size=(dim, 2)))[0].T
    text_mean = GAP * image_mean + np.sqrt(1 - GAP**2) * other
    topics = np.sqrt(_SHARES["topic"]) * spread * _normal((TOPICS, 1, dim), rng)
    subjects = np.sqrt(_SHARES["subject"]) * spread * _normal((TOPICS, SUBJECTS, dim), rng)
    sizes = _zipf(TOPICS)[:, None] * rng.permuted(np.tile(_zipf(SUBJECTS), (TOPICS, 1)), axis=1)
    # The logarithm's mean makes the mean square 1: what is scaled keeps its share of the variance.
    tightness = rng.lognormal(-(_TIGHTNESS**2), _TIGHTNESS, (TOPICS * SUBJECTS, 1))
    gains = rng.lognormal(0, _GAIN, (TOPICS * SUBJECTS, dim)).astype(np.float32)
    gains /= np.linalg.norm(gains * spread, axis=1, keepdims=True)
    return _World(
        spread=spread,
        own_spread=_unit_row(np.sqrt(spread * rng.permutation(spread))),
        image_mean=(np.sqrt(MEAN) * image_mean).astype(np.float32),
        text_mean=(np.sqrt(TEXT_MEAN) * text_mean).astype(np.float32),
        subjects=(topics + subjects).reshape(-1, dim),
        sizes=np.cumsum(sizes.ravel()),
        gains=gains * tightness.astype(np.float32),
        rotation=np.linalg.qr(_normal((dim, dim), rng))[0].astype(np.float32),
    )


def _scenes(world: _World, rng: np.random.Generator) -> _Scenes:
    """The scenes of a chunk."""
    which = _drawn_subjects(world, _CHUNK // _SCENE, rng)
    own = np.sqrt(np.float32(_SHARES["scene"])) * _within(world, which, rng)
    return which, world.subjects[which] + own


def _images(world: _World, count: int, rng: np.random.Generator, scenes: _Scenes) -> Rows:
    subjects, centres = scenes
    scene = rng.integers(0, len(subjects), count)
    rows = centres[scene]
    rows += np.sqrt(np.float32(_SHARES["detail"])) * _within(world, subjects[scene], rng)
    dim = rows.shape[1]
    rows += np.float32(np.sqrt(_SHARES["noise"] / dim)) * _normal((count, dim), rng)
    rows *= np.float32(np.sqrt(1 - MEAN))
    rows += world.image_mean
    return _unit(rows @ world.rotation)


def _drawn_subjects(world: _World, count: int, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    return np.searchsorted(world.sizes[:-1], rng.random(count))


def _within(world: _World, which: npt.NDArray[np.int64], rng: np.random.Generator) -> Rows:
    """What differs within these subjects, of variance 1."""
    rows = _normal((len(which), len(world.spread)), rng)
    rows *= world.spread
    rows *= world.gains[which]
    return rows


def _zipf(count: int) -> npt.NDArray[np.float64]:
    shares = 1 / np.arange(1, count + 1)
    return shares / shares.sum()


def _normal(shape: tuple[int, ...], rng: np.random.Generator) -> Rows:
    return rng.standard_normal(shape, dtype=np.float32)


def _unit_row(row: Rows) -> Rows:
    return row / np.linalg.norm(row)


def _unit(rows: Rows) -> Rows:
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)
