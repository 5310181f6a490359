"""Every architecture, through the engine, against the framework's own model and processors."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from vs_checkpoints import MODEL_TYPES, make_checkpoint

from engine.encoder import load
from engine.sample import recipes, render

BOUND = 1e-4  # largest absolute difference of a component
TEXTS = [
    "a dog",
    "",
    "Two RED shoes, and a cat on a wooden table beside the window",
    "crème brûlée 🍮",
    "very " * 100 + "long",
    "sea",
    "一张红色裙子的照片",
    "don't: a (blue) bowl!",
    "!",
    "Ǆ İstanbul ﬁsh, 25 °C",
    "  two   dogs\tand a cat\n",
    "ein Hund läuft über die Wiese; 一只狗在草地上",
]
SIZES = ((448, 300), (301, 448), (500, 223), (64, 64), (640, 481), (37, 91), (90, 17))
FIXED_LENGTH = {"siglip", "siglip-gemma", "siglip2"}
WITHOUT_PATCHES = {"align"}


@pytest.fixture(scope="module")
def pictures():
    drawn = [render(recipe) for recipe in recipes(len(SIZES), seed=3)]
    return [image.resize(size) for image, size in zip(drawn, SIZES, strict=True)]


@pytest.fixture(scope="module", params=MODEL_TYPES)
def exported(request, torch, tmp_path_factory):
    """A tiny checkpoint, what the export made of it, and what it said."""
    from export.manifest import write_draft
    from export.sources.framework import TransformersSource

    place = tmp_path_factory.mktemp(request.param)
    folder = place / "model"
    folder.mkdir()
    source = TransformersSource(str(make_checkpoint(request.param, place / "checkpoint")))
    said: list[str] = []
    spec = source.write(folder, said.append)
    write_draft(folder, spec)
    return SimpleNamespace(
        kind=request.param,
        folder=folder,
        spec=spec,
        said=said,
        encoder=load(folder, device="cpu", threads=2),
        reference=source.reference(),
    )


@pytest.fixture(scope="module")
def pixels(exported, pictures):
    return [exported.encoder.pixels(picture) for picture in pictures]


def worst(first, second) -> float:
    return float(np.abs(first - second).max())


def test_graphs_equal_the_model_on_equal_tensors(exported):
    towers = {"vision", "text"} | (set() if exported.kind in WITHOUT_PATCHES else {"patches"})
    assert set(exported.spec.parity) == towers
    assert max(exported.spec.parity.values()) <= BOUND


def test_texts_are_embedded_as_by_the_framework(exported):
    found = exported.encoder.encode_texts(TEXTS)
    assert worst(found, exported.reference.texts(TEXTS)) <= BOUND
    assert (found @ found.T).min() < 0.9  # the model does tell texts apart


def test_pictures_are_embedded_as_by_the_framework(exported, pictures, pixels):
    found = exported.encoder.encode_pixels(pixels)
    assert worst(found, exported.reference.images(pictures)) <= BOUND
    assert (found @ found.T).min() < 0.9  # the model does tell pictures apart


def test_a_text_alone_gives_the_same_row_as_in_a_batch(exported):
    alone = [exported.encoder.encode_texts([text]) for text in TEXTS]
    assert worst(np.concatenate(alone), exported.encoder.encode_texts(TEXTS)) <= BOUND


def test_a_picture_alone_gives_the_same_row_as_in_a_batch(exported, pixels):
    alone = [exported.encoder.encode_pixels([picture]) for picture in pixels]
    assert worst(np.concatenate(alone), exported.encoder.encode_pixels(pixels)) <= BOUND


def test_short_texts_are_padded_only_where_the_model_needs_it(exported):
    tokens = exported.spec.tokens
    assert tokens.padding == ("max_length" if exported.kind in FIXED_LENGTH else "longest")
    assert tokens.context_length == 32


def test_patches_are_unit_rows_of_the_grid(exported, pictures):
    if exported.kind in WITHOUT_PATCHES:
        assert exported.encoder.patch_grid is None
        assert not (exported.folder / "patches.onnx").exists()
        return
    assert exported.encoder.patch_grid == (4, 4)
    rows = exported.encoder.encode_patches(pictures[:3])
    assert rows.shape == (3, 16, exported.spec.dim)
    assert np.linalg.norm(rows, axis=2) == pytest.approx(1, abs=1e-5)
    cosines = rows[0] @ rows[0].T
    assert cosines.min() < 0.95  # places differ


def test_the_vision_tower_gives_its_rows_without_the_states(exported):
    import onnx

    outputs = [value.name for value in onnx.load(exported.folder / "vision.onnx").graph.output]
    states = [] if exported.kind in WITHOUT_PATCHES else ["patch_states"]
    assert outputs == ["image_embeds", *states]


def test_nothing_of_this_machine_is_in_the_files(exported):
    for file in exported.folder.iterdir():
        content = file.read_bytes()
        for place in (str(exported.folder.parent), "site-packages", str(Path.cwd())):
            assert place.encode() not in content, file.name


def test_what_is_not_as_the_framework_does_it_is_said(exported):
    squared = [line for line in exported.said if "squashed to 64 x 64" in line]
    assert len(squared) == (exported.kind == "siglip2")
