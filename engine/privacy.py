"""Imported first: onnxruntime sends usage data to its maker unless told not to before it loads."""

import os

os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
