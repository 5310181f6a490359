import json

import numpy as np
import pytest
from PIL import Image

from engine import SearchEngine
from training.adapting.pairs import Pairs, from_table


def made(texts: int, images: int, each: int) -> Pairs:
    draw = np.random.default_rng(0)
    relevant = [frozenset(draw.choice(images, each, replace=False).tolist()) for _ in range(texts)]
    return Pairs(
        "made",
        tuple(f"text {n}" for n in range(texts)),
        tuple(relevant),
        tuple(f"{n}.jpg" for n in range(images)),
        np.arange(images, dtype=np.float32)[:, None],
    )


@pytest.mark.parametrize(("texts", "each"), [(2000, 1), (30, 300)])
def test_too_many_pairs_are_drawn_by_chance(texts: int, each: int) -> None:
    pairs = made(texts, 2000, each)
    few = pairs.at_most(40_000)
    assert len(few.texts) * len(few.images) <= 40_000
    assert len(few.images) >= 100
    assert len(few.texts) == len(few.relevant)
    assert few.images[0] != "0.jpg" or few.images[-1] != f"{len(few.images) - 1}.jpg"
    for text, rows in zip(few.texts, few.relevant, strict=True):
        before = pairs.relevant[int(text.split()[1])]
        assert rows
        assert {int(few.images[row][:-4]) for row in rows} <= before
    names = [float(name[:-4]) for name in few.images]
    assert few.vectors[:, 0].tolist() == names
    assert pairs.at_most(10_000_000) is pairs


def test_a_library_reached_by_a_link_knows_its_images(tmp_path, encoder) -> None:
    (tmp_path / "drive").mkdir()
    Image.new("RGB", (60, 60), "red").save(tmp_path / "drive" / "a.png")
    (tmp_path / "Pictures").symlink_to("drive")
    line = json.dumps({"file": "a.png", "captions": ["red"], "kind": "plain/red_ones"})
    (tmp_path / "drive" / "pairs.jsonl").write_text(line)
    with SearchEngine.with_encoder(encoder, tmp_path / "library") as engine:
        engine.index([tmp_path / "Pictures"])
        source = tmp_path / "Pictures" / "pairs.jsonl"
        assert from_table(engine, source).texts == ("red",)
        assert from_table(engine, source, "kind").texts == ("plain red ones",)
