"""How the default model was made: frozen towers, trained heads, written as a checkpoint.

One-off code. It needs PyTorch (`requirements-training.txt`); the engine never imports it.
"""

import engine.privacy  # noqa: F401 - before onnxruntime
