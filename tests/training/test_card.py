from training.card import write_card

FIGURES = {"hit@1": 0.2, "hit@5": 0.4, "hit@10": 0.6}
MANIFEST = {
    "dim": 512,
    "revision": "abc",
    "measured": {
        "machine": "a processor, 4 cores",
        "flickr8k_dev": FIGURES,
        "grocery_dev": {"precision@10": 0.8, "queries": 9},
        "quantization": {
            "image_cosine": {"mean": 0.99},
            "text_cosine": {"mean": 0.98},
            "flickr8k_dev_float32": {"hit@10": 0.61},
        },
        "latency_ms": {"text": 4.0, "image": 8.0},
    },
}


def test_the_card_shows_the_measured_figures():
    card = write_card(MANIFEST, {"vision.onnx": 9_400_000, "text.onnx": 27_000_000}, 4000)
    assert "| flickr8k | 0.200 | 0.400 | 0.600 |  |" in card
    assert "| grocery |  |  |  | 0.800 |" in card
    assert "from 0.610 to 0.600" in card
    assert "{" not in card
