"""One-off: a checkpoint becomes an ONNX model folder that the engine loads. Needs torch."""

import engine.privacy  # noqa: F401 - before onnxruntime
