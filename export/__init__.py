"""One-off: a checkpoint becomes an ONNX model folder that the engine loads. Needs torch."""
