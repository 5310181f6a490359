# ruff: noqa: E402  (what is optional is asked for before it is imported)
import pytest

torch = pytest.importorskip("torch", reason="training needs requirements-training.txt")
pytest.importorskip("ai_edge_litert.interpreter", reason="reading .tflite needs ai-edge-litert")

from export.networks.sizes import Sizes, VisionSizes
from export.networks.towers import VisionTower
from training.mobilenet import CLASSES, NETWORK, Classifier, read_layers
from training.pooling import POOLED
from training.statistics import MAP, Statistics
from training.upper import picture_rows, upper_stages


@pytest.fixture(scope="module")
def classifier(shared):
    return Classifier(read_layers(shared / "pretrained" / NETWORK))


def test_what_goes_on_from_the_maps_is_the_whole_tower(classifier):
    torch.manual_seed(0)
    groups = ("level_std", "last_mean", "level_mean")
    tower = VisionTower(Sizes(vision=VisionSizes(groups=groups, hidden=8))).eval()
    tower.network.load_state_dict(classifier.network.state_dict())
    pixels = torch.rand(3, 3, 224, 224) * 2 - 1
    with torch.inference_mode():
        pooled, maps, logits = Statistics(classifier)(pixels)
        assert pooled.shape == (3, POOLED)
        assert maps.shape == (3, *MAP)
        assert logits.shape == (3, CLASSES)
        assert torch.allclose(picture_rows(tower, pooled, maps), tower(pixels), atol=1e-5)


def test_what_is_frozen_does_not_learn(classifier):
    tower = VisionTower(Sizes(vision=VisionSizes(hidden=8)))
    frozen = {id(p) for stage in tower.network.stages for p in stage.parameters()}
    learns = {id(p) for stage in upper_stages(tower) for p in stage.parameters()}
    assert learns < frozen
    assert len(upper_stages(tower)) == len(tower.network.stages) - 3
