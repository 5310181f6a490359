"""What this process may use, and what to call the machine beside a measurement."""

import math
import os
import platform
from collections.abc import Iterator
from pathlib import Path

_SYS = Path("/sys")
_OWN_CGROUPS = Path("/proc/self/cgroup")


def usable_cores() -> int:
    """Logical cores this process may use: those of a container's CPU set, not the machine's."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def physical_cores(system: Path = _SYS, own_cgroups: Path = _OWN_CGROUPS) -> int:
    """Cores that multiply matrices: two threads of one core share its arithmetic units.

    Only cores that this process may use count, and a CPU quota is an upper bound. Where the
    system does not tell the threads of a core apart (only Linux does), it is `usable_cores`.
    """
    cores = _distinct_cores(system) or usable_cores()
    quota = cpu_quota(system, own_cgroups)
    return cores if quota is None else max(1, min(cores, math.ceil(quota)))


def cpu_quota(system: Path = _SYS, own_cgroups: Path = _OWN_CGROUPS) -> float | None:
    """Seconds of CPU time a second that the container may use, as control groups say."""
    quotas = [
        quota
        for group in _control_groups(system / "fs" / "cgroup", own_cgroups)
        if (quota := _quota(group)) is not None
    ]
    return min(quotas, default=None)


def describe_machine() -> str:
    """CPU model, cores and limits; no host name."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text(encoding="utf-8").splitlines() if cpuinfo.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    logical = usable_cores()
    cores = _distinct_cores(_SYS) or logical
    said = f"{models[0] if models else platform.machine()}, {cores} cores"
    if logical > cores:
        said += f" with {logical} threads"
    quota = cpu_quota()
    return said if quota is None or quota >= logical else f"{said}, {quota:g} of them at a time"


def _distinct_cores(system: Path) -> int:
    """Groups of sibling threads among the usable logical cores; 0 where nothing is known."""
    if not hasattr(os, "sched_getaffinity"):
        return 0
    folder = system / "devices" / "system" / "cpu"
    files = [
        folder / f"cpu{number}" / "topology" / "thread_siblings_list"
        for number in os.sched_getaffinity(0)
    ]
    try:
        return len({file.read_text(encoding="ascii") for file in files})
    except (OSError, UnicodeDecodeError):
        return 0


def _control_groups(root: Path, own: Path) -> Iterator[Path]:
    """Folders of this process's CPU control group and of all above it, version 2 and 1.

    In a container the names may be those of the host, and only the topmost folder is there.
    """
    try:
        lines = own.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        return
    for line in lines:
        _, controllers, name = [*line.split(":", 2), "", ""][:3]
        if controllers and "cpu" not in controllers.split(","):
            continue
        top = root / controllers
        group = Path(name.lstrip("/"))
        yield from (top / folder for folder in (group, *group.parents))


def _quota(group: Path) -> float | None:
    """A control group's own limit in cores."""
    try:
        if (group / "cpu.max").exists():
            limit, period = (group / "cpu.max").read_text(encoding="ascii").split()
        else:
            limit = (group / "cpu.cfs_quota_us").read_text(encoding="ascii")
            period = (group / "cpu.cfs_period_us").read_text(encoding="ascii")
        quota = int(limit) / int(period)  # "max" and -1 are no limit
    except (OSError, ValueError, ZeroDivisionError):
        return None
    return quota if quota > 0 else None


def available_bytes() -> int | None:
    """Memory that programs could still take; None where the system does not tell."""
    return told_bytes("meminfo", "MemAvailable")


def told_bytes(file: str, name: str) -> int | None:
    """A size that the system tells in a file of /proc; None where it does not."""
    path = Path("/proc") / file
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    size = next((line.split()[1] for line in lines if line.startswith(f"{name}:")), None)
    return None if size is None else int(size) * 1024


def resident_bytes() -> int | None:
    """Memory that this process holds right now; None where the system does not tell."""
    return told_bytes("self/status", "VmRSS")


def peak_megabytes() -> float:
    """Most memory that this process ever held, in MB; NaN where the system does not tell."""
    # getrusage also counts what the parent held before it started this one.
    peak = told_bytes("self/status", "VmHWM")
    if peak is not None:
        return peak / 1e6
    try:
        import resource
    except ModuleNotFoundError:  # Windows
        return math.nan
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6  # macOS counts bytes
