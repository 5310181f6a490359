"""Which versions of the libraries made a model."""

from importlib.metadata import PackageNotFoundError, version

_PACKAGES = (
    "onnxruntime",
    "onnxruntime-gpu",
    "onnx",
    "torch",
    "transformers",
    "optimum-onnx",
    "open_clip_torch",
    "tokenizers",
    "pillow",
)


def versions() -> dict[str, str]:
    """Versions of those packages that decide vectors, as far as they are installed."""
    found = {}
    for package in _PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
