# ruff: noqa: E402  (what is optional is asked for before it is imported)
import pytest

torch = pytest.importorskip("torch", reason="the networks need requirements-export.txt")

from export.networks.mobilenet import Block, MobileNetV2, SameConv, same_padding
from export.networks.sizes import VisionSizes


@pytest.mark.parametrize(
    ("size", "kernel", "stride", "expected"),
    [
        (224, 3, 2, (0, 1)),
        (112, 3, 2, (0, 1)),
        (7, 3, 2, (1, 1)),
        (225, 3, 2, (1, 1)),
        (56, 3, 1, (1, 1)),
        (7, 3, 1, (1, 1)),
        (7, 1, 1, (0, 0)),
        (8, 2, 2, (0, 0)),
    ],
)
def test_same_padding_follows_tensorflow(size, kernel, stride, expected):
    assert same_padding(size, kernel, stride) == expected


def ones(layer: SameConv) -> SameConv:
    torch.nn.init.ones_(layer.conv.weight)
    torch.nn.init.zeros_(layer.conv.bias)
    return layer.requires_grad_(False)


def test_a_strided_convolution_reads_the_windows_tensorflow_reads():
    maps = torch.arange(16.0).reshape(1, 1, 4, 4) / 100
    even = ones(SameConv(1, 1, size=4, kernel=3, stride=2, linear=True))(maps)
    assert even.shape == (1, 1, 2, 2)
    # At an even size nothing is padded before: the first window starts at the first pixel.
    assert even[0, 0, 0, 0] == pytest.approx(maps[0, 0, :3, :3].sum().item())
    assert even[0, 0, 1, 1] == pytest.approx(maps[0, 0, 2:, 2:].sum().item())
    odd = ones(SameConv(1, 1, size=3, kernel=3, stride=2, linear=True))(maps[..., :3, :3])
    assert odd[0, 0, 0, 0] == pytest.approx(maps[0, 0, :2, :2].sum().item())


def test_relu6_cuts_both_ends():
    maps = torch.tensor([-1.0, 3.0, 9.0, 0.0]).reshape(1, 1, 2, 2)
    assert ones(SameConv(1, 1, size=2))(maps).flatten().tolist() == [0.0, 3.0, 6.0, 0.0]
    assert ones(SameConv(1, 1, size=2, linear=True))(maps).equal(maps)


@pytest.mark.parametrize(
    ("outputs", "stride", "alike"), [(4, 1, True), (6, 1, False), (4, 2, False)]
)
def test_a_block_is_added_to_its_input_where_shapes_allow(outputs, stride, alike):
    block = Block(4, outputs, expansion=2, size=8, stride=stride).requires_grad_(False)
    maps = torch.randn(2, 4, 8, 8)
    found, body = block(maps), block.body(maps)
    assert found.shape == (2, outputs, 8 // stride, 8 // stride)
    assert torch.equal(found, body + maps if alike else body)


def test_the_network_has_the_sizes_of_the_paper():
    network = MobileNetV2(VisionSizes()).requires_grad_(False)
    stages, last = network(torch.rand(1, 3, 224, 224))
    shapes = [(maps.shape[1], maps.shape[2]) for maps in stages]
    assert shapes == [(16, 112), (24, 56), (32, 28), (64, 14), (96, 14), (160, 7), (320, 7)]
    assert last.shape == (1, 1280, 7, 7)
    assert sum(isinstance(part, SameConv) for part in network.modules()) == 52
