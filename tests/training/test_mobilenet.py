# ruff: noqa: E402  (what is optional is asked for before it is imported)
import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="training needs requirements-training.txt")

from training.mobilenet import NETWORK, Classifier, Layer, dequantise, read_layers


def test_dequantise_with_one_scale():
    found = dequantise(np.array([-2, 0, 5], np.int8), np.array([0.5]), np.array([1]), 0)
    assert found.tolist() == [-1.5, -0.5, 2.0]


def test_dequantise_with_a_scale_for_each_channel():
    values = np.array([[1, 2], [3, 4]], np.int8)
    rows = dequantise(values, np.array([1.0, 10.0]), np.array([0, 0]), 0)
    assert rows.tolist() == [[1, 2], [30, 40]]
    columns = dequantise(values, np.array([1.0, 10.0]), np.array([0, 1]), 1)
    assert columns.tolist() == [[1, 10], [3, 30]]


def test_a_file_of_another_network_is_refused():
    layer = Layer(np.zeros((1, 1, 1, 1), np.float32), np.zeros(1, np.float32))
    with pytest.raises(ValueError, match="holds 3 convolutions; MobileNetV2 has 53"):
        Classifier([layer] * 3)


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
    classifier = Classifier(read_layers(path))
    with torch.inference_mode():
        ours = classifier(pixels)[2].softmax(1)[0].numpy()
    assert np.abs(ours - theirs).sum() < 0.6
    assert set(np.argsort(-ours)[:3]) & set(np.argsort(-theirs)[:3])
