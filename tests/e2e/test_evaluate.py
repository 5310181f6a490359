"""The command `evaluate` on real images."""

import json
from pathlib import Path

import pytest
from vs_command import run_engine

from engine import Encoder
from engine.evaluation import Setting, evaluate


def test_real_clothes(shared_data: Path) -> None:
    run = run_engine(
        "evaluate", shared_data / "clothing", "--among", "split=dev", "--label", "label", "--json",
        "--min", "mAP=0.6",
    )  # fmt: skip
    assert run.returncode == 0
    values = json.loads(run.stdout)
    assert (values["searched"], values["topics"]) == (600, 17)


@pytest.mark.slow
def test_captioned_photographs(shared_data: Path, encoder: Encoder) -> None:
    """What the README and the docs say of keywords and vectors together."""
    setting = Setting(among={"split": "dev"})
    found = evaluate(shared_data / "flickr8k", {"default": encoder}, setting)
    assert (len(found.collection), len(found.collection.topics) > 3900) == (1000, True)
    vectors, keywords, both, chance = (run.scores.means["hit@10"] for run in found.runs)
    assert vectors > 0.55
    assert both > max(vectors, keywords)
    assert found.differences["default + keywords"]["hit@10"].low > 0
    assert chance < 0.05
    assert len(found.by_slice(found.runs[0])["a colour"].groups) > 500
