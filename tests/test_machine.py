import os
import platform
from pathlib import Path

import pytest

from engine.machine import (
    cpu_quota,
    describe_machine,
    peak_megabytes,
    physical_cores,
    resident_bytes,
    usable_cores,
)


@pytest.fixture
def one_core():
    """This process may use one logical core."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    yield min(before)
    os.sched_setaffinity(0, before)


@pytest.fixture
def nowhere(tmp_path: Path) -> Path:
    return tmp_path / "nowhere"


def machine(system: Path, siblings: dict[int, str]) -> Path:
    """A system's folder that tells which logical cores share a physical one."""
    for number, said in siblings.items():
        folder = system / "devices" / "system" / "cpu" / f"cpu{number}" / "topology"
        folder.mkdir(parents=True)
        (folder / "thread_siblings_list").write_text(f"{said}\n")
    return system


def grouped(system: Path, files: dict[str, str]) -> Path:
    """A system's folder with these files of control groups."""
    for name, content in files.items():
        path = system / "fs" / "cgroup" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{content}\n")
    return system


def membership(folder: Path, *lines: str) -> Path:
    path = folder / "own cgroups"
    path.write_text("\n".join(lines) + "\n")
    return path


def test_usable_cores_are_those_of_this_process() -> None:
    before = os.sched_getaffinity(0)
    assert usable_cores() == len(before)
    try:
        os.sched_setaffinity(0, {min(before)})
        assert usable_cores() == 1
    finally:
        os.sched_setaffinity(0, before)


def test_two_threads_of_a_core_count_once(tmp_path: Path, nowhere: Path) -> None:
    usable = sorted(os.sched_getaffinity(0))
    pairs = {cpu: f"{place // 2},{place // 2 + 99}" for place, cpu in enumerate(usable)}
    system = machine(tmp_path, pairs)
    assert physical_cores(system, nowhere) == (len(usable) + 1) // 2


def test_cores_that_this_process_may_not_use_do_not_count(
    one_core: int, tmp_path: Path, nowhere: Path
) -> None:
    system = machine(tmp_path, {cpu: str(cpu) for cpu in range(one_core, one_core + 8)})
    assert physical_cores(system, nowhere) == 1


def test_without_a_topology_all_logical_cores_count(tmp_path: Path, nowhere: Path) -> None:
    assert physical_cores(tmp_path, nowhere) == usable_cores()


def test_here_there_are_no_more_cores_than_threads() -> None:
    assert 1 <= physical_cores() <= usable_cores()


@pytest.mark.parametrize(
    ("files", "own", "quota"),
    [
        ({"cpu.max": "150000 100000"}, ["0::/"], 1.5),
        ({"cpu.max": "max 100000"}, ["0::/"], None),
        ({"a/cpu.max": "50000 100000"}, ["0::/a/b"], 0.5),
        ({"a/b/cpu.max": "max 100000", "a/cpu.max": "300000 100000"}, ["0::/a/b"], 3),
        ({"a/b/cpu.max": "400000 100000", "a/cpu.max": "200000 100000"}, ["0::/a/b"], 2),
        (
            {"cpu/cpu.cfs_quota_us": "250000", "cpu/cpu.cfs_period_us": "100000"},
            ["5:memory:/x", "4:cpu:/docker/1234", "1:name=systemd:/"],
            2.5,
        ),
        (
            {"cpu,cpuacct/x/cpu.cfs_quota_us": "-1", "cpu,cpuacct/x/cpu.cfs_period_us": "100000"},
            ["4:cpu,cpuacct:/x"],
            None,
        ),
        ({"cpu.max": "nonsense"}, ["0::/", "", "x"], None),
        ({"cpu.max": "100000 0"}, ["0::/"], None),
        ({}, ["0::/"], None),
    ],
    ids=str,
)
def test_the_quota_of_a_container_is_the_smallest_on_the_way_up(
    files: dict[str, str], own: list[str], quota: float | None, tmp_path: Path
) -> None:
    assert cpu_quota(grouped(tmp_path, files), membership(tmp_path, *own)) == quota


@pytest.mark.parametrize(("limit", "cores"), [(10_000, 1), (100_000, 1), (110_000, 2)])
def test_a_quota_limits_the_cores_but_leaves_one(limit: int, cores: int, tmp_path: Path) -> None:
    system = grouped(tmp_path, {"cpu.max": f"{limit} 100000"})
    expected = min(cores, usable_cores())
    assert physical_cores(system, membership(tmp_path, "0::/")) == expected


def test_a_system_without_affinity_and_files_has_the_cores_python_counts(
    monkeypatch: pytest.MonkeyPatch, nowhere: Path
) -> None:
    """macOS and Windows."""
    monkeypatch.delattr(os, "sched_getaffinity")
    assert usable_cores() == physical_cores(nowhere, nowhere) == os.cpu_count()
    assert describe_machine()


def test_a_machine_is_described_by_its_cpu_not_by_its_name() -> None:
    said = describe_machine()
    assert f"{physical_cores()} cores" in said or "at a time" in said
    assert platform.node() not in said


def test_memory_of_now_is_at_most_that_of_the_peak() -> None:
    resident = resident_bytes()
    assert resident is None or 1e6 < resident <= peak_megabytes() * 1e6 * 1.01
