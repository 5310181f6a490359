"""What this process may use, and what to call the machine beside a measurement."""

import os
import platform
from pathlib import Path


def usable_cores() -> int:
    """Cores this process may use; a container's limit counts, the machine's size does not."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def describe_machine() -> str:
    """CPU model and usable cores; no host name."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text(encoding="utf-8").splitlines() if cpuinfo.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{models[0] if models else platform.machine()}, {usable_cores()} cores"
