# ruff: noqa: E402  (what is optional is asked for before it is imported)
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs requirements-training.txt")

from training.mobilenet import (
    NETWORK,
    Layer,
    MobileNetV2,
    SameConv,
    dequantise,
    read_layers,
    same_padding,
)


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


def test_a_strided_convolution_reads_the_windows_tensorflow_reads():
    layer = Layer(np.ones((1, 1, 3, 3), np.float32), np.zeros(1, np.float32))
    maps = torch.arange(16.0).reshape(1, 1, 4, 4) / 100
    even = SameConv(layer, stride=2, groups=1, linear=True, size=4)(maps)
    assert even.shape == (1, 1, 2, 2)
    # At an even size nothing is padded before: the first window starts at the first pixel.
    assert even[0, 0, 0, 0] == pytest.approx(maps[0, 0, :3, :3].sum().item())
    assert even[0, 0, 1, 1] == pytest.approx(maps[0, 0, 2:, 2:].sum().item())
    odd = SameConv(layer, stride=2, groups=1, linear=True, size=3)(maps[..., :3, :3])
    assert odd[0, 0, 0, 0] == pytest.approx(maps[0, 0, :2, :2].sum().item())


def test_relu6_cuts_both_ends():
    layer = Layer(np.ones((1, 1, 1, 1), np.float32), np.zeros(1, np.float32))
    maps = torch.tensor([-1.0, 3.0, 9.0, 0.0]).reshape(1, 1, 2, 2)
    cut = SameConv(layer, 1, 1, False, 2)(maps)
    assert cut.flatten().tolist() == [0.0, 3.0, 6.0, 0.0]


def test_dequantise_with_one_scale():
    found = dequantise(np.array([-2, 0, 5], np.int8), np.array([0.5]), np.array([1]), 0)
    assert found.tolist() == [-1.5, -0.5, 2.0]


def test_dequantise_with_a_scale_for_each_channel():
    values = np.array([[1, 2], [3, 4]], np.int8)
    rows = dequantise(values, np.array([1.0, 10.0]), np.array([0, 0]), 0)
    assert rows.tolist() == [[1, 2], [30, 40]]
    columns = dequantise(values, np.array([1.0, 10.0]), np.array([0, 1]), 1)
    assert columns.tolist() == [[1, 10], [3, 30]]


def test_the_pretrained_network_agrees_with_the_interpreter(shared):
    interpreters = pytest.importorskip(
        "ai_edge_litert.interpreter", reason="reading .tflite needs ai-edge-litert"
    )
    path = shared / "pretrained" / NETWORK
    source = np.random.default_rng(0)
    coarse = torch.from_numpy(source.uniform(0, 255, (1, 3, 8, 8)).astype(np.float32))
    smooth = torch.nn.functional.interpolate(coarse, (224, 224), mode="bicubic").clamp(0, 255)
    picture = smooth[0].permute(1, 2, 0).numpy().astype(np.uint8)
    interpreter = interpreters.Interpreter(str(path))
    interpreter.allocate_tensors()
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], picture[None])
    interpreter.invoke()
    theirs = interpreter.get_tensor(interpreter.get_output_details()[0]["index"])[0] / 256
    pixels = torch.from_numpy((picture / 127.5 - 1).astype(np.float32).transpose(2, 0, 1)[None])
    network = MobileNetV2(read_layers(path)).eval()
    with torch.inference_mode():
        ours = network.logits(network(pixels)[1]).softmax(1)[0].numpy()
    assert np.abs(ours - theirs).sum() < 0.6
    assert set(np.argsort(-ours)[:3]) & set(np.argsort(-theirs)[:3])
