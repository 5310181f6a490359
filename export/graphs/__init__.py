"""PyTorch modules -> ONNX files that are proven to compute the same."""
